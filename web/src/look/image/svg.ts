import { alone } from "./load";
import { measure } from "./measure";

const heaviest = 300_000; // most elements that may be drawn
const mostRules = 1_000; // most style rules that refer to other elements
const deepest = 3; // levels of nested images

/** The reason why an image is not drawn, in words. */
class Refusal extends Error {}

/**
 * Why an SVG is not drawn; undefined if it is safe. A few kilobytes that draw themselves over and over would hang the browser, through use, nested masks,
 * clips, patterns, markers and filters, or nested images.
 */
export function svgFault(text: string): string | undefined {
  try {
    return weightOf(text, deepest) > heaviest ? "The image is too complex to be shown." : undefined;
  } catch (e) {
    if (e instanceof RangeError) return "The elements of the image are nested too deeply.";
    if (e instanceof Refusal) return e.message;
    throw e;
  }
}

/** How many elements are drawn for an image, in which left levels of images may be nested. */
function weightOf(text: string, left: number): number {
  if (/<!ENTITY/i.test(text)) throw new Refusal("The image contains entity declarations, which could expand to any size.");
  // Nothing runs here, and no styles apply, but the browser would report each style and script that the page's policy forbids.
  const inert = text.replace(/(\s)(style|on[a-z]+)(\s*=)/gi, "$1data-$2$3").replace(/<(\/?)(style|script)/gi, "<$1x-$2");
  const read = new DOMParser().parseFromString(inert, "image/svg+xml");
  if (read.querySelector("parsererror") !== null || read.documentElement.localName !== "svg") throw new Refusal("This is not a valid SVG file.");
  const all = [...read.querySelectorAll("*")];
  const drawn = drawnBy(read, all);
  const within = imagesWithin(all, left);
  const weights = new Map<Element, number>();
  const points = new Map<Element, number>();
  const weigh = (element: Element, above: ReadonlySet<Element>): number => {
    const known = weights.get(element);
    if (known !== undefined) return known;
    if (above.has(element)) return Infinity; // it contains itself
    const inside = new Set(above).add(element);
    let weight = 1 + (within.get(element) ?? 0);
    for (const child of element.children) weight += weigh(child, inside);
    for (const id of drawn.get(element) ?? []) {
      const target = read.getElementById(id);
      if (target === null || target.localName.endsWith("Gradient")) continue;
      weight += weigh(target, inside) * (target.localName === "marker" ? pointsIn(element, points) : 1);
    }
    weights.set(element, weight);
    return weight;
  };
  return weigh(read.documentElement, new Set());
}

/** The ids of other elements that each element draws, once for each time. */
function drawnBy(read: Document, all: readonly Element[]): Map<Element, string[]> {
  const drawn = new Map<Element, string[]>();
  const add = (element: Element, ids: readonly string[]) => {
    if (ids.length > 0) drawn.set(element, [...(drawn.get(element) ?? []), ...ids]);
  };
  for (const element of all) {
    for (const { prefix, localName, value } of element.attributes) if (prefix === null) add(element, referred(value, localName));
    if (element.localName !== "use" && element.localName !== "feImage") continue;
    const target = element.getAttribute("href") ?? element.getAttribute("xlink:href") ?? "";
    if (target.startsWith("#")) add(element, [target.slice(1)]);
  }
  let rules = 0;
  for (const sheet of all.filter(({ localName }) => localName === "x-style" || localName === "style")) {
    for (const rule of uncommented(sheet.textContent).split("}")) {
      const begin = rule.lastIndexOf("{");
      const ids = begin < 0 ? [] : referred(rule.slice(begin + 1), "data-style");
      if (ids.length === 0) continue;
      if (++rules > mostRules) throw new Refusal("The image has too many styles to be shown.");
      for (const element of matching(read, rule.slice(rule.lastIndexOf("{", begin - 1) + 1, begin))) add(element, ids);
    }
  }
  return drawn;
}

// The following functions must take time in proportion to the length of a text, whatever it contains, since they are to keep the page from hanging.

const takesStyle = /^(?:data-style|mask|clip-path|filter|fill|stroke|marker.*|to|from|by|values)$/;
const drawsOthers = /^(?:-webkit-)?(?:mask|clip-path|filter|all)/;

