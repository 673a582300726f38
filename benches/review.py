"""Times `gouji review` over the folders that review.sh made, and prints one Markdown table.

Every figure is the best of several runs; “first” has no cache, “again” finds every result in it. Memory is the peak of the process.
"""

import os
import shutil
import subprocess
import sys
import time

from page import fill

WORK = os.path.abspath(sys.argv[1])


def run(command):
    """Seconds and peak MB of one run."""
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=WORK)
    _, _, usage = os.wait4(child.pid, 0)
    child.returncode = 0
    return time.perf_counter() - start, usage.ru_maxrss / 1024


def word_files():
    """A thousand of the reports as Word files, or nothing where python-docx is missing."""
    folder = f"{WORK}/docx1000"
    if os.path.isdir(folder):
        return folder
    try:
        import docx
    except ImportError:
        return None
    os.makedirs(folder)
    for name in sorted(os.listdir(f"{WORK}/reports1000")):
        made = docx.Document()
        with open(f"{WORK}/reports1000/{name}", encoding="utf-8") as text:
            for line in text:
                made.add_paragraph(line.rstrip("\n"))
        made.save(f"{folder}/{name[:-4]}.docx")
    return folder


def main():
    places = [("1,000 texts", f"{WORK}/reports1000", 3), ("10,000 texts", f"{WORK}/reports10000", 2)]
    if word_files():
        places.append(("1,000 docx", word_files(), 3))
    lines = [
        "| reports | threads | plain read, s | first, s | reports per second | plain read × | RSS, MB | again, s | RSS, MB |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for name, folder, times in places:
        count = len(os.listdir(folder))
        for threads in ("1", "2"):
            plain, first, again, memory, memory_again = [], [], [], [], []
            for _ in range(times):
                plain.append(run([f"{WORK}/plain_read", folder, threads])[0])
                shutil.rmtree(f"{WORK}/out", ignore_errors=True)
                command = [f"{WORK}/gouji", "review", folder, "--no-config", "--out", f"{WORK}/out", "--threads", threads]
                for seconds, megabytes in ((first, memory), (again, memory_again)):
                    took, peak = run(command)
                    seconds.append(took)
                    megabytes.append(peak)
            best = min(first)
            lines.append(
                f"| {name} | {threads} | {min(plain):.3f} | {best:.2f} | {count / best:.0f} | {best / min(plain):.0f} "
                f"| {max(memory):.0f} | {min(again):.2f} | {max(memory_again):.0f} |"
            )
    print("\n".join(lines))
    if len(sys.argv) > 2:
        fill(sys.argv[2], "review", "\n".join([f"Run of {time.strftime('%Y-%m-%d')}.", "", *lines]))



main()
