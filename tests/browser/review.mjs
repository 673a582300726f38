// Opens what `gouji review` wrote in a real browser: sorts, filters, clicks through, hovers; no page may load anything,
// run foreign script or report an error. Run by hand:
//
//   npm install playwright-core && node tests/browser/review.mjs OUT [SHOTS]
//
// OUT is the output folder of a review; SHOTS a folder for screenshots. CHROMIUM names the browser (default /usr/bin/chromium).
import { createRequire } from "node:module";
import { readdirSync, mkdirSync } from "node:fs";
import { resolve, join } from "node:path";
import { pathToFileURL } from "node:url";

const { chromium } = createRequire(join(process.cwd(), "package.json"))("playwright-core");
const [out, shots] = process.argv.slice(2);
if (!out) throw new Error("usage: node review.mjs OUT [SHOTS]");
if (shots) mkdirSync(shots, { recursive: true });

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
const faults = [];
const ok = (what, holds) => { console.log(`${holds ? "ok  " : "FAIL"} ${what}`); if (!holds) faults.push(what); };
const context = await browser.newContext({ viewport: { width: 1360, height: 900 } });
const page = await context.newPage();
page.on("console", (message) => message.type() === "error" && faults.push("console: " + message.text()));
page.on("pageerror", (error) => faults.push("script: " + error));
page.on("dialog", (dialog) => { faults.push("dialog: " + dialog.message()); dialog.dismiss(); });
page.on("request", (request) => {
  if (!request.url().startsWith("file:")) faults.push("loads " + request.url());
});
const shot = async (name, options = {}) => shots && page.screenshot({ path: join(shots, name + ".png"), ...options });
const url = pathToFileURL(resolve(out, "index.html")).href;

let began = Date.now();
await page.goto(url);
const lines = () => page.locator("#reports tbody tr").count();
ok(`index shows rows (${await lines()}, ${Date.now() - began} ms)`, (await lines()) > 0);
await shot("index-wide");
const numbers = () => page.locator("#reports tbody td:nth-child(5)").allTextContents();
await page.click('th[data-key="errors"] button');
const down = (await numbers()).map(Number);
ok("sorted by errors, most first", down.every((n, i) => i === 0 || down[i - 1] >= n));
await page.click('th[data-key="errors"] button');
const up = (await numbers()).map(Number);
ok("sorted the other way", up.every((n, i) => i === 0 || up[i - 1] <= n));
ok("the sorted column says so", (await page.getAttribute('th[data-key="errors"]', "aria-sort")) === "ascending");
const all = await page.textContent("#count");
await page.selectOption("#state", "error");
const states = await page.locator("#reports tbody .badge").allTextContents();
ok(`filtered by result: ${await page.textContent("#count")}`, new Set(states).size <= 1);
await page.fill("#words", "不会有的词");
ok("a word that is nowhere leaves no row", (await lines()) === 0);
await page.click("#clear");
ok("cleared", (await page.textContent("#count")) === all);
began = Date.now();
await page.fill("#words", "txt");
ok(`filtered by word in ${Date.now() - began} ms: ${await page.textContent("#count")}`, (await lines()) > 0);
await page.click("#clear");
if (!(await page.isDisabled("#forth"))) {
  await page.click("#forth");
  ok(`turned the page: ${await page.textContent("#page")}`, (await page.textContent("#page")).startsWith("2 "));
}

// The report with most errors.
await page.click('th[data-key="errors"] button');
if ((await page.getAttribute('th[data-key="errors"]', "aria-sort")) !== "descending") await page.click('th[data-key="errors"] button');
await page.focus("#reports tbody a");
await page.keyboard.press("Enter");
await page.waitForSelector("#text");
await shot("report-wide");
await shot("report-wide-full", { fullPage: true });
const findings = await page.locator(".finding").count();
ok(`a report opens by keyboard, ${findings} findings`, findings > 0);
await page.locator(".finding .to").first().click();
ok("a finding leads to the text", /#m0$/.test(page.url()) && (await page.locator("#m0").isVisible()));
await page.locator("#m0").click();
ok("and back", /#f0$/.test(page.url()));
const ends = page.locator(".finding:has(.ends)").last();
if (await ends.count()) {
  const number = await ends.getAttribute("data-f");
  await ends.hover();
  const lit = await page.locator(`mark.on[data-f~="${number}"]`).count();
  ok(`both ends light up together (${lit})`, lit > 1);
  await page.goto(page.url().replace(/#.*/, "") + `#m${number}`);
  await shot("ends");
}
await page.keyboard.press("j");
ok("j goes to the next finding", /#m\d+$/.test(page.url()));
const broken = await page.locator("#drawing .tie.fails").count();
ok(`broken ties are drawn (${broken})`, broken > 0 || (await page.locator("#drawing .none").count()) > 0);
if (broken) {
  const color = await page.locator("#drawing .tie.fails path").first().evaluate((path) => getComputedStyle(path).stroke);
  ok("in red: " + color, /rgb\((1[5-9]\d|2\d\d), [0-9]{1,2}, [0-9]{1,2}\)/.test(color));
  await page.locator("#drawing").scrollIntoViewIfNeeded();
  await page.locator("#drawing").screenshot(shots ? { path: join(shots, "drawing.png") } : {});
}
const anchors = await page.$$eval('a[href^="#"]', (links) =>
  links.filter((link) => !document.getElementById(decodeURIComponent(link.getAttribute("href").slice(1))))
    .map((link) => link.getAttribute("href")));
ok("every link in the page leads somewhere " + [...new Set(anchors)].slice(0, 5), anchors.length === 0);
await page.goBack({ waitUntil: "load" }).catch(() => {});

await page.setViewportSize({ width: 420, height: 850 });
await page.goto(url);
await shot("index-narrow");
const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
ok("no sideways scrolling of the narrow overview", (await overflow()) <= 1);
await page.click("#reports tbody a");
await page.waitForSelector("#text");
await shot("report-narrow");
ok("no sideways scrolling of a narrow report", (await overflow()) <= 1);

await page.setViewportSize({ width: 1360, height: 900 });
await page.emulateMedia({ colorScheme: "dark" });
await shot("report-dark");
await page.goto(url);
await shot("index-dark");
await page.emulateMedia({ colorScheme: "light", media: "print" });
await page.goBack();
await shot("report-print");
await page.emulateMedia({ media: "screen" });

// Every page opens without an error and without loading anything.
for (const name of readdirSync(join(out, "reports")).slice(0, 100)) await page.goto(pathToFileURL(resolve(out, "reports", name)).href);
ok("pages open quietly", faults.length === 0);
await browser.close();
if (faults.length) { console.log(faults.slice(0, 20).join("\n")); process.exit(1); }
