// Makes schema.d.ts as the command openapi-typescript does, but for the content of files: that is bytes, and no text. Beside it
// answers.ts says what types cannot, at a time when there are none.
//
//   node generate.mjs ENVIRONMENT DOCUMENT FOLDER

import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [environment, document, folder] = process.argv.slice(2);
const installed = createRequire(resolve(environment, "package.json"));
const { default: openapiTS, astToString, COMMENT_HEADER } = await import(pathToFileURL(installed.resolve("openapi-typescript").replace(/\.cjs$/, ".mjs")));
const ts = installed("typescript");
const yaml = installed("js-yaml");

const text = readFileSync(document, "utf8");
const nodes = await openapiTS(text, {
  transform(schema, { path }) {
    if (schema.format !== "binary") return undefined;
    return ts.factory.createTypeReferenceNode(path.includes("/requestBody/") ? "BodyInit" : "Blob");
  },
});
writeFileSync(resolve(folder, "schema.d.ts"), COMMENT_HEADER + astToString(nodes));

const isJSON = ([status, { content }]) => status.startsWith("2") && content?.["application/json"];
const withoutJSON = Object.entries(yaml.load(text).paths).flatMap(([path, operations]) =>
  Object.entries(operations)
    .filter(([, operation]) => !Object.entries(operation.responses).some(isJSON))
    .map(([method]) => `  ${JSON.stringify(`${method.toUpperCase()} ${path}`)},\n`),
);
writeFileSync(
  resolve(folder, "answers.ts"),
  `// Made by generate.mjs of the OpenAPI document.

/** The operations that answer without a word, or with the content of files; all others answer with JSON. */
export const withoutJSON: ReadonlySet<string> = new Set([
${withoutJSON.join("")}]);
`,
);
