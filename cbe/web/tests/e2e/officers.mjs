// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What officers do, in a browser. Started by run.py, which gives the addresses and the officers on standard input.
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { launch } from "../support/browser.mjs";
import { check, runAll, scenario, until } from "../support/cases.mjs";
import { Officer } from "../support/officer.mjs";

const setting = JSON.parse(fs.readFileSync(0, "utf8"));
const browser = await launch();
const [ana, bruno, carla] = ["ana", "bruno", "carla"].map(
  (name) =>
    new Officer(
      setting.url,
      setting.officers.find((officer) => officer.username === name),
    ),
);
const officers = [ana, bruno, carla];
for (const officer of officers) await officer.open(browser);
/** The alert that most cases are about. */
let alertId = "";

/** Asks or tells run.py; the answer is in how many cells the simulated BSC holds a warning. */
function control(line) {
  return new Promise((resolve, reject) => {
    const socket = net.connect(setting.control, "127.0.0.1", () => socket.write(`${line}\n`));
    socket.once("data", (data) => {
      resolve(Number(data));
      socket.destroy();
    });
    socket.once("error", reject);
  });
}
const onAirInCells = () => control("air");

async function write(officer, channel, words) {
  const { page } = officer;
  await page.getByRole("link", { name: "New alert" }).first().click();
  await page.getByText(channel, { exact: true }).first().click();
  await page.getByLabel("Text of the alert").fill(words);
  await page.waitForURL(/\/alerts\/[0-9a-f-]{36}\/edit$/);
  await officer.see("Draft saved");
  return page.url().split("/").at(-2);
}

async function submit(officer) {
  await officer.page.getByRole("link", { name: "Read it once more" }).click();
  await officer.see("Ask for approval");
  await officer.code();
  await officer.press("Submit for approval");
  await officer.see("Waiting for approval");
}

async function fillApproval(officer) {
  await officer.page.getByLabel("Type LIVE to confirm").fill("live");
  await officer.code();
  await officer.press("Send LIVE alert");
  await officer.page.getByRole("alertdialog").waitFor();
}

scenario("a wrong code is refused in the server's words, and says nothing about the password", async () => {
  await ana.go("/");
  await ana.checkScreen("sign-in");
  await ana.page.getByLabel("User name").fill("ana");
  await ana.page.getByLabel("Password").fill("not the password");
  await ana.press("Continue");
  await ana.page.getByLabel("Code from your authenticator").waitFor();
  await ana.checkScreen("sign-in code");
  await ana.page.getByLabel("Code from your authenticator").fill("12 34 56");
  check(
    (await ana.page.getByLabel("Code from your authenticator").inputValue()) === "123456",
    "spaces of a pasted code stay",
  );
  await ana.press("Sign in");
  await ana.see("You are not signed in");
  check((await ana.page.getByRole("alert").innerText()).length > 40, "no sentence of the server");
});

scenario("C-5: three officers sign in, with the keyboard alone", async () => {
  for (const officer of officers) await officer.signIn();
  await ana.see("Nothing on air.");
  await ana.see("LIVE SYSTEM");
  check((await ana.page.title()).includes("LIVE SYSTEM"), "the title doesn't name the mode");
  await ana.checkScreen("now, empty");
});

scenario("who may not write is told so and has no button for it", async () => {
  check(
    (await bruno.page.getByRole("link", { name: "New alert" }).count()) === 0,
    "an approver is offered New alert",
  );
  await bruno.go("/alerts/new");
  await bruno.see("You may not write alerts in this authority");
});

scenario("C-52: an author writes; the counter is the server's, and the draft saves itself", async () => {
  alertId = await write(ana, "Level 3, severe", "Flood in Porto da Vila [north] until 22:00. Go uphill now.");
  await ana.see("60 of 1,395 · GSM-7 · 1 page");
  await ana.page.getByLabel("Text of the alert").fill("Flood – go uphill");
  await ana.see("Some characters need the larger coding");
  await ana.press("Replace with simple characters");
  check(
    (await ana.page.getByLabel("Text of the alert").inputValue()) === "Flood - go uphill",
    "not replaced as shown",
  );
  await ana.checkScreen("writing");
});

scenario("C-54: emoji are refused with a sentence, and cannot be submitted", async () => {
  await ana.page.getByLabel("Text of the alert").fill("Flood 😀");
  await ana.see("This text cannot be sent");
  await ana.see("Mend what is marked above");
  check(
    (await ana.page.getByRole("link", { name: "Read it once more" }).count()) === 0,
    "the way on is open",
  );
});

