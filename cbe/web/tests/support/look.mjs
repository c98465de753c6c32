// SPDX-License-Identifier: AGPL-3.0-or-later
//
// look.mjs URL FOLDER [width,width] [light,dark] [language]: a picture of every screen of the fake daemon.
// Prints what the page policy refused and what the console said.
import path from "node:path";
import { launch } from "./browser.mjs";

const [url, folder, widths = "1440,390", themes = "light,dark", language = "en", only = ""] =
  process.argv.slice(2);
const browser = await launch();
const id = (n) => `00000000-0000-7000-8000-00000000000${n}`;

async function pictures(width, theme) {
  const page = await browser.newPage({
    viewport: { width, height: width > 600 ? 900 : 844 },
    colorScheme: theme,
    locale: language,
  });
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) console.log(`${width} ${theme}: ${message.text()}`);
  });
  page.on("pageerror", (error) => console.log(`${width} ${theme}: ${error}`));
  const shot = async (name) => {
    if (only && !only.split(",").includes(name)) return;
    await page.evaluate(() => document.fonts.ready);
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (over > 0) console.log(`${name} ${width}: ${over} px too wide`);
    await page.screenshot({ path: path.join(folder, `${name}-${width}-${theme}.png`), fullPage: true });
  };
  const go = async (where, ready) => {
    await page.goto(url + where);
    await page.locator(ready).first().waitFor();
    await page.waitForTimeout(400);
  };
  await page.request.delete(`${url}/api/v1/session`);
  await go("/", "input[name=username]");
  await shot("sign-in");
  await page.locator("input[name=username]").fill("bruno");
  await page.locator("input[name=password]").fill("correct horse");
  await page.keyboard.press("Enter");
  await page.locator("input[name=totp]").waitFor();
  await shot("sign-in-code");
  await page.locator("input[name=totp]").fill("123 456");
  await page.keyboard.press("Enter");
  await page.locator(".strip").waitFor();
  await shot("now");
  await go("/alerts/new", ".compose");
  await shot("new");
  await go(`/alerts/${id(3)}/edit`, ".compose");
  await page.locator("textarea").first().fill("Smoke – “stay indoors”… and close windows.");
  await page.getByText(/cells that you choose|células que escolher/).click();
  await page.waitForTimeout(1500);
  await shot("edit");
  await go(`/alerts/${id(3)}`, ".answers");
  await shot("review");
  await go(`/alerts/${id(2)}`, ".answers");
  await shot("approve");
  await go(`/alerts/${id(1)}`, ".answers");
  await shot("live");
  await page.locator(".answer .button-danger").click();
  await page.locator(".dialog").waitFor();
  await shot("stop");
  await go(`/alerts/${id(5)}`, ".answers");
  await shot("not-yet");
  await go(`/alerts/${id(6)}`, ".answers");
  await shot("stopped");
  await go("/history", ".table");
  await shot("history");
  await page.close();
}
for (const width of widths.split(",").map(Number))
  for (const theme of themes.split(",")) await pictures(width, theme);
await browser.close();
