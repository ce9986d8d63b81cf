#!/usr/bin/env bash
# Puts Hadoop's client libraries, and Commands.java compiled against them, into FOLDER/hadoop-VERSION, and into FOLDER/hdfs
# the servers that bench/hdfs/start.sh starts.
#
#   install.sh FOLDER
#
# Needs a JDK, 17 or later, and Maven.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
[ $# = 1 ] || { echo "usage: $0 FOLDER" >&2; exit 2; }

fetch() { # pom folder [setting] : what a pom.xml depends on
  mvn -q -B -Dstyle.color=never -f "$1" dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$2" "${@:3}" </dev/null
}
fetch "$here/../../../bench/hdfs/pom.xml" "$1/hdfs"
touch "$1/hdfs/complete"
while read -r version; do
  into=$1/hadoop-$version
  fetch "$here/pom.xml" "$into/lib" -Dhadoop.version="$version"
  javac -d "$into/classes" -cp "$into/lib/*" "$here/Commands.java"
done <"$here/versions.txt"
