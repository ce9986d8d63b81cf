import { toast } from "./toasts";

// Browsers' messages for a module that is missing, or that is from another version and lacks an export, and Vite's for a missing style sheet.
const unloaded = /dynamically imported module|module script|provide an export named|binding name .* not found|Unable to preload CSS/i;

/** Whether a part of the application could not be loaded. */
export function notLoaded(fault: unknown): boolean {
  return fault instanceof Error && unloaded.test(fault.message);
}

/** The message for an error of the page itself. */
export function faultInWords(fault: unknown): string {
  if (notLoaded(fault)) return "This part of the page could not be loaded. The server does not respond, or has been updated since you opened the page. Nothing was changed. Reload the page to try again.";
  return `Something went wrong in this part of the page: ${fault instanceof Error ? fault.message : String(fault)}`;
}

/** Uses a part of the application once it is loaded. If it cannot be loaded, a toast says so. */
export function whenLoaded<T>(part: Promise<T>, use: (part: T) => void): void {
  part.then(use, (e: unknown) => toast({ text: faultInWords(e), tone: "bad" }));
}
