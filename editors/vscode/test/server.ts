// Drives the built server with the messages of the library that the extension is made of.
// GOUJI names the program; without it the debug build of this repository is taken.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import path from "node:path";

import {
  CodeActionRequest,
  createProtocolConnection,
  DidChangeTextDocumentNotification,
  DidOpenTextDocumentNotification,
  ExecuteCommandRequest,
  ExitNotification,
  HoverRequest,
  InitializedNotification,
  InitializeRequest,
  PublishDiagnosticsNotification,
  RenameRequest,
  ShowMessageNotification,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver-protocol/node";
import type { Diagnostic, TextDocumentEdit } from "vscode-languageserver-protocol/node";

import { codeOf, explainCommand, server } from "../src/options";

const text =
  "# 云岭县文联2023年度部门整体支出绩效自评报告\n\n一、部门概况\n\n" +
  "𠮷：2023年我会总支出138.43万元，其中：基本支出118.43万元，项目支出20万元。\n\n" +
  "二、资金情况\n\n2023年总支出138.43万元，财务台帐清楚。\n";
const uri = "file:///%E6%8A%A5%E5%91%8A.md";

function at(word: string) {
  const before = text.slice(0, text.indexOf(word)).split("\n");
  return { line: before.length - 1, character: before[before.length - 1].length };
}

async function main(): Promise<void> {
  const program = process.env.GOUJI ?? path.resolve(__dirname, "../../../target/debug/gouji");
  const { command, args } = server(program);
  const child = spawn(command, args ?? [], { stdio: ["pipe", "pipe", "inherit"] });
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  const waiting = new Map<number, (found: Diagnostic[]) => void>();
  connection.onNotification(PublishDiagnosticsNotification.type, ({ version, diagnostics }) => {
    waiting.get(version ?? 0)?.(diagnostics);
  });
  const told: string[] = [];
  connection.onNotification(ShowMessageNotification.type, ({ message }) => void told.push(message));
  const diagnostics = (version: number) => new Promise<Diagnostic[]>((done) => waiting.set(version, done));
  connection.listen();

  const { capabilities } = await connection.sendRequest(InitializeRequest.type, {
    processId: process.pid,
    rootUri: null,
    capabilities: {
      workspace: { workspaceEdit: { documentChanges: true } },
      textDocument: { publishDiagnostics: { relatedInformation: true, codeDescriptionSupport: true } },
    },
  });
  assert.equal(capabilities.positionEncoding, "utf-16");
  await connection.sendNotification(InitializedNotification.type, {});

  const first = diagnostics(1);
  await connection.sendNotification(DidOpenTextDocumentNotification.type, {
    textDocument: { uri, languageId: "markdown", version: 1, text },
  });
  const word = (await first).find((one) => one.code === "TXT008");
  assert.ok(word, "台帐 is found");
  assert.deepEqual(word.range.start, at("台帐"));
  assert.equal(codeOf(new URL(word.codeDescription?.href ?? "").pathname), "TXT008");

  const here = { textDocument: { uri }, position: at("138.43") };
  assert.match(JSON.stringify(await connection.sendRequest(HoverRequest.type, here)), /相符/);
  const edit = await connection.sendRequest(RenameRequest.type, { ...here, newName: "140.50" });
  assert.equal((edit?.documentChanges?.[0] as TextDocumentEdit).edits.length, 2);
  assert.ok(told.some((message) => message.includes("勾稽不再成立")), "totals that no longer tie are told");
  const actions = await connection.sendRequest(CodeActionRequest.type, {
    textDocument: { uri },
    range: word.range,
    context: { diagnostics: [word] },
  });
  const titles = actions?.map((action) => action.title).join("\n") ?? "";
  assert.match(titles, /忽略此处的 TXT008/);
  assert.match(titles, /解释 TXT008/);
  const explained = await connection.sendRequest(ExecuteCommandRequest.type, {
    command: explainCommand,
    arguments: ["FIG001", true],
  });
  assert.match(String(explained), /^FIG001 sum-mismatch/);
  assert.ok(!told.some((message) => message.includes("sum-mismatch")), "what the client shows is not told as well");

  const second = diagnostics(2);
  const start = at("台帐");
  await connection.sendNotification(DidChangeTextDocumentNotification.type, {
    textDocument: { uri, version: 2 },
    contentChanges: [{ range: { start, end: { ...start, character: start.character + 2 } }, text: "台账" }],
  });
  assert.ok((await second).every((one) => one.code !== "TXT008"), "a mended word is not found");

  await connection.sendRequest(ShutdownRequest.type);
  const ended = new Promise((done) => child.on("exit", done));
  await connection.sendNotification(ExitNotification.type);
  assert.equal(await ended, 0);
  console.log("ok");
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
