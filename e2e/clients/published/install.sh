#!/bin/sh
# Unpacks the tests in the source package of hdfs, which pip does not install.
set -eu
package=$(sed -n '/^hdfs==/p' "$(dirname "$0")/requirements.txt")
rm -rf "$1/hdfs"
mkdir "$1/hdfs"
python -m pip download --quiet --disable-pip-version-check --no-deps --no-binary :all: --dest "$1/hdfs" "$package"
tar -xzf "$1"/hdfs/hdfs-*.tar.gz -C "$1/hdfs" --strip-components 1
