import { useEffect, useRef, useState, type ReactElement } from "react";

const pace = 10_000; // milliseconds

/** How far something is, for screen readers, every ten seconds. A status that changes with each file would be read out without end. */
export function Spoken({ text }: { text: string }): ReactElement {
  const [said, setSaid] = useState(""); // at first: what a status contains from the start is not read out
  const now = useRef(text);
  useEffect(() => {
    now.current = text;
  });
  useEffect(() => {
    const say = () => setSaid(now.current);
    say();
    const timer = setInterval(say, pace);
    return () => clearInterval(timer);
  }, []);
  return (
    <span className="unseen" role="status">
      {said}
    </span>
  );
}

/** A part of a whole in percent, for Spoken. */
export function percent(part: number, whole: number): string {
  return `${Math.floor((100 * part) / Math.max(1, whole))} %`;
}
