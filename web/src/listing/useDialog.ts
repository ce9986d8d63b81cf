import { useEffect, useRef } from "react";
import { join, type Path } from "../path";
import { isShown, useLinked } from "../place";

const longest = 1500; // characters of names in an address; more are not linked to
const many = "/"; // in the place of names that are too many for an address; no name holds a slash

/** A dialog of a directory that is open, by the address. */
export interface OpenDialog {
  /** Which; "": none. */
  open: string;
  /**
   * The paths that it is about: entries that were selected when it opened, the directory itself if none were; undefined: it was about more than an
   * address has room for, and came from an address alone.
   */
  about: readonly Path[] | undefined;
  /** Opens a dialog about entries of the directory; none: about the directory. into: the directory that it proposes to put them into. */
  show: (open: string, names?: readonly string[], into?: Path) => void;
  close: () => void;
}

/**
 * The dialog of a directory, as the address has it: "back" closes it, and a link opens it. What it is about is in the address, too, so that it stays
 * what it was whatever becomes of the selection behind it.
 */
export function useDialog(dir: Path): OpenDialog {
  const [open, setOpen] = useLinked("open");
  const [of, setOf] = useLinked("of");
  const [, setInto] = useLinked("into");
  const shown = useRef<readonly string[] | undefined>(undefined); // of the dialog that was opened here
  const pushed = useRef(false); // the way back leads out of it
  useEffect(() => {
    if (open === "") pushed.current = false;
  }, [open]);
  const names = of === many ? shown.current : of === "" ? [] : of.split("/");
  return {
    open,
    about: names === undefined ? undefined : names.length === 0 ? [dir] : names.map((name) => join(dir, name)),
    show: (which, about = [], into = "") => {
      shown.current = about;
      pushed.current = true;
      const text = about.join("/");
      setOpen(which);
      setOf(text.length > longest ? many : text, true);
      setInto(into, true);
    },
    close: () => {
      // What a dialog was waiting for may come after somebody has left it, by the way back: that closes nothing else, and leads no further back.
      if (!isShown(dir, "open", open)) return;
      if (pushed.current) {
        pushed.current = false;
        history.back(); // or it would lead back to what looks the same
        return;
      }
      setOpen("", true);
      setOf("", true);
      setInto("", true);
    },
  };
}
