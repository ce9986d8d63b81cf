import { alone } from "./load";
import { measure } from "./measure";

const heaviest = 300_000; // elements that are drawn
const mostRules = 1_000; // rules of style sheets that have elements drawn
const deepest = 3; // images within images

/** An image that is not drawn, and why, in words. */
class Refusal extends Error {}

/**
 * Why the browser is not asked to draw an SVG; undefined: it may. A few kilobytes that draw themselves over and over take it for ever, and the page with it: by use,
 * by masks, clips, patterns, markers and filters in which there are others, or by an image within the image.
 */
export function svgFault(text: string): string | undefined {
  try {
    return weightOf(text, deepest) > heaviest ? "The image has too many parts to be drawn." : undefined;
  } catch (e) {
    if (e instanceof RangeError) return "The parts of the image are nested too deeply.";
    if (e instanceof Refusal) return e.message;
    throw e;
  }
}

/** How many elements are drawn for an image. left: levels of images that may be within it. */
function weightOf(text: string, left: number): number {
  if (/<!ENTITY/i.test(text)) throw new Refusal("The image declares entities, which may unfold to any size.");
  // Nothing of it runs here, or is styled; the browser would still tell of each style and script that the page's policy forbids.
  const inert = text.replace(/(\s)(style|on[a-z]+)(\s*=)/gi, "$1data-$2$3").replace(/<(\/?)(style|script)/gi, "<$1x-$2");
  const read = new DOMParser().parseFromString(inert, "image/svg+xml");
  if (read.querySelector("parsererror") !== null || read.documentElement.localName !== "svg") throw new Refusal("The file is not well-formed SVG.");
  const all = [...read.querySelectorAll("*")];
  const drawn = drawnBy(read, all);
  const within = imagesWithin(all, left);
  const weights = new Map<Element, number>();
  const points = new Map<Element, number>();
  const weigh = (element: Element, above: ReadonlySet<Element>): number => {
    const known = weights.get(element);
    if (known !== undefined) return known;
    if (above.has(element)) return Infinity; // it is drawn within itself
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

/** The ids of what elements have drawn besides what is in them, each as often as that is. */
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
      if (++rules > mostRules) throw new Refusal("The image has too many styles to be drawn.");
      for (const element of matching(read, rule.slice(rule.lastIndexOf("{", begin - 1) + 1, begin))) add(element, ids);
    }
  }
  return drawn;
}

// What follows takes time in proportion to a text's length, whatever is in it: it is to keep others from hanging the page.

const takesStyle = /^(?:data-style|mask|clip-path|filter|fill|stroke|marker.*|to|from|by|values)$/;
const drawsOthers = /^(?:-webkit-)?(?:mask|clip-path|filter|all)/;

/** The ids that the value of an attribute refers to, as in url(#id). What an escape, a variable or an element above says is not followed, and so refused. */
function referred(value: string, attribute: string): string[] {
  if (takesStyle.test(attribute) && unfollowed(uncommented(value), attribute)) throw new Refusal("The styles of the image are written in a way that is not looked through.");
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
    return []; // it is none to the browser, either
  }
}

/** Counts the points of the lines in an element, at each of which a marker may be drawn. known: those that were counted. */
function pointsIn(element: Element, known: Map<Element, number>): number {
  let points = known.get(element);
  if (points === undefined) {
    points = 2 + ((element.getAttribute("d") ?? element.getAttribute("points"))?.match(/[\d.]+/g)?.length ?? 0);
    for (const child of element.children) points += pointsIn(child, known);
    known.set(element, points);
  }
  return points;
}

/** What images within an image weigh, by the elements that show them. Those of pixels weigh nothing, and have no more pixels in all than an image may have. */
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
          if (left === 0) throw new Refusal("Too many images are within each other.");
          within.set(element, (within.get(element) ?? 0) + weightOf(textOf(data, coded), left - 1));
        } else if (type.startsWith("image/")) {
          const measures = coded ? measure(bytesOf(data)) : undefined;
          if (measures === undefined) throw new Refusal("There is an image in it that does not begin as a PNG, JPEG, GIF, WebP, BMP or AVIF image does.");
          pixels += measures.width * measures.height;
          if (pixels > alone.pixels) throw new Refusal("The images in it have too many pixels to be drawn.");
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
    return new Uint8Array(); // it begins as no image does
  }
}

function textOf(data: string, coded: boolean): string {
  try {
    return coded ? new TextDecoder().decode(bytesOf(data)) : decodeURIComponent(data);
  } catch {
    return ""; // which is no SVG
  }
}
