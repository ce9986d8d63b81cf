#!/bin/sh
# Generates granary_client from the OpenAPI document with the generator in an environment that make has installed:
#
#   clients/python/generate.sh build/python [FOLDER]
#
# into FOLDER if it is given, instead of this folder.
#
# templates/ has the generator's templates that we changed, based on those of its version 0.29.1. streaming.py in granary_client
# is written by hand, and is kept. describe.py adds to the document the descriptions of parameters where the generator looks for them.
set -eu
export RUFF_NO_CACHE=true
PATH=$(realpath "$1")/bin:$PATH
cd "$(dirname "$0")"
described=$(mktemp -d)
trap 'rm -rf "$described"' EXIT
python describe.py ../../openapi/openapi.yaml "$described/openapi.json"
openapi-python-client generate --path "$described/openapi.json" --config generator.yaml --custom-template-path templates --meta none \
  --output-path "${2:-.}/granary_client" --overwrite --fail-on-warning >&2
touch "${2:-.}/granary_client/py.typed" # PEP 561: type checkers look for it in an installed package; --overwrite deletes it
