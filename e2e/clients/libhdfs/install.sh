#!/usr/bin/env bash
# Builds pydoop and puts what it needs into FOLDER: an installation of Hadoop's client, as small as pydoop accepts, in
# FOLDER/hadoop; pydoop's source, with its tests, in FOLDER/pydoop; libhdfs.so, for which pydoop's extension serves, in
# FOLDER/libhdfs.
#
#   install.sh FOLDER
#
# Needs a JDK, 17 or later, Maven, a C++ compiler, Python's headers and Debian's libtirpc-dev: libhdfs needs the headers
# of Sun's RPC, which glibc no longer has. pydoop cannot be built against a Hadoop later than 3.3, nor with setuptools 80
# or later.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
[ $# = 1 ] || { echo "usage: $0 FOLDER" >&2; exit 2; }
hadoop=$1/hadoop pydoop=2.0.0

mvn -q -B -Dstyle.color=never -f "$here/../hadoop/pom.xml" -Dhadoop.version=3.3.6 \
  dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$hadoop/lib" </dev/null
mkdir -p "$hadoop/bin" "$hadoop/etc/hadoop"
# pydoop asks this program where the libraries are, and nothing else.
cat >"$hadoop/bin/hadoop" <<'HADOOP'
#!/bin/sh
[ "$*" = "classpath --glob" ] || { echo "usage: hadoop classpath --glob" >&2; exit 2; }
home=$(cd "$(dirname "$0")/.." && pwd)
printf '%s' "${HADOOP_CONF_DIR:-$home/etc/hadoop}"
printf ':%s' "$home"/lib/*.jar
HADOOP
chmod +x "$hadoop/bin/hadoop"

export PATH=$hadoop/bin:$PATH
JAVA_HOME=$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")
export JAVA_HOME
rm -rf "$1/pydoop"
mkdir "$1/pydoop"
python -m pip download --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-binary :all: \
  --dest "$1/pydoop" "pydoop==$pydoop"
tar -xzf "$1/pydoop/pydoop-$pydoop.tar.gz" -C "$1/pydoop" --strip-components=1
CPATH=/usr/include/tirpc LDFLAGS=-ltirpc python -m pip install --quiet --disable-pip-version-check --no-deps \
  --no-build-isolation "$1/pydoop/pydoop-$pydoop.tar.gz"

mkdir -p "$1/libhdfs"
ln -sf "$(python -c 'import sysconfig; print(sysconfig.get_path("platlib"))')"/pydoop/native_core_hdfs.*.so "$1/libhdfs/libhdfs.so"
