#!/usr/bin/env python3
"""How long a language server takes from a keystroke to its diagnostics: gouji beside autocorrect.

    benches/lsp.py WORKDIR [docs/performance.md]

Reads WORKDIR/gouji (a release build) and WORKDIR/npm/node_modules/autocorrect-node, which benches/compare.sh puts there. Each round puts
one character into a report of 10 KB, 200 KB or 2 MB and waits for the diagnostics of that version; the servers take turns within one
run. With a page its table between <!-- lsp --> and <!-- /lsp --> is rewritten.
"""

import contextlib
import json
import pathlib
import subprocess
import sys
import threading
import time

from page import fill

# Seconds after which a server is said to give no answer at this size.
PATIENCE = 60
SIZES = [(10_000, 200), (200_000, 100), (2_000_000, 20)]
URI = "file:///draft.md"


class Silent(Exception):
    """The server is gone, or was ended for giving no answer."""


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
        try:
            self.child.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
            self.child.stdin.flush()
        except BrokenPipeError as error:
            raise Silent from error

    def notify(self, method, params):
        self.send({"method": method, "params": params})

    def read(self):
        length = 0
        while line := self.child.stdout.readline().strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        if not length:
            raise Silent
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
        with self.patience():
            self.notify("textDocument/didOpen", {"textDocument": item})
            return self.diagnostics()

    @contextlib.contextmanager
    def patience(self):
        """Ends a server that gives no answer, so that whoever waits for it goes on."""
        timer = threading.Timer(PATIENCE, self.child.kill)
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def change(self, change):
        """Seconds from the change to its diagnostics."""
        self.version += 1
        document = {"uri": URI, "version": self.version}
        start = time.perf_counter()
        with self.patience():
            self.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [change]})
            self.diagnostics()
        return time.perf_counter() - start

    def close(self):
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
        running = {}
        for name, (command, options, whole) in servers.items():
            running[name] = (Server(command, options), whole, [])
        opened = {name for name, (server, _, _) in running.items() if answers(lambda: server.open(text))}
        texts = text.split("\n")
        for number in range(rounds):
            change = keystroke(len(texts) - 1, number)
            texts[change["range"]["start"]["line"]] = "字" + texts[change["range"]["start"]["line"]]
            for name in sorted(opened):
                server, whole, taken = running[name]
                # Some take whole texts only.
                put = {"text": "\n".join(texts)} if whole else change
                if not answers(lambda: taken.append(server.change(put))):
                    opened.discard(name)
        for name, (server, _, taken) in running.items():
            server.close()
            taken.sort()
            at = lambda part: taken[min(len(taken) - 1, int(len(taken) * part))] * 1000
            times = (at(0.5), at(0.99)) if name in opened else None
            rows.append((name, len(text.encode()), rounds, times))
            print(*rows[-1], flush=True)
    return rows


def answers(ask):
    try:
        ask()
    except Silent:
        return False
    return True


def table(rows):
    out = ["| server | text, KB | keystrokes | p50 ms | p99 ms |", "|---|--:|--:|--:|--:|"]
    for name, size, rounds, times in rows:
        shown = f"{times[0]:.1f} | {times[1]:.1f}" if times else f"no answer in {PATIENCE} s | "
        out.append(f"| {name} | {size // 1000:,} | {rounds} | {shown} |")
    return "\n".join(out)


def main():
    work = pathlib.Path(sys.argv[1])
    seed = (pathlib.Path(__file__).parent.parent / "examples/draft.txt").read_text()
    gouji = [str(work / "gouji"), "lsp"]
    servers = {
        "gouji, debounce 0": (gouji, {"debounce": 0}, False),
        "gouji, as set (3 ms)": (gouji, {}, False),
    }
    autocorrect = work / "npm/node_modules/autocorrect-node/cli.js"
    if autocorrect.exists():
        servers["autocorrect server"] = (["node", str(autocorrect), "server"], {}, True)
    else:
        print("autocorrect: not installed")
    rows = measure(servers, seed)
    if len(sys.argv) > 2:
        fill(sys.argv[2], "lsp", f"Run of {time.strftime('%Y-%m-%d')}.\n\n{table(rows)}")


main()
