#!/bin/sh
# Runs gouji and its neighbours over the same generated reports and prints times, ratios and memory.
#
#   benches/compare.sh [WORKDIR [--write]]       needs cargo, python3 with venv; npm for autocorrect
#
# What cannot be installed is left out and said. With --write the engine's own benchmark runs too, and docs/performance.md
# gets both.
set -eu
cd "$(dirname "$0")/.."
work=${1:-$(mktemp -d)}
mkdir -p "$work"

cargo build --release --quiet --bin gouji --example reports
cp target/release/gouji "$work/gouji"
for count in 1000 10000; do
    [ -d "$work/reports$count" ] || target/release/examples/reports "$work/reports$count" "$count"
done
mv -f "$work/reports1000.16mb.txt" "$work/16mb.txt" 2>/dev/null || true
rm -f "$work/reports10000.16mb.txt"

[ -x "$work/venv/bin/pip" ] || python3 -m venv "$work/venv" || echo "no venv: typos and rumdl are left out"
for tool in typos rumdl; do
    [ -x "$work/venv/bin/$tool" ] || "$work/venv/bin/pip" install -q "$tool" || echo "$tool: not installed"
done
[ -d "$work/npm/node_modules/autocorrect-node" ] ||
    npm install --silent --prefix "$work/npm" autocorrect-node >/dev/null 2>&1 ||
    echo "autocorrect: not installed"

page=
if [ "${2:-}" = --write ]; then
    page=docs/performance.md
    cargo bench --quiet --bench engine >"$work/engine.txt"
fi
exec python3 benches/compare.py "$work" $page
