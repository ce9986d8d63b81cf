#!/usr/bin/env bash
# Measures Granary against a real, tuned HDFS in turns, and writes bench/README.md and bench/hdfs.json.
#
#   bench/compare.sh [flags of bench]       such as -clients 1,16,64 or -sizes 4KiB,64KiB,1MiB
#
# Needs what `make run` needs, and Java, Maven and curl for the HDFS (bench/hdfs/start.sh).
#   HDFS_URL    a tuned HDFS that runs already, instead of one of our own; HTTPFS_URL likewise
#   HTTPFS=yes  measure HttpFS too
#   BENCH_DATA  the folder, on a disk, for everybody's data: /var/tmp
#   OUT         write OUT.json and no page, for a run that is not for publishing
set -euo pipefail
cd "$(dirname "$0")/.."
dir=$(mktemp -d "${BENCH_DATA:-/var/tmp}/granary-compare-XXXXXX")
chmod 755 "$dir" # the database may run as another user
cleanup() {
  bench/hdfs/stop.sh "$dir/hdfs"
  rm -rf "$dir"
}
trap cleanup EXIT

go build -buildvcs=false -o "$dir/granary" ./cmd/granary
go build -buildvcs=false -o "$dir/bench" ./bench
if [ -z "${HDFS_URL:-}" ]; then
  mkdir "$dir/hdfs"
  bench/hdfs/start.sh "$dir/hdfs"
  HDFS_URL=$(cat "$dir/hdfs/url")
  [ ! -e "$dir/hdfs/httpfs-url" ] || HTTPFS_URL=$(cat "$dir/hdfs/httpfs-url")
fi
flags=(-granary "$dir/granary" -hdfs "$HDFS_URL" -null -data "$dir")
[ -z "${HTTPFS_URL:-}" ] || flags+=(-httpfs "$HTTPFS_URL")
if [ -n "${OUT:-}" ]; then
  flags+=(-json "$OUT.json")
else
  flags+=(-json bench/hdfs.json -page bench/README.md)
fi
"$dir/bench" "${flags[@]}" "$@"
