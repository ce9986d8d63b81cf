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
  ["itself", svg(`<mask id="m"><path mask="url(#m)"/></mask><path mask="url(#m)"/>`), /too complex/],
  ["images in images", svg(`<image href="${coded(svg(`<image href="${coded(svg(`<image href="${coded(svg(`<image href="${coded(svg(""))}"/>`))}"/>`))}"/>`))}"/>`), /nested images/],
  ["an image of another kind", svg(`<image href="data:image/tiff;base64,SUkqAA=="/>`), /that is not a PNG/],
  ["what is no SVG", "<html/>", /not a valid SVG/],
])("what cannot be weighed is not drawn: %s", (_, text, words) => {
  expect(svgFault(text)).toMatch(words);
});

test("looking an image through takes no longer for what is in it", { timeout: 20_000 }, () => {
  const long = 300_000;
  for (const value of ["-".repeat(long), "all".repeat(long / 3), "/*".repeat(long / 2), `url(${" ".repeat(long)}`, "url(#".repeat(long / 5), "data:".repeat(long / 5), "x{".repeat(long / 2), `url(#a${" ".repeat(long)}`]) {
    for (const text of [svg(`<path style="${value}"/>`), svg(`<path mask="${value}"/>`), svg(`<style>${value}</style>`), svg(`<image href="${value}"/>`)]) svgFault(text);
  }
});

test("what people draw is drawn", () => {
  const pixel = "data:image/png;base64,\niVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
  expect(
    svgFault(
      svg(
        `<style>.a{fill:url(#l);clip-path:url(#c)} text{font-family:"DejaVu Sans"}</style><defs><linearGradient id="l"><stop offset="0"/></linearGradient><clipPath id="c"><path d="M0 0h9v9z"/></clipPath>
        <marker id="arrow"><path d="M0 0"/></marker><g id="s"><path d="M0 0"/></g></defs><g clip-path="url(#c)">${`<use xlink:href="#s" class="a" style="fill:inherit"/>`.repeat(5_000)}</g>
        <path d="M0 0 1 1 2 2" marker-end="url(#arrow)" fill="inherit"/><image xlink:href="${pixel}"/><image href="${coded(svg("<path/>"))}"/><a href="#s">s</a>`,
      ),
    ),
  ).toBeUndefined();
});