scenario("C-51, C-52: too long a text may be typed; it cannot be submitted", async () => {
  await ana.page.getByLabel("Text of the alert").fill("a".repeat(1400));
  await ana.see("over by 5");
  await ana.see("Mend what is marked above");
});

scenario("chosen cells are found by name, and an empty choice is a problem", async () => {
  await ana.page.getByLabel("Text of the alert").fill("Flood in Porto da Vila until 22:00. Go uphill now.");
  await ana.page.getByText("Chosen cells", { exact: true }).click();
  await ana.see("No cell chosen");
  await ana.page.getByLabel("Search by name or number").fill("vila");
  await ana.page.getByText("Porto da Vila", { exact: true }).click();
  await ana.page.getByLabel("Search by name or number").fill("6971");
  await ana.page.getByText("Praia Grande", { exact: true }).click();
  await ana.see("2 cells chosen");
  await ana.see("Draft saved");
  await ana.checkScreen("writing, cells");
  await ana.page.reload();
  await ana.see("2 cells chosen");
});

scenario("C-13: submitting asks for a fresh code; a used one is refused", async () => {
  await ana.page.getByRole("link", { name: "Read it once more" }).click();
  await ana.see("Ask for approval");
  await ana.checkScreen("review");
  await ana.page.getByLabel("Code from your authenticator").fill(ana.authenticator.used());
  await ana.press("Submit for approval");
  await ana.see("Not submitted");
  await ana.code();
  await ana.press("Submit for approval");
  await ana.see("It waits for a second officer.");
});

scenario("C-10: nobody approves what he wrote: not on the page, not past it", async () => {
  const id = await write(carla, "Exercise", "Exercise of Carla. Nothing to do.");
  await submit(carla);
  await carla.see("Your decision");
  check(
    (await carla.page.getByRole("button", { name: /Send LIVE/ }).count()) === 0,
    "the author can approve on the page",
  );
  const alert = await (await carla.context.request.get(`${setting.url}/api/v1/alerts/${id}`)).json();
  const refused = await carla.call("POST", `/alerts/${id}/approve`, {
    totp: await carla.authenticator.fresh(),
    digest: alert.digest,
  });
  check(
    refused.status() === 403 && (await refused.json()).code === "contributor",
    `answered ${refused.status()}`,
  );
  check(
    await carla.page
      .getByText((await refused.json()).detail.split(".")[0])
      .first()
      .isVisible(),
    "the page gives another reason",
  );
  await carla.checkScreen("waiting, author");
  await carla.press("Withdraw");
  await carla.see("Withdrawn. It is a draft again.");
});

scenario("the second officer finds it waiting and reads exactly what was written", async () => {
  await bruno.go("/");
  await bruno.page.getByRole("link", { name: "Read and decide" }).click();
  await bruno.see("Checked: the decision is bound to exactly what is shown here.");
  check(
    (await bruno.page.locator("blockquote").innerText()) ===
      "Flood in Porto da Vila until 22:00. Go uphill now.",
    "other words",
  );
  await bruno.see("2 cells: Porto da Vila, Praia Grande");
  await bruno.checkScreen("approve");
});

scenario(
  "C-12: words that change under the reader take the decision away until they were read again",
  async () => {
    const waiting = `/alerts/${alertId}`;
    const change = async (method, where, body) => {
      const answer = await ana.call(method, where, body);
      check(answer.ok(), `${where} answered ${answer.status()}: ${await answer.text()}`);
      return answer.json();
    };
    const draft = await change("POST", `${waiting}/withdraw`, {});
    const saved = await change("PATCH", waiting, {
      version: draft.version,
      note: "Now checked with the harbour.",
      duration_s: 7200,
    });
    await change("POST", `${waiting}/submit`, {
      version: saved.version,
      totp: await ana.authenticator.fresh(),
    });
    await bruno.see("The alert changed while you were reading.");
    check(
      (await bruno.page.getByRole("button", { name: "Send LIVE alert" }).count()) === 0,
      "the old words can be sent",
    );
    await bruno.press("I have read it again");
  },
);

scenario("C-16: Cancel in the countdown sends nothing", async () => {
  await fillApproval(bruno);
  await bruno.checkAccess("countdown");
  await bruno.press("Cancel");
  const alert = await (await bruno.context.request.get(`${setting.url}/api/v1/alerts/${alertId}`)).json();
  check(alert.status === "pending_approval", `it is ${alert.status}`);
  check((await onAirInCells()) === 0, "something is on air");
});

