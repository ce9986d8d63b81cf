#!/bin/sh
# Builds the tests of this folder, and the program that gowfs is tested with against a real HDFS.
set -eu
cd "$(dirname "$0")"
go test -c -o "$1/bin/gowfs.test" .
go build -o "$1/bin/test-hdfs" github.com/glutamatt/gowfs/test-hdfs
