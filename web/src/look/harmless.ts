/** Elements that run something or make the browser send requests. A policy forbids most of that, but not all, such as DNS look-ups. */
const active = "script, style, link, meta, base, iframe, frame, frameset, object, embed, applet, portal, audio, video, source, track, template, form, svg, math";

const policy = "default-src 'none'; img-src data:";

/**
 * A page without active content. The frame that shows it is sandboxed and may load nothing; this keeps it from even trying, which would fill the console
 * with refusals.
 */
export function harmless(text: string): string {
  const page = new DOMParser().parseFromString(text, "text/html");
  for (const element of page.querySelectorAll(active)) element.remove();
  for (const element of page.querySelectorAll("*")) {
    for (const { name, value } of [...element.attributes]) {
      const leads = /^(href|src|xlink:href|action|formaction|background|poster|srcset|ping|data|cite|longdesc)$/i.test(name);
      if (/^(on|style$|srcdoc$|target$)/i.test(name) || (leads && !(name === "src" && /^data:image\/(png|jpeg|gif|webp|bmp|avif)[;,]/i.test(value)))) element.removeAttribute(name);
    }
  }
  const meta = page.createElement("meta");
  meta.httpEquiv = "Content-Security-Policy";
  meta.content = policy;
  page.head.prepend(meta);
  return `<!doctype html>${page.documentElement.outerHTML}`;
}
