"""A thousand files of which one in twenty is broken, reviewed undisturbed, and again with the process killed on the way.

    benches/faults.py GOUJI REPORTS WORKDIR      REPORTS: a folder of at least 1,000 reports (`cargo run --release --example reports`)

Prints what was not read, and whether both runs wrote the same bytes.
"""

import filecmp
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import zipfile

GOUJI, REPORTS, WORK = map(os.path.abspath, sys.argv[1:4])
FAULTS = ["truncated", "encrypted", "empty", "binary", "bomb", "unreadable"]


def prepare(folder):
    random.seed(1)
    os.makedirs(folder)
    broken = set(random.sample(range(1000), 50))
    for number, name in enumerate(sorted(os.listdir(REPORTS))[:1000]):
        with open(f"{REPORTS}/{name}", "rb") as file:
            text = file.read()
        place = f"{folder}/{number // 100}"
        os.makedirs(place, exist_ok=True)
        stem = f"{place}/{number:04}"
        fault = FAULTS[number % len(FAULTS)] if number in broken else None
        if fault == "bomb":
            with zipfile.ZipFile(stem + ".zip", "w", zipfile.ZIP_DEFLATED) as bomb:
                bomb.writestr("bomb.txt", b"0" * (64 << 20))
        elif fault == "unreadable":
            os.symlink("nowhere", stem + ".txt")
        else:
            content = {
                "truncated": b"PK\x03\x04\x14\0\0\0\x08\0xl/workbook.xml" + text[:50],
                "encrypted": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
                "empty": b"",
                "binary": b"\x7fELF" + bytes(range(256)) * 8,
            }.get(fault, text)
            with open(stem + ".txt", "wb") as file:
                file.write(content)
    return len(broken)


def review(out, wait=True):
    command = [GOUJI, "review", f"{WORK}/in", "--no-config", "--out", f"{WORK}/{out}"]
    child = subprocess.Popen(command, stdout=subprocess.PIPE if wait else subprocess.DEVNULL, text=True)
    return child.communicate()[0] if wait else child


def kept(out):
    cache = f"{WORK}/{out}/.gouji-cache"
    return sum(len(files) for _, _, files in os.walk(cache)) if os.path.isdir(cache) else 0


def tree(out):
    found = {}
    for place, folders, files in os.walk(f"{WORK}/{out}"):
        folders[:] = [name for name in folders if name != ".gouji-cache"]
        for name in files:
            found[os.path.relpath(f"{place}/{name}", f"{WORK}/{out}")] = f"{place}/{name}"
    return found


def main():
    shutil.rmtree(WORK, ignore_errors=True)
    broken = prepare(f"{WORK}/in")
    print(review("undisturbed"))
    for share in (0.2, 0.6):
        child = review("killed", wait=False)
        while kept("killed") < share * 950 and child.poll() is None:
            time.sleep(0.002)
        child.send_signal(signal.SIGKILL)
        child.wait()
        print(f"killed with {kept('killed')} results kept, {len(tree('killed'))} files written")
    # The third time in the second pass: pages are being written.
    child = review("killed", wait=False)
    reports = f"{WORK}/killed/reports"
    while child.poll() is None and not (os.path.isdir(reports) and len(os.listdir(reports)) > 300):
        time.sleep(0.002)
    child.send_signal(signal.SIGKILL)
    child.wait()
    print(f"killed with {kept('killed')} results kept, {len(tree('killed'))} files written")
    review("killed")
    one, other = tree("undisturbed"), tree("killed")
    differ = [name for name in one.keys() & other.keys() if not filecmp.cmp(one[name], other[name], shallow=False)]
    print(f"{broken} broken of 1000; {len(one)} files undisturbed, {len(other)} after the kills, {len(differ)} differ")
    sys.exit(bool(differ) or one.keys() != other.keys())


main()
