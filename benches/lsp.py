#!/usr/bin/env python3
"""How long a language server takes from a keystroke to its diagnostics: gouji beside autocorrect.

    benches/lsp.py WORKDIR [docs/performance.md]

Reads WORKDIR/gouji (a release build) and WORKDIR/npm/node_modules/autocorrect-node, which benches/compare.sh puts there. Each round puts
one character into a report of 10 KB, 200 KB or 2 MB and waits for the diagnostics of that version; the servers take turns within one
run. With a page its table between <!-- lsp --> and <!-- /lsp --> is rewritten.
"""

import json
import pathlib
import subprocess
import sys
import time

SIZES = [(10_000, 200), (200_000, 100), (2_000_000, 20)]
URI = "file:///draft.md"


class Server:
    def __init__(self, command, options):
        self.child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.ids = 0
        self.version = 0
        params = {"processId": None, "rootUri": None, "initializationOptions": options, "capabilities": {}}
        self.ids += 1
        self.send({"id": self.ids, "method": "initialize", "params": params})
        while self.read().get("id") != self.ids:
            pass
        self.notify("initialized", {})

    def send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}, ensure_ascii=False).encode()
        self.child.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.child.stdin.flush()

    def notify(self, method, params):
        self.send({"method": method, "params": params})

    def read(self):
        length = 0
        while line := self.child.stdout.readline().strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        return json.loads(self.child.stdout.read(length))

    def diagnostics(self):
        while True:
            message = self.read()
            if message.get("method") == "textDocument/publishDiagnostics":
                params = message["params"]
                # autocorrect takes the old ones back first, with an empty list; the report has findings for both.
                if params.get("version") in (None, self.version) and params["diagnostics"]:
                    return params["diagnostics"]

    def open(self, text):
        self.version = 1
        item = {"uri": URI, "languageId": "markdown", "version": 1, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": item})
        return self.diagnostics()

    def change(self, change):
        """Seconds from the change to its diagnostics."""
        self.version += 1
        document = {"uri": URI, "version": self.version}
        start = time.perf_counter()
        self.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [change]})
        self.diagnostics()
        return time.perf_counter() - start

    def close(self):
        self.child.stdin.close()
        self.child.kill()
        self.child.wait()


def grown(seed, size):
    """The report again and again, up to about `size` bytes of UTF-8."""
    count = max(1, round(size / len(seed.encode())))
    return "\n".join([seed] * count)


def keystroke(lines, round_number):
    """One character put in on a line that wanders through the text."""
    line = (round_number * 7919) % lines
    place = {"line": line, "character": 0}
    return {"range": {"start": place, "end": place}, "text": "字"}


def measure(servers, seed):
    rows = []
    for size, rounds in SIZES:
        text = grown(seed, size)
        lines = text.count("\n")
        times = {}
        texts = {}
        for name, (command, options, whole) in servers.items():
            server = Server(command, options)
            server.open(text)
            times[name] = (server, whole, [])
            texts[name] = text
        for number in range(rounds):
            change = keystroke(lines, number)
            for name, (server, whole, taken) in times.items():
                if whole:
                    # Takes whole texts only.
                    parts = texts[name].split("\n")
                    parts[change["range"]["start"]["line"]] = "字" + parts[change["range"]["start"]["line"]]
                    texts[name] = "\n".join(parts)
                    taken.append(server.change({"text": texts[name]}))
                else:
                    taken.append(server.change(change))
        for name, (server, _, taken) in times.items():
            server.close()
            taken.sort()
            at = lambda part: taken[min(len(taken) - 1, int(len(taken) * part))] * 1000
            rows.append((name, len(text.encode()), rounds, at(0.5), at(0.99)))
            print(*rows[-1], flush=True)
    return rows


def table(rows):
    out = ["| server | text, KB | keystrokes | p50 ms | p99 ms |", "|---|--:|--:|--:|--:|"]
    for name, size, rounds, median, last in rows:
        out.append(f"| {name} | {size // 1000:,} | {rounds} | {median:.1f} | {last:.1f} |")
    return "\n".join(out)


def main():
    work = pathlib.Path(sys.argv[1])
    seed = (pathlib.Path(__file__).parent.parent / "examples/draft.txt").read_text()
    gouji = [str(work / "gouji"), "lsp"]
    servers = {
        "gouji, debounce 0": (gouji, {"debounce": 0}, False),
        "gouji, as set (5 ms)": (gouji, {}, False),
    }
    autocorrect = work / "npm/node_modules/autocorrect-node/cli.js"
    if autocorrect.exists():
        servers["autocorrect server"] = (["node", str(autocorrect), "server"], {}, True)
    else:
        print("autocorrect: not installed")
    rows = measure(servers, seed)
    if len(sys.argv) > 2:
        page = pathlib.Path(sys.argv[2])
        head, _, rest = page.read_text().partition("<!-- lsp -->")
        _, _, tail = rest.partition("<!-- /lsp -->")
        page.write_text(f"{head}<!-- lsp -->\n{table(rows)}\n<!-- /lsp -->{tail}")


main()
