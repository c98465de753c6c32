#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which rules of the officers' application are tested, by the titles of the tests.

    make rules                 a line for each rule: tests, layers, result; fails for a rule that only comments name
    tests/rules/report.py --all        fails for every rule without a test

A title carries a rule as `c10_...` in the name of a C++ case, `test_c10_...` in Python (several: `test_c10_c13_...`), and
"C-10" in what Vitest or Playwright is told. Layers: `rule` (unit tests of the functions that decide), `api` (a request to
the routes, or to a running daemon), `replay` (a request that is repeated: the title says so), `page` (a browser, or a part).
"""
import argparse
import pathlib
import re
import sys
from typing import Iterator, NamedTuple

ROOT = pathlib.Path(__file__).resolve().parents[2]
IN_WORDS = re.compile(r"\b([CS])-(\d{1,3})\b")
CPP_CASE = re.compile(r"^void (\w+)\(\) \{", re.MULTILINE)
PYTHON_CASE = re.compile(r"^ +def (test_\w+)\(", re.MULTILINE)
SCRIPT_CASE = re.compile(r"\b(?:it|test|describe|scenario)(?:\.\w+)*\(\s*([\"'`])((?:(?!\1).)+)\1")
REPLAYED = re.compile(r"repeat|replay|again|same_key|twice", re.IGNORECASE)


class Test(NamedTuple):
    rule: str
    where: str
    title: str
    layers: frozenset


def rules(text: str) -> dict[str, str]:
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return {line.split(" ", 1)[0]: line.split(" ", 1)[1] for line in lines}


def named_in(title: str) -> list[str]:
    """The rules of a function's name: only those at its beginning, so that `..._c3_cells` in the middle is no rule."""
    found, rest = [], title.removeprefix("test_")
    while match := re.match(r"([cs])(\d{1,3})_", rest):
        found.append(f"{match[1].upper()}-{match[2]}")
        rest = rest[match.end():]
    return found


def layers_of(where: str, title: str) -> frozenset:
    if where.endswith((".ts", ".tsx", ".mjs")):
        found = {"page"}
    elif where.endswith(".py") or "/api_" in where or re.search(r"(gate|sessions|reference|view)_test", where):
        found = {"api"}
    else:
        found = {"rule"}
    return frozenset(found | ({"replay"} if REPLAYED.search(title) else set()))


def tests_in(where: str, text: str) -> Iterator[Test]:
    if where.endswith(".cc"):
        titles = [(title, named_in(title)) for title in CPP_CASE.findall(text)]
    elif where.endswith(".py"):
        titles = [(title, named_in(title)) for title in PYTHON_CASE.findall(text)]
    else:
        titles = [(title, [f"{a}-{b}" for a, b in IN_WORDS.findall(title)]) for _, title in SCRIPT_CASE.findall(text)]
    for title, found in titles:
        for rule in found:
            yield Test(rule, where, title, layers_of(where, title))


def sources() -> Iterator[tuple[str, str]]:
    """Everything in which a rule may be named: cbed, its pages, what they share, and the tests."""
    for folder in ("cbe", "common/auth", "common/web", "tests/unit", "tests/scenario", "tests/browser"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in {".cc", ".h", ".py", ".ts", ".tsx", ".mjs"} and "node_modules" not in path.parts:
                yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8", errors="replace")


def is_test(where: str) -> bool:
    return bool(re.search(r"(_test\.cc|/test_\w+\.py|\.(test|spec)\.(ts|tsx|mjs)|/e2e/\w+\.mjs)$", where))


def report(wanted: dict[str, str], files: list[tuple[str, str]]) -> tuple[list[str], list[str], list[str]]:
    """Lines to print, rules that only comments name, rules that nothing names."""
    tests = [test for where, text in files if is_test(where) for test in tests_in(where, text)]
    mentioned = {f"{a}-{b}" for _, text in files for a, b in IN_WORDS.findall(text)}
    lines, commented, missing = [], [], []
    for rule, about in wanted.items():
        own = [test for test in tests if test.rule == rule]
        layers = sorted({layer for test in own for layer in test.layers})
        result = "ok" if own else "ONLY IN COMMENTS" if rule in mentioned else "no test"
        lines.append(f"{rule:6} {result:16} {','.join(layers):20} {about}")
        lines += [f"         {test.where}: {test.title}" for test in own]
        if not own:
            (commented if rule in mentioned else missing).append(rule)
    return lines, commented, missing


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", action="store_true", help="fail for every rule without a test")
    arguments = parser.parse_args()
    wanted = rules((ROOT / "tests/rules/rules.conf").read_text(encoding="utf-8"))
    lines, commented, missing = report(wanted, list(sources()))
    print("\n".join(lines))
    print(f"{len(wanted)} rules: {len(wanted) - len(commented) - len(missing)} with tests, {len(commented)} only in comments"
          f" ({' '.join(commented)}), {len(missing)} without a test ({' '.join(missing)})")
    return 1 if commented or (arguments.all and missing) else 0


if __name__ == "__main__":
    sys.exit(main())
