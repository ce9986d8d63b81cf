#!/bin/sh
# Installs the packages of package-lock.json into an environment, without running any code of theirs.
set -eu
cp "$(dirname "$0")/package.json" "$(dirname "$0")/package-lock.json" "$1"
cd "$1"
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
