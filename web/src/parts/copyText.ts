import { toast } from "./toasts";

/** Copies a text, and returns whether that worked. If the browser does not allow it, a toast says what to do instead. */
export async function copyText(text: string, instead = "select the text instead"): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    toast({ text: `The browser does not allow this page to copy; ${instead}.`, tone: "bad" });
    return false;
  }
}
