import { useEffect, useRef, useState } from "react";
import { join, type Path } from "../path";
import { isShown, plainView, useLinked, type View } from "../place";

const longest = 1500; // most characters of names in an address

let many = { of: "", names: [] as readonly string[] }; // the latest names that were too many for an address, with what stands for them there

/** Names as the address has them: separated by slashes, which no name contains. What stands for too many begins with one, and only this page understands it. */
function inAddress(names: readonly string[]): string {
  const text = names.join("/");
  if (text.length <= longest) return text;
  many = { of: `/${crypto.randomUUID()}`, names };
  return many.of;
}

function namesIn(of: string): readonly string[] | undefined {
  if (of.startsWith("/")) return of === many.of ? many.names : undefined;
  return of === "" ? [] : of.split("/");
}

/** The view of a directory's page with a dialog about entries of it, for other pages, which lead there. into is the destination that the dialog proposes. */
export function dialogView(open: string, names: readonly string[], into: Path): View {
  return { ...plainView, more: { open, of: inAddress(names), into } };
}

/** The dialog that is open on a directory's page, according to the address. */
export interface OpenDialog {
  /** The name of the dialog; "" for none. */
  open: string;
  /**
   * The paths that the dialog is about: the entries that were selected when it opened, or the directory itself if there were none. It is undefined if
   * these were too many for the address, and the page was opened from the address.
   */
  about: readonly Path[] | undefined;
  /** Opens a dialog about entries of the directory, or about the directory if there are none. into is the destination that it proposes. */
  show: (open: string, names?: readonly string[], into?: Path) => void;
  close: () => void;
}

/**
 * The dialog of a directory's page, which is kept in the address: "back" closes it, and a link opens it. So are the entries that it is about, which do not
 * change with the selection behind the dialog.
 */
export function useDialog(dir: Path): OpenDialog {
  const [open, setOpen] = useLinked("open");
  const [of, setOf] = useLinked("of");
  const [, setInto] = useLinked("into");
  const pushed = useRef(false); // whether opening the dialog added to the browser's history
  const turns = useRef(0); // dialogs that were opened on this page
  const [turn, setTurn] = useState(0); // which of them this rendering is of
  useEffect(() => {
    if (open === "") pushed.current = false;
  }, [open]);
  const names = namesIn(of);
  return {
    open,
    about: names === undefined ? undefined : names.length === 0 ? [dir] : names.map((name) => join(dir, name)),
    show: (which, about = [], into = "") => {
      setTurn(++turns.current);
      pushed.current = true;
      setOpen(which);
      setOf(inAddress(about), true);
      setInto(into, true);
    },
    close: () => {
      // A dialog may ask to close after the user has left it by going back. Then it must neither close another dialog, though it may be of the same kind, nor
      // go back further.
      if (turn !== turns.current || !isShown(dir, "open", open)) return;
      if (pushed.current) {
        pushed.current = false;
        history.back(); // else "back" would lead to the same page again
        return;
      }
      setOpen("", true);
      setOf("", true);
      setInto("", true);
    },
  };
}
