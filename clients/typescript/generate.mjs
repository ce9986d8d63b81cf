// Makes schema.d.ts as the command openapi-typescript does, but for the content of files: that is bytes, and no text.
//
//   node generate.mjs ENVIRONMENT DOCUMENT OUTPUT

import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [environment, document, output] = process.argv.slice(2);
const installed = createRequire(resolve(environment, "package.json"));
const { default: openapiTS, astToString, COMMENT_HEADER } = await import(pathToFileURL(installed.resolve("openapi-typescript").replace(/\.cjs$/, ".mjs")));
const ts = installed("typescript");

const nodes = await openapiTS(readFileSync(document), {
  transform(schema, { path }) {
    if (schema.format !== "binary") return undefined;
    return ts.factory.createTypeReferenceNode(path.includes("/requestBody/") ? "BodyInit" : "Blob");
  },
});
writeFileSync(output, COMMENT_HEADER + astToString(nodes));
