import { alone } from "./load";
import { measure } from "./measure";
import { idsOfAddress, idsOfAttribute, idsOfStyle, Refusal, rulesOf } from "./styles";

const heaviest = 300_000; // most elements that may be drawn
const mostMatches = 50_000_000; // most elements that selectors are compared with, times their lengths in characters
const deepest = 3; // levels of nested images

const tooComplex = "The image is too complex to be shown.";

/**
 * Why an SVG is not drawn; undefined if it is safe. A few kilobytes that draw themselves over and over would hang the browser, through use, nested masks,
 * clips, patterns, markers and filters, or nested images.
 */
export function svgFault(text: string): string | undefined {
  try {
    return weightOf(text, deepest) > heaviest ? tooComplex : undefined;
  } catch (e) {
    if (e instanceof RangeError) return "The elements of the image are nested too deeply.";
    if (e instanceof Refusal) return e.message;
    throw e;
  }
}

/** How many elements are drawn, and with how many points of lines, each of which may draw a marker. */
interface Weight {
  elements: number;
  points: number;
}

/** How many elements are drawn for an image, in which left levels of images may be nested. */
function weightOf(text: string, left: number): number {
  if (/<!ENTITY/i.test(text)) throw new Refusal("The image contains entity declarations, which could expand to any size.");
  if (/<!ATTLIST|<\?xml-stylesheet/i.test(text)) throw new Refusal("The image contains declarations that cannot be checked for safety.");
  // Nothing runs here, and no styles apply, but the browser would report each style and script that the page's policy forbids.
  const inert = text.replace(/(\s)(style|on[a-z]+)(\s*=)/gi, "$1data-$2$3").replace(/<(\/?)(style|script)/gi, "<$1x-$2");
  const read = new DOMParser().parseFromString(inert, "image/svg+xml");
  if (read.querySelector("parsererror") !== null || read.documentElement.localName !== "svg") throw new Refusal("This is not a valid SVG file.");
  const all = [...read.querySelectorAll("*")];
  const drawn = drawnBy(read, all);
  const within = imagesWithin(all, left);
  const weights = new Map<Element, Weight>();
  const above = new Set<Element>();
  const weigh = (element: Element): Weight => {
    const known = weights.get(element);
    if (known !== undefined) return known;
    if (above.has(element)) return { elements: Infinity, points: Infinity }; // it contains itself
    above.add(element);
    let elements = 1 + (within.get(element) ?? 0);
    let points = 2 + ((element.getAttribute("d") ?? element.getAttribute("points"))?.match(/[\d.]+/g)?.length ?? 0);
    const add = (part: Element) => {
      const weight = weigh(part);
      elements += weight.elements;
      points += weight.points;
    };
    for (const child of element.children) add(child);
    const targets = drawn.get(element) ?? [];
    for (const target of targets) if (!inherited.has(target.localName)) add(target);
    // Whatever is drawn for the element inherits its markers and patterns, and draws them.
    const [shapes, corners] = [elements, points];
    for (const target of targets) {
      if (inherited.has(target.localName)) elements += weigh(target).elements * (target.localName === "marker" ? corners : shapes);
    }
    above.delete(element);
    weights.set(element, { elements, points });
    return { elements, points };
  };
  return weigh(read.documentElement).elements;
}

const inherited = new Set(["marker", "pattern"]);
const contains = new Set(["use", "feImage", "pattern", "mask", "clipPath", "filter"]); // elements that draw what their href refers to

/** The other elements that each element draws, once for each time. Gradients, which draw none, are left out. */
function drawnBy(read: Document, all: readonly Element[]): Map<Element, Element[]> {
  const drawn = new Map<Element, Element[]>();
  const targetsOf = (ids: readonly string[]) =>
    ids.flatMap((id) => {
      const target = read.getElementById(id);
      return target === null || target.localName.endsWith("Gradient") ? [] : [target];
    });
  let count = 0;
  const add = (element: Element, targets: readonly Element[]) => {
    count += targets.length;
    if (count > heaviest) throw new Refusal(tooComplex);
    const before = drawn.get(element);
    if (before !== undefined) before.push(...targets);
    else if (targets.length > 0) drawn.set(element, [...targets]);
  };
  let animatesClass = false;
  for (const element of all) {
    const animated = (element.getAttribute("attributeName") ?? "").trim().replace(/^.*:/, "");
    animatesClass ||= animated === "class";
    for (const { prefix, name, localName, value } of element.attributes) {
      const animates = /^(?:to|from|by|values)$/.test(localName);
      if (/^(?:.*:)?href$/.test(name) && contains.has(element.localName)) add(element, targetsOf(idsOfAddress(value)));
      else if (prefix !== null) continue;
      else if (localName === "data-style" || localName === "style") add(element, targetsOf(idsOfStyle(value)));
      else if (animates && animated === "href") add(element, targetsOf(value.split(";").flatMap(idsOfAddress)));
      else add(element, targetsOf(idsOfAttribute(animates ? animated : localName, value)));
    }
  }
  let matches = 0;
  for (const sheet of all.filter(({ localName }) => localName === "x-style" || localName === "style")) {
    for (const { selector, ids } of rulesOf(sheet.textContent)) {
      const targets = targetsOf(ids);
      if (targets.length === 0) continue;
      if ((matches += all.length * (selector?.length ?? 0)) > mostMatches) throw new Refusal("The image has too many styles to be shown.");
      for (const element of matching(read, animatesClass ? undefined : selector)) add(element, targets);
    }
  }
  return drawn;
}

// What was renamed to make the image inert, what depends on where a rule stands, and what takes browsers long.
const strange = /[[&~+\\]|:scope|:root|:has|:host|(?<![\w-])[.#]?(?:x-|data-)?(?:style|script|on[a-z]+)(?![\w-])/i;

function matching(read: Document, selector: string | undefined): Element[] {
  if (selector !== undefined && !strange.test(selector)) {
    try {
      return [...read.querySelectorAll(selector)];
    } catch {
      // The browser may understand it in a sheet, such as with a namespace.
    }
  }
  throw new Refusal("The image has styles that cannot be checked for safety.");
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
        } else {
          // Browsers recognize raster images by their bytes, whatever their type.
          const measures = measure(coded ? bytesOf(data) : unescaped(data));
          if (measures === undefined && !type.startsWith("image/")) continue;
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

function unescaped(data: string): Uint8Array {
  return Uint8Array.from(data.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))), (c) => c.charCodeAt(0));
}

function textOf(data: string, coded: boolean): string {
  try {
    return coded ? new TextDecoder().decode(bytesOf(data)) : decodeURIComponent(data);
  } catch {
    return ""; // not recognized as SVG
  }
}
