import { useState, type ReactElement } from "react";
import { copyText } from "./copyText";
import { Icon } from "./Icon";

/** A button that copies a text, and shows that it has. */
export function CopyButton({ text, label = "Copy", primary = false, first = false }: { text: string; label?: string; primary?: boolean; first?: boolean }): ReactElement {
  const [copied, setCopied] = useState("");
  const copy = async () => {
    if (await copyText(text)) setCopied(text);
  };
  const done = copied === text;
  return (
    <button type="button" className={primary ? "primary" : undefined} data-first={first ? "" : undefined} onClick={() => void copy()}>
      <Icon name={done ? "check" : "copy"} /> {done ? "Copied" : label}
    </button>
  );
}
