// What the client tells the server; without `vscode`, so that the test can use it.

import type { Executable } from "vscode-languageclient/node";

/** Documents that are checked. To VS Code all that it does not know is plain text, `gouji.toml` too: hence the pattern. */
export const selector = [
  { scheme: "file", language: "plaintext", pattern: "**/*.{txt,TXT}" },
  { scheme: "file", language: "markdown" },
  { scheme: "untitled", language: "plaintext" },
  { scheme: "untitled", language: "markdown" },
];

/** Addresses of rules, as the server gives them. */
export const ruleScheme = "gouji-rule";

export const explainCommand = "gouji.explain";

export function server(path: string): Executable {
  return { command: path || "gouji", args: ["lsp"] };
}

/** `gouji-rule:/FIG001.txt` → `FIG001` */
export function codeOf(path: string): string {
  return path.replace(/^\//, "").replace(/\.txt$/, "");
}
