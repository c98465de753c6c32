// SPDX-License-Identifier: AGPL-3.0-or-later
//
// One officer at one browser: a context of its own, an authenticator, and a log of every address that it asked for.
import fs from "node:fs";
import { createRequire } from "node:module";
import { check } from "./cases.mjs";
import { Authenticator } from "./totp.mjs";

const AXE = fs.readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** Refused sign-ins and decisions are answers, not faults: Chromium logs every 4xx. */
const EXPECTED = /Failed to load resource/;

export class Officer {
  constructor(url, { username, password, totp_secret: secret, name }) {
    Object.assign(this, { url, username, password, name, authenticator: new Authenticator(secret) });
    this.addresses = new Set();
    this.complaints = [];
  }

  async open(browser, options = {}) {
    this.context = await browser.newContext({
      ignoreHTTPSErrors: true,
      viewport: { width: 1440, height: 900 },
      locale: "en-GB",
      ...options,
    });
    this.context.on("request", (request) => this.addresses.add(request.url()));
    this.page = await this.context.newPage();
    this.page.setDefaultTimeout(45_000);
    this.page.on("pageerror", (error) => this.complaints.push(String(error)));
    this.page.on("console", (message) => {
      if (message.type() === "error" && !EXPECTED.test(message.text())) this.complaints.push(message.text());
    });
    return this;
  }

  async go(where) {
    await this.page.goto(this.url + where);
  }

  async signIn() {
    await this.go("/");
    await this.page.getByLabel("User name").fill(this.username);
    await this.page.getByLabel("Password").fill(this.password);
    await this.page.keyboard.press("Enter");
    await this.page.getByLabel("Code from your authenticator").fill(await this.authenticator.fresh());
    await this.page.keyboard.press("Enter");
    await this.page.getByRole("heading", { name: "Network" }).waitFor();
  }

  async code() {
    await this.page.getByLabel("Code from your authenticator").fill(await this.authenticator.fresh());
  }

  see(words) {
    return this.page.getByText(words).first().waitFor();
  }

  press(name) {
    return this.page.getByRole("button", { name, exact: true }).click();
  }

  /** An API call with this browser's session, as a page could make it. */
  async call(method, where, body) {
    const session = await (await this.context.request.get(`${this.url}/api/v1/session`)).json();
    return this.context.request.fetch(`${this.url}/api/v1${where}`, {
      method,
      headers: {
        "X-CSRF-Token": session.csrf_token,
        "Idempotency-Key": crypto.randomUUID(),
        "Content-Type": "application/json",
      },
      data: JSON.stringify(body),
    });
  }

  /** No violation by axe-core. */
  async checkAccess(what) {
    await this.page.evaluate(AXE);
    const found = await this.page.evaluate(async () => {
      const { violations } = await globalThis.axe.run(document);
      return violations.map(
        (one) =>
          `${one.id}: ${one.nodes
            .map((node) => node.target.join(" "))
            .slice(0, 4)
            .join(", ")}`,
      );
    });
    check(found.length === 0, `${what}: ${found.join("; ")}`);
  }

  /** The same in light and dark, and no sideways scrolling at three widths. */
  async checkScreen(what) {
    const size = this.page.viewportSize();
    for (const colorScheme of ["light", "dark"]) {
      await this.page.emulateMedia({ colorScheme });
      await this.page.waitForTimeout(250);
      await this.checkAccess(`${what}, ${colorScheme}`);
    }
    for (const width of [1440, 390, 320]) {
      await this.page.setViewportSize({ width, height: 844 });
      const over = await this.page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      check(over <= 0, `${what}: ${over} px too wide at ${width}`);
    }
    await this.page.setViewportSize(size);
    await this.page.emulateMedia({ colorScheme: "light" });
  }
}
