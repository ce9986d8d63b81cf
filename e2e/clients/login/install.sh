#!/usr/bin/env bash
# Builds pydoop into FOLDER, as ../libhdfs/install.sh does, and puts Hadoop's client libraries there, as ../hadoop/install.sh
# does, of the version in versions.txt.
#
#   install.sh FOLDER
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
[ $# = 1 ] || { echo "usage: $0 FOLDER" >&2; exit 2; }

"$here/../libhdfs/install.sh" "$1"
"$here/../hadoop/install.sh" "$1" "$(cat "$here/versions.txt")"
