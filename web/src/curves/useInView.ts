import { useEffect, useState, type RefObject } from "react";

const margin = "300px"; // above and below what is seen, in which things are ready before they are

/** What an element scrolls in, null for the window. A margin counts for that alone. */
function scrollerOf(element: Element): Element | null {
  for (let at = element.parentElement; at !== null; at = at.parentElement) {
    if (/auto|scroll/.test(getComputedStyle(at).overflowY)) return at;
  }
  return null;
}

/** Whether an element is in view, or about to be. */
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
