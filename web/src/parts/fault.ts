import { toast } from "./toasts";

// What browsers say of a module that is not there, and of one of another version, which lacks what a part of this one is asked for; and Vite of a style.
const unloaded = /dynamically imported module|module script|provide an export named|binding name .* not found|Unable to preload CSS/i;

/** Whether a part of the application could not be loaded. */
export function notLoaded(fault: unknown): boolean {
  return fault instanceof Error && unloaded.test(fault.message);
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
