"""Copies descriptions of parameters into their schemas, where the generator looks for them, and writes the document as JSON.

describe.py DOCUMENT OUTPUT
"""

import json
import sys

from ruamel.yaml import YAML

document, output = sys.argv[1:]
with open(document) as file:
    openapi = YAML(typ="safe").load(file)
schemas = openapi["components"]["schemas"]
for operations in openapi["paths"].values():
    for operation in operations.values():
        for parameter in operation.get("parameters", []):
            schema, words = parameter["schema"], [parameter["description"]]
            if "$ref" in schema:
                schema = schemas[schema["$ref"].removeprefix("#/components/schemas/")]
                words.append(schema["description"])
            parameter["schema"] = {**schema, "description": " ".join(words)}
with open(output, "w") as file:
    json.dump(openapi, file)
