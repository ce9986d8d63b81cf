const heaviest = 200_000; // elements that are drawn

/** Why the browser is not asked to draw an SVG; undefined: it may. Drawing one that refers to itself over and over would take for ever. */
export function svgFault(text: string): string | undefined {
  if (/<!ENTITY/i.test(text)) return "The image declares entities, which may unfold to any size.";
  // Nothing of it runs here, or is styled; the browser would still tell of each style and script that the page's policy forbids.
  const inert = text.replace(/(\s)(style|on[a-z]+)(\s*=)/gi, "$1data-$2$3").replace(/<(\/?)(style|script)/gi, "<$1x-$2");
  const read = new DOMParser().parseFromString(inert, "image/svg+xml");
  if (read.querySelector("parsererror") !== null || read.documentElement.localName !== "svg") return "The file is not well-formed SVG.";
  const weights = new Map<Element, number>();
  const weigh = (element: Element, above: ReadonlySet<Element>): number => {
    const known = weights.get(element);
    if (known !== undefined) return known;
    if (above.has(element)) return Infinity; // it is drawn within itself
    const inside = new Set(above).add(element);
    let weight = 1;
    for (const child of element.children) weight += weigh(child, inside);
    const target = element.localName === "use" ? (element.getAttribute("href") ?? element.getAttribute("xlink:href") ?? "") : "";
    const used = target.startsWith("#") ? read.getElementById(target.slice(1)) : null;
    if (used !== null) weight += weigh(used, inside);
    weights.set(element, weight);
    return weight;
  };
  try {
    return weigh(read.documentElement, new Set()) > heaviest ? "The image has too many parts to be drawn." : undefined;
  } catch (e) {
    if (e instanceof RangeError) return "The parts of the image are nested too deeply.";
    throw e;
  }
}
