#!/usr/bin/env bash
# Puts Hadoop's client libraries, and Commands.java compiled against them, into FOLDER/hadoop-VERSION.
#
#   install.sh FOLDER
#
# Needs a JDK, 17 or later, and Maven.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
[ $# = 1 ] || { echo "usage: $0 FOLDER" >&2; exit 2; }

while read -r version; do
  into=$1/hadoop-$version
  mvn -q -B -Dstyle.color=never -f "$here/pom.xml" -Dhadoop.version="$version" \
    dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$into/lib" </dev/null
  javac -d "$into/classes" -cp "$into/lib/*" "$here/Commands.java"
done <"$here/versions.txt"
