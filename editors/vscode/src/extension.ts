// Starts `gouji lsp` and shows what it says.

import * as vscode from "vscode";
import { LanguageClient } from "vscode-languageclient/node";

import { codeOf, explainCommand, ruleScheme, selector, server } from "./options";

let client: LanguageClient | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  context.subscriptions.push(
    vscode.commands.registerCommand("gouji.restart", restart),
    vscode.commands.registerCommand("gouji.fixAll", fixAll),
    vscode.commands.registerCommand("gouji.explainRule", explainRule),
    vscode.workspace.registerTextDocumentContentProvider(ruleScheme, {
      provideTextDocumentContent: (uri) => text(codeOf(uri.path)),
    }),
    vscode.workspace.onDidChangeConfiguration(async (change) => {
      if (change.affectsConfiguration("gouji.path")) {
        await restart();
      }
    }),
  );
  await start();
}

export async function deactivate(): Promise<void> {
  await client?.stop();
}

async function start(): Promise<void> {
  const path = vscode.workspace.getConfiguration("gouji").get<string>("path", "gouji");
  client = new LanguageClient("gouji", "勾稽 gouji", server(path), {
    documentSelector: selector,
    initializationOptions: vscode.workspace.getConfiguration("gouji"),
    synchronize: { configurationSection: "gouji" },
    middleware: {
      executeCommand: async (command, args, next) => {
        if (command === explainCommand) {
          await show(String(args[0]));
          return undefined;
        }
        return next(command, args);
      },
    },
  });
  try {
    await client.start();
  } catch (error) {
    client = undefined;
    const choice = await vscode.window.showErrorMessage(
      `启动不了 ${path}：${error instanceof Error ? error.message : error}。请安装 gouji，或在设置 gouji.path 中写明它的位置。`,
      "打开设置",
    );
    if (choice !== undefined) {
      await vscode.commands.executeCommand("workbench.action.openSettings", "gouji.path");
    }
  }
}

async function restart(): Promise<void> {
  await client?.stop();
  await start();
}

async function fixAll(): Promise<void> {
  await vscode.commands.executeCommand("editor.action.codeAction", { kind: "source.fixAll.gouji", apply: "first" });
}

async function explainRule(): Promise<void> {
  const code = await vscode.window.showInputBox({ prompt: "规则的编码或名称，如 FIG001 或 sum-mismatch" });
  if (code) {
    await show(code);
  }
}

async function show(code: string): Promise<void> {
  const uri = vscode.Uri.from({ scheme: ruleScheme, path: `/${code}.md` });
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
}

/** What `gouji explain` says of a rule. */
async function text(code: string): Promise<string> {
  if (!client) {
    return "gouji 没有启动。";
  }
  try {
    return await client.sendRequest<string>("workspace/executeCommand", { command: explainCommand, arguments: [code] });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
