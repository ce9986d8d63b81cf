#!/usr/bin/env bash
# Ends what start.sh started in DIR, and waits until it has ended. The data is kept.
set -euo pipefail
[ $# = 1 ] || { echo "usage: $0 DIR" >&2; exit 2; }
[ -d "$1/pid" ] || exit 0
dir=$(cd "$1" && pwd)
for file in "$dir"/pid/*; do
  [ -e "$file" ] || continue
  pid=$(cat "$file")
  # The process id may have been reused since, so check the command line: in /proc, or with ps where that is missing, as on macOS.
  if { tr '\0' ' ' <"/proc/$pid/cmdline" || ps -ww -o command= -p "$pid"; } 2>/dev/null | grep -qF -- "-Dgranary.log=$dir/log/"; then
    kill "$pid"
    for _ in $(seq 60); do
      kill -0 "$pid" 2>/dev/null || break
      sleep 0.5
    done
    kill -9 "$pid" 2>/dev/null || true
  fi
  rm -f "$file"
done
rm -f "$dir/url" "$dir/httpfs-url"
