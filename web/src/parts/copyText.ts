import { toast } from "./toasts";

/** Copies a text, and returns whether that worked. Where the browser forbids it that is said, with what to do instead. */
export async function copyText(text: string, instead = "select the text instead"): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    toast({ text: `The browser does not let this page copy; ${instead}.`, tone: "bad" });
    return false;
  }
}
