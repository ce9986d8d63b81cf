#!/usr/bin/env bash
# Puts Hadoop's client libraries, and Commands.java compiled against them, into FOLDER/hadoop-VERSION, for one version or for
# all of versions.txt; with all, also the servers that bench/hdfs/start.sh starts, into FOLDER/hdfs.
#
#   install.sh FOLDER [VERSION]
#
# Needs a JDK, 17 or later, and Maven.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
[ $# = 1 ] || [ $# = 2 ] || { echo "usage: $0 FOLDER [VERSION]" >&2; exit 2; }

fetch() { # pom folder [setting] : what a pom.xml depends on
  mvn -q -B -Dstyle.color=never -f "$1" dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$2" "${@:3}" </dev/null
}
if [ $# = 1 ]; then
  fetch "$here/../../../bench/hdfs/pom.xml" "$1/hdfs"
  touch "$1/hdfs/complete"
fi
while read -r version; do
  into=$1/hadoop-$version
  fetch "$here/pom.xml" "$into/lib" -Dhadoop.version="$version"
  javac -d "$into/classes" -cp "$into/lib/*" "$here/Commands.java"
done < <(if [ $# = 2 ]; then echo "$2"; else cat "$here/versions.txt"; fi)
