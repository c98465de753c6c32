// SPDX-License-Identifier: AGPL-3.0-or-later

/** Ends a run of Vitest with the line that the stages of `make test` read. */
export default class CountsReporter {
  onTestRunEnd(modules) {
    const states = modules.flatMap((module) =>
      [...module.children.allTests()].map((test) => test.result().state),
    );
    const failed =
      states.filter((state) => state === "failed").length +
      modules.filter((module) => module.errors().length > 0).length;
    console.log(`${states.filter((state) => state === "passed").length} passed, ${failed} failed`);
  }
}