scenario(
  "C-1, C-15: after the countdown it is approved, and the page says on air only when the network has",
  async () => {
    await fillApproval(bruno);
    await bruno.page
      .getByText(/Not on air yet|Yes, on air/)
      .first()
      .waitFor();
    await bruno.see("Yes, on air");
    await bruno.see("On air in 2 of 2 cells");
    check((await onAirInCells()) === 2, "the page says what the air doesn't");
    await bruno.page.locator("tr", { hasText: "Porto da Vila" }).getByText("On air").waitFor();
    check((await bruno.page.locator(".badge-live").count()) > 0, "no LIVE badge");
    await bruno.checkScreen("live");
  },
);

scenario("everybody sees it at once, on every page", async () => {
  await ana.go("/history");
  await ana.see("An alert is on its way or on air.");
  await ana.checkScreen("history");
  await ana.go("/");
  await ana.see("On air in 2 of 2 cells");
  await ana.checkScreen("now, live");
});

scenario("C-70: a lost connection is said within ten seconds, and decisions are off", async () => {
  await carla.go(`/alerts/${alertId}`);
  await carla.see("Yes, on air");
  await carla.press("Stop");
  await control("freeze");
  await until("Connection lost", () => carla.page.getByText("Connection lost").first().isVisible(), 14_000);
  await carla.page.getByLabel("Code from your authenticator").fill("123456");
  check(await carla.page.getByRole("button", { name: "Stop the alert" }).isDisabled(), "Stop is on");
  await control("thaw");
  await until(
    "the connection is back",
    async () => !(await carla.page.getByText("Connection lost").first().isVisible()),
    20_000,
  );
  await carla.press("Close");
});

scenario("C-20: stopping takes three: Stop, the code, Enter; and the air falls silent", async () => {
  await bruno.press("Stop");
  await bruno.checkScreen("stop");
  await bruno.page.keyboard.type(await bruno.authenticator.fresh());
  await bruno.page.keyboard.press("Enter");
  await bruno.see("No longer");
  await bruno.see("Off the air in 2 of 2 cells");
  check((await onAirInCells()) === 0, "still on air");
  await bruno.checkScreen("stopped");
});

scenario("S-13: the record names who did what, and the other pages say that nothing is on air", async () => {
  for (const words of ["Stop ordered", "On air: first confirmation", "Approved", "Submitted for approval"])
    await bruno.see(words);
  await ana.see("Nothing on air.");
});

scenario("the application speaks Portuguese, right down to the decision", async () => {
  await ana.page.getByLabel("Language").selectOption("pt");
  await ana.see("Nada no ar.");
  check(
    (await ana.page.evaluate(() => document.documentElement.lang)) === "pt",
    "the page's language is not set",
  );
  await ana.page.getByLabel("Idioma").selectOption("en");
});

scenario("S-14: an ended session keeps the page and asks to sign in again", async () => {
  await carla.go("/history");
  await carla.call("DELETE", "/session", {});
  await carla.see("Sign in again to go on");
  await carla.checkAccess("sign in again");
  await carla.page.getByLabel("Password").fill(carla.password);
  await carla.press("Continue");
  await carla.code();
  await carla.press("Sign in");
  await until(
    "the page is back",
    async () => !(await carla.page.getByText("Sign in again to go on").isVisible()),
  );
  check(carla.page.url().endsWith("/history"), "the page was left");
});

scenario("S-16: every request went to one origin, and the page policy had nothing to refuse", async () => {
  for (const officer of officers) {
    const elsewhere = [...officer.addresses].filter((address) => new URL(address).origin !== setting.url);
    check(elsewhere.length === 0, `${officer.username}: ${elsewhere.join(", ")}`);
    check(officer.complaints.length === 0, `${officer.username}: ${officer.complaints.join("; ")}`);
    check(officer.addresses.size > 10, "the log of requests is empty");
  }
});

const pictures = process.env.PICTURES ?? path.join(os.tmpdir(), "farol-browser");
const code = await runAll(async (what) => {
  fs.mkdirSync(pictures, { recursive: true });
  for (const officer of officers) {
    const file = path.join(
      pictures,
      `${what.replace(/[^a-z]+/gi, "-").slice(0, 50)}-${officer.username}.png`,
    );
    await officer.page.screenshot({ path: file });
    console.log(`        ${file}`);
  }
});
await browser.close();
process.exit(code);
