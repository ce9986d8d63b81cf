#!/bin/sh
# Makes schema.d.ts of the OpenAPI document with the generator of an environment that make has installed:
#
#   clients/typescript/generate.sh build/typescript [FOLDER]
#
# into FOLDER, if it is given, instead of this one.
set -eu
environment=$(realpath "$1")
PATH=$environment/bin:$PATH
cd "$(dirname "$0")"
"$environment/node_modules/.bin/openapi-typescript" ../../openapi/openapi.yaml --output "${2:-.}/schema.d.ts" >&2
