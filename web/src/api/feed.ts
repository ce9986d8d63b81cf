import { useEffect, useRef } from "react";

const again = 3_000; // milliseconds until a feed is followed anew that a server refused, as one does that is about to stop

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
  useEffect(() => {
    if (address === undefined) return undefined;
    let source: EventSource | undefined;
    let lost = false;
    let later: ReturnType<typeof setTimeout> | undefined;
    const follow = () => {
      const following = new EventSource(address);
      following.addEventListener("change", (e: MessageEvent<string>) => calls.current.onChange(JSON.parse(e.data) as Happened));
      following.addEventListener("end", () => following.close()); // it may not be followed any more
      following.addEventListener("open", () => {
        if (lost) calls.current.onGap(); // who had seen no event yet is not told of what happened meanwhile
        lost = false;
      });
      following.addEventListener("error", () => {
        lost = true;
        if (following.readyState !== EventSource.CLOSED) return; // the browser connects again by itself
        clearTimeout(later);
        later = setTimeout(follow, again);
      });
      source = following;
    };
    const onVisible = () => {
      source?.close();
      source = undefined;
      clearTimeout(later);
      if (document.visibilityState !== "visible") return;
      calls.current.onGap(); // what happened meanwhile
      follow();
    };
    if (document.visibilityState === "visible") follow();
    document.addEventListener("visibilitychange", onVisible);
    return () => {
      document.removeEventListener("visibilitychange", onVisible);
      source?.close();
      clearTimeout(later);
    };
  }, [address]);
}
