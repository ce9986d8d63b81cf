import { toast } from "./toasts";

/** Whether a part of the application could not be loaded. */
export function notLoaded(fault: unknown): boolean {
  return fault instanceof Error && /dynamically imported module|module script|Unable to preload CSS/i.test(fault.message); // the last one is what Vite throws for a style
}

/** What to say of a fault of the page itself. */
export function faultInWords(fault: unknown): string {
  if (notLoaded(fault)) return "This part of the page could not be loaded. The server does not answer, or has become another version than this page; nothing was changed.";
  return `This part of the page has a fault: ${fault instanceof Error ? fault.message : String(fault)}`;
}

/** Uses a part of the application once it is loaded; if it cannot be, that is said. */
export function whenLoaded<T>(part: Promise<T>, use: (part: T) => void): void {
  part.then(use, (e: unknown) => toast({ text: faultInWords(e), tone: "bad" }));
}
