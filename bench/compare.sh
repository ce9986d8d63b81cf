#!/usr/bin/env bash
# Compares Granary with a real, tuned HDFS, its HttpFS and an empty server, which take turns, and writes bench/README.md,
# bench/hdfs.json and bench/hdfs.png.
#
#   bench/compare.sh [flags of bench]       such as -clients 16 -ops create,read -rounds 1
#
# Needs what `make run` needs, Java, Maven and curl for the HDFS (bench/hdfs/start.sh), and 25 GB on the disk.
#   HDFS_URL    a tuned HDFS that is running already, instead of starting one; HTTPFS_URL likewise
#   HTTPFS=no   leave HttpFS out
#   BEFORE      a commit to compare with: the same load also goes to Granary as of this commit; needs git
#   BENCH_DATA  the folder, on a disk, for the data of all servers; /var/tmp if not set
#   OUT         write OUT.json and OUT.png but no page, for a run that is not to be published
set -euo pipefail
cd "$(dirname "$0")/.."
dir=$(mktemp -d "${BENCH_DATA:-/var/tmp}/granary-compare-XXXXXX")
chmod 755 "$dir" # the database may run as another user
cleanup() {
  bench/hdfs/stop.sh "$dir/hdfs"
  rm -rf "$dir"
}
trap cleanup EXIT

build() { # source commit binary
  (cd "$1" && go build -buildvcs=false -ldflags "-X main.version=$2" -o "$3" ./cmd/granary)
}
commit=$(git describe --always --dirty --abbrev=12 --match= --exclude='*')
build . "$commit" "$dir/granary"
go build -buildvcs=false -o "$dir/bench" ./bench
if [ -z "${HDFS_URL:-}" ]; then
  mkdir "$dir/hdfs"
  export HTTPFS=${HTTPFS:-yes}
  bench/hdfs/start.sh "$dir/hdfs"
  HDFS_URL=$(cat "$dir/hdfs/url")
  [ ! -e "$dir/hdfs/httpfs-url" ] || HTTPFS_URL=$(cat "$dir/hdfs/httpfs-url")
fi
flags=(-granary "$dir/granary" -hdfs "$HDFS_URL" -null -data "$dir" -commit "$commit")
[ -z "${HTTPFS_URL:-}" ] || flags+=(-httpfs "$HTTPFS_URL")
if [ -n "${BEFORE:-}" ]; then
  before=$(git rev-parse --verify --short=12 "$BEFORE^{commit}")
  mkdir "$dir/before"
  git archive "$before" | tar -x -C "$dir/before"
  build "$dir/before" "$before" "$dir/granary-before"
  flags+=(-before "$dir/granary-before")
fi
# Everything that bench/README.md reports, in one hour.
flags+=(-clients 1,16,64 -sizes 4KiB,1KiB,64KiB,1MiB -duration 2s -loader)
if [ -n "${OUT:-}" ]; then
  flags+=(-json "$OUT.json" -plot "$OUT.png")
else
  flags+=(-json bench/hdfs.json -plot bench/hdfs.png -page bench/README.md)
fi
"$dir/bench" "${flags[@]}" "$@"
