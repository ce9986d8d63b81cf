const hour = 3600; // seconds

/** The lifetimes that are offered for a new link, in seconds. The server accepts at most seven days. */
export const lives: readonly { seconds: number; label: string }[] = [
  { seconds: hour, label: "1 hour" },
  { seconds: 24 * hour, label: "1 day" },
  { seconds: 3 * 24 * hour, label: "3 days" },
  { seconds: 7 * 24 * hour, label: "7 days" },
];

/** The default lifetime. */
export const usualLife = 24 * hour;

/** What is wrong, in words, and the field that it is about, if it is known. */
export interface Fault {
  field?: "password" | "label";
  words: string;
}

const bytes = (text: string) => new TextEncoder().encode(text).length;
const shortestPassword = 8; // characters
const longestPassword = 1024; // bytes
const longestLabel = 200; // bytes

/** What is wrong with the choices for a link; undefined if nothing is. An empty password stands for none. */
export function faultIn(password: string, label: string): Fault | undefined {
  if (password !== "" && [...password].length < shortestPassword) return { field: "password", words: `The password needs at least ${shortestPassword} characters.` };
  if (bytes(password) > longestPassword) return { field: "password", words: `The password is longer than ${longestPassword} bytes.` };
  if (bytes(label.trim()) > longestLabel) return { field: "label", words: `The note is longer than ${longestLabel} bytes.` };
  return undefined;
}
