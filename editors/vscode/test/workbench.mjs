// Runs the packaged extension in the real workbench of Visual Studio Code, as code-server serves it, and drives it in a
// browser. Run by hand, in a folder with what it needs:
//
//   npm install code-server playwright-core     (docs/editors.md says how where GitHub cannot be reached)
//   GOUJI=target/release/gouji node editors/vscode/test/workbench.mjs [SHOTS]
//
// CODE_SERVER names code-server or its out/node/entry.js, CHROMIUM the browser (default /usr/bin/chromium), VSIX the package
// (default the one that `npm run package` made); SHOTS is a folder for screenshots. What is not there is told, and
// nothing is done.
import { execFileSync, spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../../..");
const installed = createRequire(join(process.cwd(), "package.json"));
const find = (name) => { try { return installed.resolve(name); } catch { return undefined; } };
const needed = {
  "playwright-core": find("playwright-core"),
  "code-server": process.env.CODE_SERVER ?? find("code-server/out/node/entry.js"),
  "a browser": process.env.CHROMIUM ?? "/usr/bin/chromium",
  "the built program": resolve(process.env.GOUJI ?? join(root, "target/debug/gouji")),
  "the packaged extension": resolve(process.env.VSIX ?? join(root, "editors/vscode/gouji-0.1.0.vsix")),
};
for (const [what, path] of Object.entries(needed)) {
  if (!path || !existsSync(path)) {
    console.log(`skipped: ${what} is not there${path ? ` (${path})` : ""}`);
    process.exit(0);
  }
}
const { chromium } = installed("playwright-core");
const shots = process.argv[2];
if (shots) mkdirSync(shots, { recursive: true });

// ── a folder with two drafts, and the editor with nothing else in it ──
const temp = mkdtempSync(join(tmpdir(), "gouji-code-"));
const [work, data, gouji] = [join(temp, "报告"), join(temp, "data"), join(temp, "gouji")];
symlinkSync(needed["the built program"], gouji);
for (const folder of [work, join(data, "User"), join(data, "Machine"), join(temp, "home")]) mkdirSync(folder, { recursive: true });
copyFileSync(join(root, "examples/draft.txt"), join(work, "draft.txt"));
writeFileSync(join(work, "other.txt"), "财务台帐清楚，另有台帐。\n");
writeFileSync(join(work, "short.md"),
  "# 云岭县文联2023年度部门整体支出绩效自评报告\n\n一、部门概况\n\n" +
  "𠮷：2023年我会总支出138.43万元，其中：基本支出118.43万元，项目支出20万元。\n\n" +
  "二、资金情况\n\n2023年总支出138.43万元，财务台帐清楚。\n");
writeFileSync(join(data, "User/settings.json"), JSON.stringify({
  "files.autoSave": "off", "workbench.startupEditor": "none", "workbench.secondarySideBar.defaultVisibility": "hidden",
  "chat.disableAIFeatures": true, "editor.wordWrap": "on", "editor.autoClosingQuotes": "never",
}));
const set = (settings) => writeFileSync(join(data, "Machine/settings.json"), JSON.stringify(settings));
set({ "gouji.path": join(temp, "nowhere/gouji") });
const env = { ...process.env, HOME: join(temp, "home") };
const options = ["--user-data-dir", data, "--extensions-dir", join(temp, "extensions")];
// A script runs in the Node that runs this, a program by itself.
const [program, ...first] = needed["code-server"].endsWith(".js") ? [process.execPath, needed["code-server"]] : [needed["code-server"]];
const code = (...more) => [...first, ...options, ...more];
console.log(execFileSync(program, code("--version"), { env, encoding: "utf8" }).trim().split("\n").at(-1));
execFileSync(program, code("--install-extension", needed["the packaged extension"]), { env });
const port = await new Promise((done) => {
  const probe = createServer().listen(0, "127.0.0.1", () => {
    const { port } = probe.address();
    probe.close(() => done(port));
  });
});
const server = spawn(program, code("--auth", "none", "--bind-addr", `127.0.0.1:${port}`, "--disable-telemetry",
  "--disable-update-check", "--disable-workspace-trust", "--disable-getting-started-override"), { env, stdio: "ignore" });
const browser = await chromium.launch({
  executablePath: needed["a browser"],
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
const page = await (await browser.newContext({ viewport: { width: 1400, height: 900 } })).newPage();

// ── what a person does ──
const shot = async (name) => shots && page.screenshot({ path: join(shots, name + ".png") });
const wait = (ms) => page.waitForTimeout(ms);
const press = async (...keys) => { for (const key of keys) { await page.keyboard.press(key); await wait(200); } };
/** Types into the palette, and takes its first line when that has the words. */
const pick = async (key, words) => {
  await page.keyboard.press(key);
  await page.locator(".quick-input-widget input[type=text]:visible").waitFor();
  await page.keyboard.type(words);
  const first = page.locator(".quick-input-list .monaco-list-row").first();
  await first.filter({ hasText: words.split(": ").at(-1) }).waitFor();
  await wait(300);
  await page.keyboard.press("Enter");
  await wait(700);
};
const run = (command) => pick("F1", command);
const open = (file) => pick("Control+p", file);
/** To a line, and `characters` behind its first. */
const line = async (number, characters = 0) => {
  await page.keyboard.press("Control+g");
  await page.locator(".quick-input-widget input[type=text]:visible").waitFor();
  await page.keyboard.type(String(number));
  await wait(300);
  await press("Enter", "Home");
  for (let turn = 0; turn < characters; turn++) await page.keyboard.press("ArrowRight");
  await wait(300);
};
/** To the first place of `words` in a file as it is on the disk, or `more` characters behind it. */
const go = async (file, words, more = 0) => {
  const before = readFileSync(join(work, file), "utf8").split(words)[0].split("\n");
  await line(before.length, [...before.at(-1)].length + more);
};
const texts = async (selector) => (await page.locator(selector).allInnerTexts()).join("\n");
const editor = async () => (await texts(".editor-instance .view-lines")).replaceAll("\u00a0", " ");
/** Whether the editor in front has this file. */
const front = async (file) => (await page.locator(`.tab.active[data-resource-name="${file}"]`).count()) > 0;
const toasts = () => texts(".notifications-toasts");
const problems = async () => (await texts("#status\\.problems")).match(/\d+/g)?.map(Number) ?? [];
const total = async () => (await problems()).reduce((sum, one) => sum + one, 0);
const checked = (file) => {
  try { return execFileSync(gouji, ["check", join(work, file), "--format", "concise"], { encoding: "utf8", stdio: "pipe" }); }
  catch (error) { return error.stdout; }
};
/** As many as the command finds. */
const findings = (file) => checked(file).match(/^.+: (错误|警告)\[/gm)?.length ?? 0;

const faults = [];
const ok = (what, holds) => { console.log(`${holds ? "ok  " : "FAIL"} ${what}`); if (!holds) faults.push(what); };
/** Waits for what takes a moment. */
const until = async (what, holds) => {
  let truth = false;
  for (let turn = 0; turn < 60 && !(truth = await holds()); turn++) await wait(250);
  ok(what, truth);
  if (!truth) await shot("failed-" + faults.length);
};

try {
  for (let turn = 0; turn < 120 && !(await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined)); turn++) await wait(250);
  await page.goto(`http://127.0.0.1:${port}/?folder=${encodeURIComponent(work)}`);
  await page.waitForSelector(".monaco-workbench .part.statusbar", { timeout: 60000 });
  await wait(3000);
  await open("draft.txt");
  await until("a program that is not there is told", async () => (await toasts()).includes("找不到程序"));
  ok("once, without the library's English", !(await toasts()).includes("couldn't create connection"));
  await until("the extension counts as active", async () => !(await texts(".statusbar")).includes("Activating"));
  await shot("missing");
  await run("Notifications: Clear All");
  set({ "gouji.path": gouji });
  const all = findings("draft.txt");
  await until(`once it is there all ${all} findings are shown`, async () => (await total()) === all);
  ok("with squiggles", (await page.locator(".squiggly-error").count()) > 0 && (await page.locator(".squiggly-warning").count()) > 0);
  await run("Problems: Focus on Problems View");
  const listed = await texts(".markers-panel .monaco-list-row");
  ok("the other end is in the problems panel", listed.includes("也只有预算或收入数"));
  await shot("problems");
  await page.locator(".markers-panel a.code-link, .markers-panel .marker-code a, .markers-panel a", { hasText: "TXT001" }).first().click({ modifiers: ["Control"] });
  await until("the code of a finding leads to its rule", () => front("TXT001.txt"));
  await until("and the rule is told", async () => (await editor()).includes("为什么"));
  await shot("rule");
  await press("Control+j");

  await open("draft.txt");
  await go("draft.txt", "118.43万元", 1);
  await run("Show or Focus Hover");
  await until("hover tells the year and the value", async () => /年度：2023[^]*118.43万元/.test(await texts(".monaco-hover")));
  await shot("hover");
  await press("Escape", "Escape");
  await go("draft.txt", "台帐");
  await press("Control+.");
  await until("quick fixes", async () => /改为“台账”\n忽略此处的 TXT008（补写原因，记入 gouji.toml）\n解释 TXT008/.test(await texts(".action-widget")));
  await shot("actions");
  await press("ArrowDown", "ArrowDown", "Enter");
  await until("a rule is explained", () => front("TXT008.txt"));
  await until("as plain text", async () => (await texts(".statusbar")).includes("Plain Text"));
  ok("and not in a notification too", !(await toasts()).includes("TXT008"));

  await open("draft.txt");
  await go("draft.txt", "台帐");
  await press("Control+.");
  await wait(1000);
  await press("ArrowDown", "Enter");
  await until("ignoring opens gouji.toml", () => front("gouji.toml"));
  await until("the missing reason is an error there", async () => (await total()) === all + 1);
  await page.keyboard.type("原件如此");
  await wait(500);
  await shot("reason");
  await press("Control+s");
  await until("the cursor stood where the reason goes", async () => readFileSync(join(work, "gouji.toml"), "utf8").includes('reason = "原件如此"'));
  ok("the command ignores it too", !checked("draft.txt").includes("台帐"));
  await until("the finding is gone, and gouji.toml is no draft", async () => (await total()) === all - 1);
  rmSync(join(work, "gouji.toml"));
  await until("without gouji.toml it is back", async () => (await total()) === all);
  await run("View: Close All Editors");

  await open("short.md");
  const few = findings("short.md");
  await until("Markdown is checked", async () => (await total()) === few);
  await go("short.md", "138.43万元", 1);
  await run("Go to Definition");
  await until("the other mention is gone to", async () => (await texts(".statusbar")).includes("Ln 9"));
  await go("short.md", "138.43万元", 1);
  await press("F2", "Control+a");
  await page.keyboard.type("140.50");
  await press("Enter");
  await until("a figure is renamed in every mention", async () => ((await editor()).match(/140\.50/g) ?? []).length === 2);
  await until("what no longer ties is told", async () => (await toasts()).includes("改后有 1 处勾稽不再成立"));
  await shot("rename");
  await run("Notifications: Clear All");
  await run("File: Revert File");
  set({ "gouji.path": gouji, "gouji.inlayHints": true });
  await until("hints come when they are asked for", async () => (await editor()).includes("= 118.43万元 + 20万元"));
  await shot("hints");
  set({ "gouji.path": gouji, "gouji.lang": "en" });
  await until("and go", async () => !(await editor()).includes("= 118.43万元 + 20万元"));
  await run("Problems: Focus on Problems View");
  await until("findings are told in English", async () => (await texts(".markers-panel")).includes("help:"));
  await press("Control+j");
  set({ "gouji.path": gouji, "gouji.fixOnSave": true });
  await wait(1500);
  await page.locator(".editor-instance .view-lines").first().click();
  await line(8);
  await page.keyboard.insertText("支出台帐完备。");
  await press("Control+s");
  await until("safe repairs are made before saving", async () => /支出台账完备[^]*财务台账清楚/.test(readFileSync(join(work, "short.md"), "utf8")));
  await run("View: Close All Editors");

  set({ "gouji.path": gouji });
  await open("draft.txt");
  await until("the draft again", async () => (await total()) === all);
  await run("Fold All");
  await until("chapters fold", async () => /一、部门基本情况[^]*二、一般公共预算支出情况/.test(await editor()) && !(await editor()).includes("（一）机构设置"));
  await shot("folded");
  await run("Unfold All");
  await run("Explorer: Focus on Outline View");
  await until("the outline has the headings", async () => (await texts(".outline-pane")).includes("（一）机构设置"));
  await shot("outline");
  await page.locator(".editor-instance .view-lines").first().click();
  await run("改正全部可以放心");
  await wait(1500);
  await press("Control+s");
  await until("all safe repairs by command", async () => !/台帐|累计累计/.test(readFileSync(join(work, "draft.txt"), "utf8")));
  const left = findings("draft.txt");
  await until(`and the ${left} that are left are shown`, async () => (await total()) === left);
  await shot("fixed");

  const running = execFileSync("ps", ["-eo", "pid=,args="], { encoding: "utf8" }).split("\n");
  process.kill(Number.parseInt(running.find((line) => line.includes(`${gouji} lsp`))), "SIGKILL");
  await wait(3000);
  const more = findings("other.txt");
  await open("other.txt");
  await until("a server that was killed is started again", async () => (await total()) === left + more);
  ok("without a word", (await toasts()).trim() === "");
} catch (error) {
  faults.push(String(error));
  console.log("FAIL", error);
  await shot("failed");
} finally {
  await browser.close();
  server.kill();
  await new Promise((done) => server.once("exit", done));
  rmSync(temp, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
}
console.log(faults.length ? `${faults.length} failed` : "ok");
process.exit(faults.length ? 1 : 0);
