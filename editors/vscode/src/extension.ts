// Starts `gouji lsp` and shows what it says.

import * as vscode from "vscode";
import { CloseAction, ErrorAction, LanguageClient } from "vscode-languageclient/node";

import { codeOf, explainCommand, ruleScheme, selector, server } from "./options";

let client: Client | undefined;

/** When the server ended without being asked to, of late. */
let ends: number[] = [];
const manyEnds = 5;
const ofLate = 3 * 60 * 1000;

/** Without the library's own words, in English, when the server cannot be started: {@link start} says it. */
class Client extends LanguageClient {
  starting = true;

  override error(message: string, data?: unknown, show?: boolean | "force"): void {
    super.error(message, data, this.starting ? false : show);
  }
}

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
  const starting = new Client("gouji", "勾稽 gouji", server(path), {
    documentSelector: selector,
    initializationOptions: vscode.workspace.getConfiguration("gouji"),
    synchronize: { configurationSection: "gouji" },
    errorHandler: {
      error: () => ({ action: ErrorAction.Continue, handled: true }),
      closed: () => {
        if (!starting.starting) {
          void startAgain();
        }
        return { action: CloseAction.DoNotRestart, handled: true };
      },
    },
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
  client = starting;
  try {
    await starting.start();
    starting.starting = false;
  } catch (error) {
    client = undefined;
    // Not waited for: until it is answered the extension would count as not yet active.
    void tellWhy(path, error);
  }
}

/**
 * After an end that nobody asked for. It takes a new client: one that restarts its own server does not ask for the
 * findings of files that are opened from then on (vscode-languageclient 9.0.1).
 */
async function startAgain(): Promise<void> {
  const now = Date.now();
  ends = [...ends.filter((end) => now - end < ofLate), now];
  if (ends.length >= manyEnds) {
    client = undefined;
    const again = say("重新启动", "Restart");
    const choice = await vscode.window.showErrorMessage(
      say("gouji 短时间内多次意外退出，不再自动启动。", "gouji has ended unexpectedly several times and is not started again."),
      again,
    );
    if (choice !== again) {
      return;
    }
    ends = [];
  }
  await start();
}

async function tellWhy(path: string, error: unknown): Promise<void> {
  const why = error instanceof Error ? error.message : String(error);
  const missing = why.includes("ENOENT");
  const settings = say("打开设置", "Open Settings");
  const choice = await vscode.window.showErrorMessage(
    missing
      ? say(
          `找不到程序 ${path}。请安装 gouji，或在设置 gouji.path 中写明它的位置。`,
          `The program ${path} is not found. Install gouji, or say in the setting gouji.path where it is.`,
        )
      : say(
          `启动不了 ${path}：${why}。请看设置 gouji.path 是否写对。`,
          `${path} cannot be started: ${why}. See whether the setting gouji.path is right.`,
        ),
    settings,
  );
  if (choice === settings) {
    await vscode.commands.executeCommand("workbench.action.openSettings", "gouji.path");
  }
}

/** In the language of the findings. */
function say(zh: string, en: string): string {
  return vscode.workspace.getConfiguration("gouji").get<string>("lang") === "en" ? en : zh;
}

async function restart(): Promise<void> {
  await client?.stop();
  await start();
}

async function fixAll(): Promise<void> {
  await vscode.commands.executeCommand("editor.action.codeAction", { kind: "source.fixAll.gouji", apply: "first" });
}

async function explainRule(): Promise<void> {
  const code = await vscode.window.showInputBox({
    prompt: say("规则的编码或名称，如 FIG001 或 sum-mismatch", "Code or name of a rule, such as FIG001 or sum-mismatch"),
  });
  if (code) {
    await show(code);
  }
}

async function show(code: string): Promise<void> {
  const uri = vscode.Uri.from({ scheme: ruleScheme, path: `/${code}.txt` });
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
}

/** What `gouji explain` says of a rule. */
async function text(code: string): Promise<string> {
  if (!client) {
    return say("gouji 没有启动。", "gouji is not running.");
  }
  try {
    // True: what is answered is shown here, the server need not show it too.
    const params = { command: explainCommand, arguments: [code, true] };
    return await client.sendRequest<string>("workspace/executeCommand", params);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
