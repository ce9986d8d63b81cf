import { createServer, type Server } from "node:http";
import type { Page } from "playwright-core";
import { afterAll, beforeAll } from "vitest";

/** A server that nobody should ask for anything: what it is asked for is kept. */
export interface Trap {
  /** Its address, without a slash at the end. */
  at: string;
  /** The paths that it was asked for. */
  asked: string[];
  /** Pages that it serves, by their paths. */
  pages: Map<string, string>;
}

/** Sets a trap for the tests of a file. */
export function trap(): Trap {
  let server: Server;
  const made: Trap = { at: "", asked: [], pages: new Map() };
  beforeAll(async () => {
    server = createServer((request, answer) => {
      const path = request.url ?? "";
      const page = made.pages.get(path);
      if (page === undefined) made.asked.push(path);
      answer.setHeader("Content-Type", page === undefined ? "text/javascript" : "text/html; charset=utf-8");
      answer.setHeader("Access-Control-Allow-Origin", "*");
      answer.end(page ?? "window.top.ran = 'elsewhere'");
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const address = server.address();
    made.at = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  return made;
}

/** Waits until what a page was about to run, or to ask for, has begun: answers came, and frames were drawn, after it was there. */
export async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    for (let i = 0; i < 3; i++) {
      await fetch("/api/v1/sign-in");
      await new Promise((done) => requestAnimationFrame(done));
    }
  });
}

/** What scripts of samples do: tell that they ran, in each way that a test could see. */
function ran(by: string, at: string): string {
  return `try{window.top.ran='${by}'}catch(e){}window.ran='${by}';fetch('${at}/ran-${by}').catch(function(){})`;
}

/** A page that tries to run, to load, to go elsewhere and to send. */
export function page(at: string): string {
  return `<!doctype html><html><head><title>Report</title><base href="${at}/">
<meta http-equiv="refresh" content="0;url=${at}/refresh"><link rel="stylesheet" href="${at}/sheet.css"><link rel="preconnect" href="${at}"><link rel="prefetch" href="${at}/prefetch">
<script>${ran("script", at)}</script><script src="${at}/loaded.js"></script><style>@import "${at}/import.css"; body{background:url(${at}/back.png)}</style></head>
<body onload="${ran("onload", at)}"><h1>Quarterly report</h1><img src="${at}/img.png" onerror="${ran("onerror", at)}"><img src="x" onerror="${ran("broken", at)}" srcset="${at}/srcset.png 2x">
<iframe src="javascript:parent.eval(&quot;${ran("frame", at)}&quot;)"></iframe><iframe srcdoc="<script>${ran("srcdoc", at)}</script>"></iframe>
<object data="${at}/object"></object><embed src="${at}/embed"><video src="${at}/video" poster="${at}/poster" autoplay></video>
<svg><script>${ran("svg", at)}</script><image href="${at}/svg.png"/></svg><form action="${at}/form"><input autofocus onfocus="${ran("focus", at)}"></form>
<a href="javascript:${ran("link", at)}" style="background:url(${at}/style.png)">A link</a><p>The end of the report</p></body></html>`;
}

/** An image that tries the same. */
export function svg(at: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="200" height="100" onload="${ran("svgload", at)}"><script>${ran("svgscript", at)}</script>
<style>@import url(${at}/svg.css); rect{fill:url(${at}/fill)}</style><rect width="200" height="100" style="fill:teal"/><image xlink:href="${at}/svgimage.png" width="9" height="9"/><use xlink:href="${at}/use.svg#a"/>
<foreignObject width="100" height="100"><body xmlns="http://www.w3.org/1999/xhtml"><img src="${at}/foreign.png" onerror="${ran("foreign", at)}"/><script>${ran("foreignscript", at)}</script></body></foreignObject>
<animate attributeName="href" values="javascript:${ran("animate", at)}"/><text x="10" y="50">teal</text></svg>`;
}

/** Markdown that tries the same. */
export function markdown(at: string): string {
  return `# Weights <img src=x onerror="${ran("mdinline", at)}">

<script>${ran("mdscript", at)}</script>

<div onmouseover="x"><img src="${at}/mdblock.png" onerror="${ran("mdblock", at)}"></div>

<iframe src="${at}/mdframe"></iframe>

Some <b onclick="x">bold</b> words <img src="${at}/mdhtml.png"> and <style>@import "${at}/md.css"</style> more.

![outside](${at}/mdimage.png) ![data](data:image/svg+xml,<svg/onload=1>) ![script](javascript:alert) ![ref][r]

[run](javascript:window.ran=1) [run too](JaVa&#x53;cript:window.ran=1) [data](data:text/html,<script>1</script>) [same](//example.invalid/x) [fine](https://example.invalid/x) <javascript:alert(1)>

| <script>1</script> | [x](vbscript:x) |
|-|-|
| \`<img src=x onerror=1>\` | ![t](${at}/mdtable.png "t") |

[r]: ${at}/mdref.png

The end of the text
`;
}

/** Names that people and programs give to files, which must not turn a page around, or end what they stand in. */
export const names = [
  `"quoted" 'twice' <b>&amp;<b>.txt`,
  "two\nlines.txt",
  "invoice\u202egnp.txt",
  `<img src=x onerror=window.ran='name'>.txt`,
  "%2e%2e?x=1#y.txt",
  `${"ü".repeat(125)}n.txt`, // 255 bytes
];
