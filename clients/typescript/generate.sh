#!/bin/sh
# Generates schema.d.ts and answers.ts from the OpenAPI document with the generator in an environment that make has installed:
#
#   clients/typescript/generate.sh build/typescript [FOLDER]
#
# into FOLDER if it is given, instead of this folder.
set -eu
environment=$(realpath "$1")
PATH=$environment/bin:$PATH
cd "$(dirname "$0")"
node generate.mjs "$environment" ../../openapi/openapi.yaml "${2:-.}"
