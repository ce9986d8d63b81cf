import { useEffect, useRef } from "react";

const again = 3_000; // milliseconds until a feed that was refused is opened again, doubled each time; servers refuse feeds when they are about to stop
const longest = 60_000; // the longest such wait: a caller without the right, or without a session, is refused every time

/** The paths of an event in the change feed. */
export interface Happened {
  path: string;
  target?: string;
}

/**
 * Follows a change feed while the tab is visible, since browsers share six connections among all tabs. The browser reconnects by itself and continues after
 * the last event it saw. onGap is called when events may have been missed; when the feed is first open, with the time at which it was asked for, in
 * milliseconds since 1970: it does not send what happened before. Without an address, no feed is followed.
 */
export function useFeed(address: string | undefined, onChange: (event: Happened) => void, onGap: (before?: number) => void): void {
  const calls = useRef({ onChange, onGap });
  calls.current = { onChange, onGap };
  useEffect(() => (address === undefined ? undefined : followFeed(address, (event) => calls.current.onChange(event), (before) => calls.current.onGap(before))), [address]);
}

/** Follows a feed as useFeed does. It returns a function that stops it. */
export function followFeed(address: string, onChange: (event: Happened) => void, onGap: (before?: number) => void): () => void {
  let source: EventSource | undefined;
  let lost = false;
  let pause = again;
  let later: ReturnType<typeof setTimeout> | undefined;
  let first = true;
  const follow = () => {
    const asked = Date.now();
    const following = new EventSource(address);
    following.addEventListener("change", (e: MessageEvent<string>) => onChange(JSON.parse(e.data) as Happened));
    following.addEventListener("end", () => following.close()); // the caller may not follow it any longer
    following.addEventListener("open", () => {
      if (lost) onGap(); // a feed without a last event does not send what happened in the meantime
      else if (first) onGap(asked);
      lost = first = false;
      pause = again;
    });
    following.addEventListener("error", () => {
      lost = true;
      if (following.readyState !== EventSource.CLOSED) return; // the browser reconnects by itself
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
    onGap(); // events while the tab was hidden
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
