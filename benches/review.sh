#!/bin/sh
# Runs `gouji review` over generated reports and prints reports per second and peak memory beside a plain parallel read.
#
#   benches/review.sh [WORKDIR [--write]]       needs cargo, python3; python-docx for the Word files, which are left out without it
#
# With --write docs/performance.md gets the table.
set -eu
cd "$(dirname "$0")/.."
work=${1:-$(mktemp -d)}
mkdir -p "$work"
cargo build --release --quiet --bin gouji --example reports --example plain_read
cp target/release/gouji target/release/examples/plain_read "$work/"
for count in 1000 10000; do
    [ -d "$work/reports$count" ] || target/release/examples/reports "$work/reports$count" "$count"
    rm -f "$work/reports$count.16mb.txt"
done
page=
[ "${2:-}" != --write ] || page=docs/performance.md
exec python3 benches/review.py "$work" $page
