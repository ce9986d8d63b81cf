import { StreamLanguage, type LanguageSupport, type StreamParser } from "@codemirror/language";
import { endingOf } from "../kind";

type Loader = () => Promise<LanguageSupport | StreamLanguage<unknown>>;

/** A language with a tokenizer but no grammar. */
function plain<T>(load: () => Promise<StreamParser<T>>): Loader {
  return async () => StreamLanguage.define(await load()) as StreamLanguage<unknown>;
}

const javascript = (options: { jsx?: boolean; typescript?: boolean }): Loader => async () => (await import("@codemirror/lang-javascript")).javascript(options);
const cpp: Loader = async () => (await import("@codemirror/lang-cpp")).cpp();
const html: Loader = async () => (await import("@codemirror/lang-html")).html();
const json: Loader = async () => (await import("@codemirror/lang-json")).json();
const markdown: Loader = async () => (await import("@codemirror/lang-markdown")).markdown();
const python: Loader = async () => (await import("@codemirror/lang-python")).python();
const yaml: Loader = async () => (await import("@codemirror/lang-yaml")).yaml();
const shell = plain(async () => (await import("@codemirror/legacy-modes/mode/shell")).shell);
const properties = plain(async () => (await import("@codemirror/legacy-modes/mode/properties")).properties);
const docker = plain(async () => (await import("@codemirror/legacy-modes/mode/dockerfile")).dockerFile);

const byEnding: Readonly<Record<string, Loader>> = {
  js: javascript({ jsx: true }), mjs: javascript({}), cjs: javascript({}), jsx: javascript({ jsx: true }),
  ts: javascript({ typescript: true }), mts: javascript({ typescript: true }), tsx: javascript({ jsx: true, typescript: true }),
  py: python, pyi: python, pyw: python,
  json, jsonl: json, ndjson: json, geojson: json, ipynb: json,
  yaml, yml: yaml,
  html, htm: html, xhtml: html,
  css: async () => (await import("@codemirror/lang-css")).css(),
  xml: async () => (await import("@codemirror/lang-xml")).xml(),
  svg: async () => (await import("@codemirror/lang-xml")).xml(),
  sql: async () => (await import("@codemirror/lang-sql")).sql(),
  hql: async () => (await import("@codemirror/lang-sql")).sql(),
  md: markdown, markdown,
  go: async () => (await import("@codemirror/lang-go")).go(),
  rs: async () => (await import("@codemirror/lang-rust")).rust(),
  java: async () => (await import("@codemirror/lang-java")).java(),
  c: cpp, h: cpp, cc: cpp, cpp, cxx: cpp, hpp: cpp, cu: cpp, cuh: cpp,
  sh: shell, bash: shell, zsh: shell,
  ini: properties, cfg: properties, conf: properties, properties, env: properties,
  toml: plain(async () => (await import("@codemirror/legacy-modes/mode/toml")).toml),
  dockerfile: docker,
  r: plain(async () => (await import("@codemirror/legacy-modes/mode/r")).r),
  jl: plain(async () => (await import("@codemirror/legacy-modes/mode/julia")).julia),
  rb: plain(async () => (await import("@codemirror/legacy-modes/mode/ruby")).ruby),
  lua: plain(async () => (await import("@codemirror/legacy-modes/mode/lua")).lua),
  pl: plain(async () => (await import("@codemirror/legacy-modes/mode/perl")).perl),
  scala: plain(async () => (await import("@codemirror/legacy-modes/mode/clike")).scala),
  kt: plain(async () => (await import("@codemirror/legacy-modes/mode/clike")).kotlin),
  diff: plain(async () => (await import("@codemirror/legacy-modes/mode/diff")).diff),
  patch: plain(async () => (await import("@codemirror/legacy-modes/mode/diff")).diff),
  proto: plain(async () => (await import("@codemirror/legacy-modes/mode/protobuf")).protobuf),
  tex: plain(async () => (await import("@codemirror/legacy-modes/mode/stex")).stex),
};

const byName: Readonly<Record<string, Loader>> = { dockerfile: docker, ".bashrc": shell, ".profile": shell };

/** The function that loads the highlighting for a file name; undefined if there is none. */
export function languageOf(name: string): Loader | undefined {
  const small = name.toLowerCase();
  const found = Object.hasOwn(byName, small) ? byName[small] : undefined;
  const ending = endingOf(name);
  return found ?? (Object.hasOwn(byEnding, ending) ? byEnding[ending] : undefined);
}
