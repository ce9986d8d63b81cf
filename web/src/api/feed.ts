import { useEffect, useRef } from "react";

const again = 3_000; // milliseconds until a feed is followed anew that a server refused, as one does that is about to stop; twice that each time
const longest = 60_000; // who may not follow it any more, or is not signed in, is refused each time

/** What of an event of the change feed says where something happened. */
export interface Happened {
  path: string;
  target?: string;
}

/**
 * Follows a change feed, while the tab is seen: browsers have six connections for all tabs together. The browser connects again by itself, and goes on behind
 * the last event it saw. onGap is called when something may have been missed. Without an address nothing is followed.
 */
export function useFeed(address: string | undefined, onChange: (event: Happened) => void, onGap: () => void): void {
  const calls = useRef({ onChange, onGap });
  calls.current = { onChange, onGap };
  useEffect(() => (address === undefined ? undefined : followFeed(address, (event) => calls.current.onChange(event), () => calls.current.onGap())), [address]);
}

/** Follows a feed as useFeed does, until what it returns is called. */
export function followFeed(address: string, onChange: (event: Happened) => void, onGap: () => void): () => void {
  let source: EventSource | undefined;
  let lost = false;
  let pause = again;
  let later: ReturnType<typeof setTimeout> | undefined;
  const follow = () => {
    const following = new EventSource(address);
    following.addEventListener("change", (e: MessageEvent<string>) => onChange(JSON.parse(e.data) as Happened));
    following.addEventListener("end", () => following.close()); // it may not be followed any more
    following.addEventListener("open", () => {
      if (lost) onGap(); // who had seen no event yet is not told of what happened meanwhile
      lost = false;
      pause = again;
    });
    following.addEventListener("error", () => {
      lost = true;
      if (following.readyState !== EventSource.CLOSED) return; // the browser connects again by itself
      clearTimeout(later);
      later = setTimeout(follow, pause);
      pause = Math.min(longest, 2 * pause);
    });
    source = following;
  };
  const onVisible = () => {
    source?.close();
    source = undefined;
    clearTimeout(later);
    if (document.visibilityState !== "visible") return;
    onGap(); // what happened meanwhile
    pause = again;
    follow();
  };
  if (document.visibilityState === "visible") follow();
  document.addEventListener("visibilitychange", onVisible);
  return () => {
    document.removeEventListener("visibilitychange", onVisible);
    source?.close();
    clearTimeout(later);
  };
}
