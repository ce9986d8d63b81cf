import type { ReactElement } from "react";

const perLine = 16;

/** A hex dump of bytes, with their ASCII characters. */
export function Hex({ bytes }: { bytes: Uint8Array }): ReactElement {
  return (
    <pre className="hex" tabIndex={0} role="region" aria-label="Bytes in hexadecimal">
      {hexLines(bytes).join("\n")}
    </pre>
  );
}

/** The lines of a hex dump. */
function hexLines(bytes: Uint8Array): string[] {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += perLine) {
    const row = [...bytes.subarray(at, at + perLine)];
    const numbers = row.map((b) => b.toString(16).padStart(2, "0")).join(" ");
    const signs = row.map((b) => (b >= 0x20 && b < 0x7f ? String.fromCharCode(b) : "·")).join("");
    lines.push(`${at.toString(16).padStart(8, "0")}  ${numbers.padEnd(perLine * 3 - 1)}  ${signs}`);
  }
  return lines;
}
