// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { svgFault } from "./svg";

const svg = (inner: string) => `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="200" height="200">${inner}</svg>`;
const coded = (text: string) => `data:image/svg+xml;base64,${btoa(text)}`;

/** Elements that have the next of them drawn ten times, nine levels deep. */
function nest(tag: string, by: (id: string) => string): string {
  const levels = Array.from({ length: 9 }, (_, i) => `<${tag} id="m${i}">${`<path d="M0 0h9" ${i < 8 ? by(`m${i + 1}`) : ""}/>`.repeat(10)}</${tag}>`);
  return svg(`<defs>${levels.join("")}</defs><path d="M0 0h9" ${by("m0")}/>`);
}

const used = svg(`<defs><g id="g0"><path d="M0 0"/></g>${Array.from({ length: 9 }, (_, i) => `<g id="g${i + 1}">${`<use href="#g${i}"/>`.repeat(10)}</g>`).join("")}</defs><use href="#g9"/>`);

test.each([
  ["use", used],
  ["a mask", nest("mask", (id) => `mask="url(#${id})"`)],
  ["a clip", nest("clipPath", (id) => `clip-path="url('#${id}')"`)],
  ["a pattern", nest("pattern", (id) => `fill="url( #${id} )"`)],
  ["a marker", nest("marker", (id) => `marker-end="url(#${id})"`)],
  ["a style", nest("mask", (id) => `style="mask:url(#${id})"`)],
  ["a sheet", nest("mask", (id) => `class="c${id}"`).replace("<defs>", `<style>/* all */ ${Array.from({ length: 9 }, (_, i) => `.cm${i}, x { mask: url("#m${i}") }`).join("")}</style><defs>`)],
  ["a sheet with braces in strings", nest("mask", (id) => `class="c${id}"`).replace("<defs>", `<style>${Array.from({ length: 9 }, (_, i) => `.cm${i} { mask: url(#m${i}); font-family: "{" } .x { font-family: "}" }`).join("")}</style><defs>`)],
  ["a sheet with comments in strings", nest("mask", (id) => `class="c${id}"`).replace("<defs>", `<style>.x{font-family:"/*"} ${Array.from({ length: 9 }, (_, i) => `.cm${i} { mask: url(#m${i}) }`).join("")} .x{font-family:"*/"}</style><defs>`)],
  ["a sheet with comments in selectors", nest("mask", (id) => `class="c${id}"`).replace("<defs>", `<style>${Array.from({ length: 9 }, (_, i) => `path/**/.cm${i} { mask: url(#m${i}) }`).join("")}</style><defs>`)],
  ["a sheet for some media", nest("mask", (id) => `class="c${id}"`).replace("<defs>", `<style>@media all { @supports (x:y) { ${Array.from({ length: 9 }, (_, i) => `.cm${i} { mask: url(#m${i}) }`).join("")} } }</style><defs>`)],
  ["a comment in a string of a style", nest("mask", (id) => `style="x:'/*';mask:url(#${id});y:'*/'"`)],
  ["many masks of one element", svg(`<mask id="m">${"<path/>".repeat(1_000)}</mask><path style="mask:${Array(1_000).fill("url(#m)").join(",")}"/>`)],
  ["an id that is encoded", nest("mask", (id) => `mask="url(#%6${(10 + 3).toString(16)}${id.slice(1)})"`)],
  ["an id with a space", nest("mask", (id) => `mask="url('#${id}')"`).replaceAll(/id="m(\d)"/g, 'id="m $1"').replaceAll(/#m(\d)/g, "#m $1")],
  ["an absolute address", nest("mask", (id) => `mask="url(about:blank#${id})"`)],
  ["use with a space", used.replaceAll(`href="#`, `href=" #`)],
  ["use with another prefix", used.replace("<svg ", `<svg xmlns:l="http://www.w3.org/1999/xlink" `).replaceAll(`<use href`, `<use l:href`)],
  ["use that is animated", used.replaceAll(/<use href="(#g\d)"\/>/g, `<use><set attributeName="href" to="$1"/></use>`)],
  ["a pattern that is another one's", nest("pattern", (id) => `fill="url(#of-${id})"`).replace("<defs>", `<defs>${Array.from({ length: 9 }, (_, i) => `<pattern id="of-m${i}" href="#m${i}"/>`).join("")}`)],
  ["a pattern that is inherited", svg(`<defs>${Array.from({ length: 9 }, (_, i) => `<pattern id="m${i}"><g fill="url(#m${i + 1})">${`<path d="M0 0"/>`.repeat(10)}</g></pattern>`).join("")}</defs><path fill="url(#m0)"/>`)],
  ["a pattern of what is used", svg(`<defs>${Array.from({ length: 9 }, (_, i) => `<g id="g${i}">${`<path d="M0 0"/>`.repeat(10)}</g><pattern id="m${i}"><use href="#g${i}" fill="url(#m${i + 1})"/></pattern>`).join("")}</defs><path fill="url(#m0)"/>`)],
  ["an image in it", svg(`<image href="${coded(used)}"/>`)],
  ["an image in what is used", used.replace(`<path d="M0 0"/>`, `<image xlink:href="${coded(svg("<path/>".repeat(10)))}"/>`).replace("#g9", "#g5")],
])("what draws itself over and over is not drawn: by %s", (_, text) => {
  expect(svgFault(text)).toBe("The image is too complex to be shown.");
});

test.each([
  ["an escape", nest("mask", (id) => `mask="\\75rl(#${id})"`), /cannot be checked/],
  ["a variable", nest("mask", (id) => `style="--a:url(#${id});mask:var(--a)"`), /cannot be checked/],
  ["an element above", svg(`<g mask="url(#m)"><path mask="inherit"/></g>`), /cannot be checked/],
  ["a comment", svg(`<path style="mask:/**/inherit"/>`), /cannot be checked/],
  ["pixels in pixels", svg(`<image href="data:image/png;base64,${btoa("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x4e\x20\0\0\x4e\x20")}"/>`), /too many pixels/],
  ["a sheet with an image", svg(`<style>svg{background:url(${coded(used)})}</style>`), /cannot be checked/],
  ["a variable that is not set", svg(`<g mask="url(#m)"><path style="mask:var(--a,inherit)"/></g>`), /cannot be checked/],
  ["a picture of an element", svg(`<foreignObject><p xmlns="http://www.w3.org/1999/xhtml" style="background:-moz-element(#m)"/></foreignObject>`), /cannot be checked/],
  ["an escape in a name", svg(`<g mask="url(#m)"><path style="m\\61sk:inherit"/></g>`), /cannot be checked/],
  ["an animation that inherits", svg(`<g mask="url(#m)"><path><set attributeName="mask" to="inherit"/></path></g>`), /cannot be checked/],
  ["a rule in a rule", svg(`<style>g{ path{fill:none} & path{mask:url(#m)} }</style><mask id="m"/><g><path/></g>`), /cannot be checked/],
  ["key frames", svg(`<style>@keyframes k{to{mask:url(#m)}} path{animation:k 1s}</style><mask id="m"/><path/>`), /cannot be checked/],
  ["a rule for what was renamed", svg(`<style>path[style]{mask:url(#m)}</style><mask id="m"/><path style=""/>`), /cannot be checked/],
  ["a rule for a class that was renamed", svg(`<style>.style{mask:url(#m)}</style><mask id="m"/><path class="x style ="/>`), /cannot be checked/],
  ["long selectors", svg(`<style>${"g,".repeat(50_000)}g{mask:url(#m)}</style><mask id="m"/>${"<g/>".repeat(1_000)}`), /too many styles/],
  ["a rule with a namespace", svg(`<style>@namespace s url(http://www.w3.org/2000/svg);s|path{mask:url(#m)}</style><mask id="m"/><path/>`), /cannot be checked/],
  ["a class that is animated", svg(`<style>.x{mask:url(#m)}</style><mask id="m"/><path><set attributeName="class" to="x"/></path>`), /cannot be checked/],
  ["a bracket that stays open", svg(`<style>path{x:(};y{);mask:url(#m)}</style><mask id="m"/><path/>`), /cannot be checked/],
  ["a string that its line ends", svg(`<style>path{x:"\n;mask:url(#m);y:"}</style><mask id="m"/><path/>`), /cannot be checked/],
  ["a sheet that is brought in", svg(`<style>@import "data:text/css,path{mask:url(%23m)}";</style><mask id="m"/><path/>`), /cannot be checked/],
  ["a sheet beside it", `<?xml-stylesheet href="data:text/css,path{mask:url(%23m)}"?>${svg(`<mask id="m"/><path/>`)}`, /cannot be checked/],
  ["an attribute by declaration", `<!DOCTYPE svg [<!ATTLIST path style CDATA "mask:url(#m)">]>${svg(`<mask id="m"/><path/>`)}`, /cannot be checked/],
  ["pixels without a type", svg(`<image href="data:;base64,${btoa("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x4e\x20\0\0\x4e\x20")}"/>`), /too many pixels/],
  ["pixels that are written out", svg(`<image href="data:,%89PNG%0D%0A%1A%0A%00%00%00%0DIHDR%00%00%4E%20%00%00%4E%20"/>`), /too many pixels/],
  ["itself", svg(`<mask id="m"><path mask="url(#m)"/></mask><path mask="url(#m)"/>`), /too complex/],
  ["images in images", svg(`<image href="${coded(svg(`<image href="${coded(svg(`<image href="${coded(svg(`<image href="${coded(svg(""))}"/>`))}"/>`))}"/>`))}"/>`), /nested images/],
  ["an image of another kind", svg(`<image href="data:image/tiff;base64,SUkqAA=="/>`), /that is not a PNG/],
  ["what is no SVG", "<html/>", /not a valid SVG/],
])("what cannot be weighed is not drawn: %s", (_, text, words) => {
  expect(svgFault(text)).toMatch(words);
});

test("looking an image through takes no longer for what is in it", { timeout: 20_000 }, () => {
  const long = 300_000;
  for (const value of ["-".repeat(long), "all".repeat(long / 3), "/*".repeat(long / 2), `url(${" ".repeat(long)}`, "url(#".repeat(long / 5), "data:".repeat(long / 5), "x{".repeat(long / 2), `url(#a${" ".repeat(long)}`, "[".repeat(long), "var".repeat(long / 3), "#".repeat(long), "'\\".repeat(long / 2), "%41".repeat(long / 3)]) {
    for (const text of [svg(`<path style="${value}"/>`), svg(`<path mask="${value}"/>`), svg(`<style>${value}</style>`), svg(`<image href="${value}"/>`)]) svgFault(text);
  }
});

test("what people draw is drawn", () => {
  const pixel = "data:image/png;base64,\niVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
  expect(
    svgFault(
      svg(
        `<style>/* all's well */ @import url(https://fonts.example.org/css); @font-face{font-family:F;src:url(f.woff2)} .a{fill:url(#l);clip-path:url(#c)} @media print{.a,g>.b c{filter:drop-shadow(0 0 2px red)}}
        text{font-family:"DejaVu Sans";content:";}"} @keyframes k{to{fill:url(#l)}} .\\31 a:not(.b){mask:none} .style0,.st-on,g:only-child{clip-path:url(#c)}</style><defs><linearGradient id="l"><stop offset="0"/></linearGradient><clipPath id="c"><path d="M0 0h9v9z"/></clipPath>
        <marker id="arrow"><path d="M0 0"/></marker><g id="s"><path d="M0 0"/></g></defs><g clip-path="url(#c)">${`<use xlink:href="#s" class="a" style="fill:inherit"/>`.repeat(5_000)}</g>
        <path d="M0 0 1 1 2 2" marker-end="url(#arrow)" fill="inherit"/><image xlink:href="${pixel}"/><image href="${coded(svg("<path/>"))}"/><a href="#s">s</a>`,
      ),
    ),
  ).toBeUndefined();
});
