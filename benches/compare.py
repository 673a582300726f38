"""Times each tool over the folders that compare.sh made, and prints one Markdown table.

Every figure is the best of several runs, the tools taking turns, so that a busy moment of the machine
falls on all of them. Memory is the peak of the whole process tree's largest process.
"""

import os
import shutil
import subprocess
import sys
import time

from page import fill

WORK = os.path.abspath(sys.argv[1])
THREADS = "2"
GOUJI = "gouji"


def hard_links(folder):
    """rumdl looks at .md only."""
    linked = folder + "-md"
    if not os.path.isdir(linked):
        os.mkdir(linked)
        for name in os.listdir(folder):
            os.link(os.path.join(folder, name), os.path.join(linked, name[:-4] + ".md"))
    return linked


def tools():
    found = {GOUJI: lambda path: [f"{WORK}/gouji", "check", "--no-config", "--format", "json", "--threads", THREADS, path]}
    typos, rumdl = f"{WORK}/venv/bin/typos", f"{WORK}/venv/bin/rumdl"
    if os.path.exists(typos):
        found["typos"] = lambda path: [typos, "--isolated", "-j" + THREADS, "--format", "brief", path]
    if os.path.exists(rumdl):
        found["rumdl"] = lambda path: [
            rumdl, "check", "--no-config", "--no-cache", hard_links(path) if os.path.isdir(path) else path,
        ]
    correct = f"{WORK}/npm/node_modules/autocorrect-node/cli.js"
    if os.path.exists(correct) and shutil.which("node"):
        # It passes over files named by an absolute path.
        found["autocorrect"] = lambda path: ["node", correct, "--lint", "--format", "json", "--threads", THREADS, os.path.relpath(path, WORK)]
    return found


def run(command):
    """Seconds and peak MB of one run; output goes to a file, as a user would have it."""
    environment = dict(os.environ, RAYON_NUM_THREADS=THREADS)
    with open(f"{WORK}/output", "wb") as out:
        start = time.perf_counter()
        child = subprocess.Popen(command, stdout=out, stderr=out, env=environment, cwd=WORK)
        _, _, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - start
    child.returncode = 0
    return seconds, usage.ru_maxrss / 1024


def main():
    single, one, ten, large = (
        f"{WORK}/reports1000/00000.txt", f"{WORK}/reports1000", f"{WORK}/reports10000", f"{WORK}/16mb.txt",
    )
    shutil.copy(large, large[:-4] + ".md")
    shutil.copy(single, f"{WORK}/one.md")
    places = [("one report", single, 15), ("1,000", one, 5), ("10,000", ten, 3), ("16 MB", large, 2)]
    commands = tools()
    best, memory = {}, {}
    for place, path, times in places:
        for _ in range(times):
            for tool, command in commands.items():
                target = path
                if tool == "rumdl" and os.path.isfile(path):
                    target = f"{WORK}/one.md" if path == single else large[:-4] + ".md"
                if tool == "autocorrect" and place == "10,000" and (tool, place) in best:
                    continue
                seconds, megabytes = run(command(target))
                key = (tool, place)
                best[key] = min(best.get(key, seconds), seconds)
                memory[key] = max(memory.get(key, 0), megabytes)
    lines = [
        f"| {THREADS} threads | one report, ms | 1,000 reports, s | gouji takes × | 10,000, s | gouji takes × "
        "| RSS at 1,000, MB | at 10,000, MB | 16 MB, s | RSS, MB |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for tool in commands:
        of = lambda place: best[(tool, place)]
        times = lambda place: best[(GOUJI, place)] / of(place)
        lines.append(
            f"| {tool} | {of('one report') * 1000:.1f} | {of('1,000'):.3f} | {times('1,000'):.2f} "
            f"| {of('10,000'):.3f} | {times('10,000'):.2f} | {memory[(tool, '1,000')]:.0f} "
            f"| {memory[(tool, '10,000')]:.0f} | {of('16 MB'):.3f} | {memory[(tool, '16 MB')]:.0f} |"
        )
    print("\n".join(lines))
    if len(sys.argv) > 2:
        today = time.strftime("%Y-%m-%d")
        fill(sys.argv[2], "compare", "\n".join([f"Run of {today}.", "", *lines]))
        engine = f"{WORK}/engine.txt"
        if os.path.exists(engine):
            with open(engine) as out:
                fill(sys.argv[2], "engine", f"Run of {today}.\n\n```text\n{out.read().strip()}\n```")



main()
