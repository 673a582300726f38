#!/bin/sh
# Opens a draft in Helix inside tmux and looks at the screen for what gouji says of it:
#   GOUJI=target/debug/gouji HX=hx sh editors/helix/test.sh
# Without Helix or tmux it says so and does nothing.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
hx=$(command -v "${HX:-hx}") || { echo "skipped: no Helix (hx)"; exit 0; }
command -v tmux >/dev/null || { echo "skipped: no tmux"; exit 0; }
gouji=$(realpath "${GOUJI:-target/debug/gouji}")

home=$(mktemp -d)
socket=$home/tmux
trap 'tmux -S "$socket" kill-server 2>/dev/null || true; rm -rf "$home"' EXIT
mkdir -p "$home/config/helix" "$home/bin"
cp "$here/languages.toml" "$home/config/helix/"
ln -s "$gouji" "$home/bin/gouji"
cat > "$home/draft.txt" <<'DRAFT'
云岭县文联2023年度部门整体支出绩效自评报告
一、部门概况
𠮷：2023年我会总支出138.43万元，其中：基本支出118.43万元，项目支出20万元。
二、资金情况
2023年总支出138.43万元，财务台帐清楚。
DRAFT

keys() { tmux -S "$socket" send-keys -t 0 "$@"; sleep 0.3; }
sees() { # what, text
  for _ in $(seq 100); do
    screen=$(tmux -S "$socket" capture-pane -p -t 0)
    case $screen in *"$2"*) echo "ok   $1"; return ;; esac
    sleep 0.2
  done
  printf 'FAIL %s\n%s\n' "$1" "$screen"
  exit 1
}

export XDG_CONFIG_HOME="$home/config" XDG_CACHE_HOME="$home/cache" PATH="$home/bin:$PATH" LC_ALL=C.UTF-8
"$hx" --version
tmux -S "$socket" -f /dev/null new-session -d -x 160 -y 40 "$hx $home/draft.txt"
sees "opened" '财务台帐清楚'
keys -l '/台帐'
keys Enter
sees "finding" '“台帐”应作“台账”'
keys -l '/138'
keys Enter
keys -l ' k'
sees "hover" '✓ 相符'
keys Escape
keys -l ' s'
sees "symbols" '二、资金情况'
keys Escape
keys -l ' r'
sees "rename asks" 'rename-to:138.43'
for _ in 1 2 3 4 5 6; do keys BSpace; done
keys -l '140.50'
keys Enter
sees "every mention is renamed" '2023年总支出140.50万元，财务'
sees "what no longer ties is told" '勾稽不再成立'
keys -l '/台帐'
keys Enter
keys -l ' a'
sees "actions" '忽略此处的 TXT008'
keys Enter
sees "repaired" '财务台账清楚'
