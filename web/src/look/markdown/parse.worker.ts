import type { ElementContent, Nodes, Root } from "hast";
import type { Html } from "mdast";
import remarkGfm from "remark-gfm";
import remarkParse from "remark-parse";
import remarkRehype from "remark-rehype";
import { unified } from "unified";

/** A message of the page to this worker. */
export interface Question {
  id: number;
  text: string;
}

/** The answer: which question the parser begins with, and then a tree, or why there is none. */
export type Answer = { begun: number } | { id: number; tree: Root } | { id: number; fault: string };

const mostNodes = 40_000;
const deepest = 60;

/** Converts HTML in Markdown, which is not interpreted: line breaks are kept, comments and inline tags are removed, and blocks are shown as text. */
function asText(_: unknown, node: Html): ElementContent | undefined {
  const text = node.value.trim();
  if (/^<br\s*\/?>$/i.test(text)) return { type: "element", tagName: "br", properties: {}, children: [] };
  if (/^<!--[^]*-->$/.test(text) || /^<[^<>]*>$/.test(text)) return undefined;
  return { type: "element", tagName: "pre", properties: {}, children: [{ type: "element", tagName: "code", properties: {}, children: [{ type: "text", value: text }] }] };
}

const markdown = unified().use(remarkParse).use(remarkGfm).use(remarkRehype, { handlers: { html: asText } });

/** Throws if a tree is too large for a page, or too deep to be rendered. */
function check(root: Root): void {
  let nodes = 0;
  const open: [node: Nodes, depth: number][] = [[root, 0]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [node, depth] = next;
    if (++nodes > mostNodes) throw new Error("it has too many elements");
    if (depth > deepest) throw new Error("its elements are nested too deeply");
    if ("children" in node) for (const child of node.children) open.push([child, depth + 1]);
  }
}

addEventListener("message", ({ data }: MessageEvent<Question>) => {
  postMessage({ begun: data.id } satisfies Answer);
  let answer: Answer;
  try {
    const tree = markdown.runSync(markdown.parse(data.text));
    check(tree);
    answer = { id: data.id, tree };
  } catch (e) {
    answer = { id: data.id, fault: e instanceof RangeError ? "its elements are nested too deeply" : e instanceof Error ? e.message : String(e) };
  }
  postMessage(answer);
});
