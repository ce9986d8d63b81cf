#!/bin/sh
# Makes granary_client of the OpenAPI document with the generator of an environment that make has installed:
#
#   clients/python/generate.sh build/python [FOLDER]
#
# into FOLDER, if it is given, instead of this one.
#
# templates/ has those of the generator's that are ours, made of those of its version 0.29.1; streaming.py in granary_client is
# written by hand, and stays. describe.py makes of the document what the generator finds the words of parameters in.
set -eu
export RUFF_NO_CACHE=true
PATH=$(realpath "$1")/bin:$PATH
cd "$(dirname "$0")"
described=$(mktemp -d)
trap 'rm -rf "$described"' EXIT
python describe.py ../../openapi/openapi.yaml "$described/openapi.json"
openapi-python-client generate --path "$described/openapi.json" --config generator.yaml --custom-template-path templates --meta none \
  --output-path "${2:-.}/granary_client" --overwrite --fail-on-warning >&2
touch "${2:-.}/granary_client/py.typed" # PEP 561: type checkers ask an installed package for it; --overwrite takes it away