/** The ids that an attribute's value refers to, as in url(#id). Escapes, variables and inherited values cannot be followed, so they are refused. */
function referred(value: string, attribute: string): string[] {
  if (takesStyle.test(attribute) && unfollowed(uncommented(value), attribute)) throw new Refusal("The image has styles that cannot be checked for safety.");
  return uncommented(value)
    .split(/url\(/i)
    .slice(1)
    .map((rest) => rest.replace(/^[\s"']+/, ""))
    .flatMap((rest) => (rest.startsWith("#") ? [rest.slice(1).split(/["')\s]/, 1)[0] ?? ""] : []));
}

function unfollowed(value: string, attribute: string): boolean {
  if (value.includes("\\") && value.includes("(")) return true;
  if (attribute !== "data-style") return drawsOthers.test(attribute) && value.trim().toLowerCase() === "inherit";
  if (/data:/i.test(value)) return true;
  return value.split(";").some((declaration) => {
    const colon = declaration.indexOf(":");
    const [name, said] = [declaration.slice(0, Math.max(0, colon)).trim().toLowerCase(), declaration.slice(colon + 1).trim().toLowerCase()];
    return (name.startsWith("--") && said.includes("url(")) || (drawsOthers.test(name) && said.startsWith("inherit"));
  });
}

function uncommented(text: string): string {
  const parts: string[] = [];
  for (let at = 0; at >= 0; ) {
    const begin = text.indexOf("/*", at);
    parts.push(text.slice(at, begin < 0 ? undefined : begin));
    const end = begin < 0 ? -1 : text.indexOf("*/", begin + 2);
    at = end < 0 ? -1 : end + 2;
  }
  return parts.join(" ");
}

function matching(read: Document, selector: string): Element[] {
  try {
    return [...read.querySelectorAll(selector.trim())];
  } catch {
    return []; // it is invalid for the browser, too
  }
}

/** Counts the points of lines in an element, each of which may draw a marker. known caches counts. */
function pointsIn(element: Element, known: Map<Element, number>): number {
  let points = known.get(element);
  if (points === undefined) {
    points = 2 + ((element.getAttribute("d") ?? element.getAttribute("points"))?.match(/[\d.]+/g)?.length ?? 0);
    for (const child of element.children) points += pointsIn(child, known);
    known.set(element, points);
  }
  return points;
}

/** The weights of nested images, by the elements that show them. Raster images have no weight, but together they may have no more pixels than one image. */
function imagesWithin(all: readonly Element[], left: number): Map<Element, number> {
  const within = new Map<Element, number>();
  let pixels = 0;
  for (const element of all) {
    for (const { value } of element.attributes) {
      for (const piece of value.replace(/[\u0000-\u0020]/g, "").split(/data:/i).slice(1)) {
        const comma = piece.indexOf(",");
        const [type, data] = [piece.slice(0, Math.max(0, comma)).toLowerCase(), piece.slice(comma + 1)];
        const coded = type.endsWith(";base64");
        if (/^image\/svg|^(?:text|application)\/(?:[a-z.]+\+)?xml/.test(type)) {
          if (left === 0) throw new Refusal("The image contains too many levels of nested images.");
          within.set(element, (within.get(element) ?? 0) + weightOf(textOf(data, coded), left - 1));
        } else if (type.startsWith("image/")) {
          const measures = coded ? measure(bytesOf(data)) : undefined;
          if (measures === undefined) throw new Refusal("It contains an image that is not a PNG, JPEG, GIF, WebP, BMP or AVIF image, or is damaged.");
          pixels += measures.width * measures.height;
          if (pixels > alone.pixels) throw new Refusal("The images in it have too many pixels to be shown.");
        }
      }
    }
  }
  return within;
}

function bytesOf(base64: string): Uint8Array {
  try {
    return Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  } catch {
    return new Uint8Array(); // not recognized as an image
  }
}

function textOf(data: string, coded: boolean): string {
  try {
    return coded ? new TextDecoder().decode(bytesOf(data)) : decodeURIComponent(data);
  } catch {
    return ""; // not recognized as SVG
  }
}
