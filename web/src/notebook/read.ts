import { readJson } from "../look/json/read";

/** An output of a code cell. */
export type Output =
  | { kind: "text"; text: string; error: boolean }
  | { kind: "image"; data: string }
  | { kind: "markdown"; text: string }
  | { kind: "html"; html: string; text: string }
  | { kind: "source"; type: string; text: string }
  | { kind: "failure"; text: string };

/** A cell of a notebook. */
export interface Cell {
  kind: "markdown" | "code" | "raw";
  source: string;
  /** The execution count of a code cell; undefined if it was not run. */
  count: number | undefined;
  outputs: readonly Output[];
}

/** A notebook in the form in which it is shown. */
export interface Notebook {
  /** In lower case, such as python; "" if it is not given. */
  language: string;
  cells: readonly Cell[];
}

type Fields = Readonly<Record<string, unknown>>;

const images = ["image/png", "image/jpeg", "image/gif", "image/webp"];
const inVersion3: Readonly<Record<string, string>> = { png: "image/png", jpeg: "image/jpeg", html: "text/html", svg: "image/svg+xml", text: "text/plain", json: "application/json", javascript: "application/javascript", latex: "text/latex" };

/** Reads a Jupyter notebook of nbformat 3 or 4. It throws an Error that says what is wrong, and where. */
export function readNotebook(text: string): Notebook {
  let all: unknown;
  try {
    all = readJson(text);
  } catch (e) {
    throw new Error(`it is not valid JSON: ${e instanceof Error ? e.message : String(e)}`);
  }
  if (!isFields(all)) throw new Error("it is not a JSON object");
  const version = all["nbformat"];
  if (typeof version !== "number") throw new Error("it has no nbformat number, which every notebook must have");
  if (version < 3 || version >= 5) throw new Error(`it has nbformat ${version}, but only 3 and 4 are supported`);
  const cells = version < 4 ? sheets(all).flatMap((sheet) => listOf(sheet, "cells")) : listOf(all, "cells");
  return { language: languageOf(all), cells: cells.map((cell, i) => readCell(cell, i + 1)) };
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function listOf(of: Fields, name: string): readonly unknown[] {
  const list = of[name];
  if (!Array.isArray(list)) throw new Error(`its ${name} are not a list`);
  return list;
}

function sheets(of: Fields): readonly Fields[] {
  return listOf(of, "worksheets").map((sheet, i) => {
    if (!isFields(sheet)) throw new Error(`worksheet ${i + 1} is not an object`);
    return sheet;
  });
}

function languageOf({ metadata }: Fields): string {
  if (!isFields(metadata)) return "";
  for (const about of [metadata["language_info"], metadata["kernelspec"]]) {
    if (!isFields(about)) continue;
    const name = about["name"] ?? about["language"];
    if (about["language"] !== undefined && typeof about["language"] === "string") return about["language"].toLowerCase();
    if (typeof name === "string") return name.toLowerCase();
  }
  return "";
}

/** A text, which may be given as a list of lines. */
function textOf(value: unknown, where: string): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.every((line) => typeof line === "string")) return value.join("");
  throw new Error(`${where} is not text`);
}

function readCell(cell: unknown, number: number): Cell {
  const where = `cell ${number}`;
  if (!isFields(cell)) throw new Error(`${where} is not an object`);
  const kind = cell["cell_type"];
  const source = textOf(cell["source"] ?? cell["input"] ?? "", `the source of ${where}`);
  if (kind === "code") {
    const count = cell["execution_count"] ?? cell["prompt_number"];
    const outputs = cell["outputs"] === undefined ? [] : listOf(cell, "outputs");
    return { kind, source, count: typeof count === "number" ? count : undefined, outputs: outputs.flatMap((output, i) => readOutput(output, `output ${i + 1} of ${where}`)) };
  }
  if (kind === "heading") {
    const level = cell["level"];
    return { kind: "markdown", source: `${"#".repeat(typeof level === "number" ? Math.min(6, Math.max(1, level)) : 1)} ${source}`, count: undefined, outputs: [] };
  }
  return { kind: kind === "markdown" ? "markdown" : "raw", source, count: undefined, outputs: [] };
}

function readOutput(output: unknown, where: string): Output[] {
  if (!isFields(output)) throw new Error(`${where} is not an object`);
  switch (output["output_type"]) {
    case "stream":
      return [{ kind: "text", text: textOf(output["text"] ?? "", where), error: (output["name"] ?? output["stream"]) === "stderr" }];
    case "error":
    case "pyerr": {
      const trace = output["traceback"];
      const text = Array.isArray(trace) ? trace.filter((line) => typeof line === "string").join("\n") : "";
      return [{ kind: "failure", text: text === "" ? `${said(output["ename"])}: ${said(output["evalue"])}` : text }];
    }
    default: {
      const data = isFields(output["data"]) ? output["data"] : Object.fromEntries(Object.entries(output).flatMap(([name, value]) => (inVersion3[name] === undefined ? [] : [[inVersion3[name], value]])));
      return bundle(data, where);
    }
  }
}

function said(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** Chooses the most informative form of an output that is safe to show. */
function bundle(data: Fields, where: string): Output[] {
  const image = images.find((type) => data[type] !== undefined);
  if (image !== undefined) return [{ kind: "image", data: textOf(data[image], where).replace(/\s+/g, "") }];
  const plain = data["text/plain"] === undefined ? "" : textOf(data["text/plain"], where);
  if (data["text/html"] !== undefined) return [{ kind: "html", html: textOf(data["text/html"], where), text: plain }];
  if (data["text/markdown"] !== undefined) return [{ kind: "markdown", text: textOf(data["text/markdown"], where) }];
  if (data["application/json"] !== undefined) return [{ kind: "source", type: "JSON", text: JSON.stringify(data["application/json"], null, 2) }];
  if (plain !== "") return [{ kind: "text", text: plain, error: false }];
  const other = Object.entries(data).find(([, value]) => typeof value === "string" || Array.isArray(value));
  return other === undefined ? [] : [{ kind: "source", type: other[0], text: textOf(other[1], where) }];
}
