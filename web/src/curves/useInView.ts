import { useEffect, useState, type RefObject } from "react";

const margin = "300px"; // the distance from the visible area at which elements are already prepared

/** The element that scrolls an element, null for the window. Observers apply margins only to their root. */
function scrollerOf(element: Element): Element | null {
  for (let at = element.parentElement; at !== null; at = at.parentElement) {
    if (/auto|scroll/.test(getComputedStyle(at).overflowY)) return at;
  }
  return null;
}

/** Whether an element is in view, or close to it. */
export function useInView(ref: RefObject<Element | null>): boolean {
  const [near, setNear] = useState(false);
  useEffect(() => {
    const element = ref.current;
    if (element === null) return undefined;
    const watcher = new IntersectionObserver((seen) => setNear(seen.at(-1)?.isIntersecting ?? false), { root: scrollerOf(element), rootMargin: margin });
    watcher.observe(element);
    return () => watcher.disconnect();
  }, [ref]);
  return near;
}
