/** Whether a key belongs to a field that somebody types into, or to an open dialog or menu. */
export function typing(e: KeyboardEvent | React.KeyboardEvent): boolean {
  // What had the focus in a dialog may have gone from it: keys come to the page then.
  if (document.querySelector("dialog[open]") !== null) return true;
  // A field may be in a shadow tree, as that to find text in a file is.
  const at = ("nativeEvent" in e ? e.nativeEvent : e).composedPath()[0];
  if (!(at instanceof HTMLElement)) return false;
  return at.isContentEditable || at.matches("input:not([type=checkbox]), textarea, select") || at.closest("[role=menu]") !== null;
}

/** What keys do, as the keyboard map shows it. */
export const keyMap: readonly { where: string; keys: readonly (readonly [string, string])[] }[] = [
  {
    where: "Everywhere",
    keys: [
      ["Ctrl K", "Find a file, a place or a command"],
      ["?", "This map"],
      ["Esc", "Close what is open"],
    ],
  },
  {
    where: "In a listing",
    keys: [
      ["↑ ↓", "One entry up or down"],
      ["← →", "In a grid: one entry to the side"],
      ["PgUp PgDn", "A page up or down"],
      ["Home End", "To the first or the last entry"],
      ["Enter", "Open"],
      ["Backspace", "To the directory above"],
      ["Space", "Select, or no longer"],
      ["Shift ↑ ↓", "Select on the way"],
      ["Ctrl A", "Select all"],
      ["F2", "Rename"],
      ["Delete", "Move to the trash"],
      ["Ctrl X Ctrl C", "Cut or copy, to be pasted elsewhere"],
      ["Ctrl V", "Paste here"],
      ["M", "Move to another folder"],
      ["C", "Copy to another folder"],
      ["/", "Filter by name"],
      ["N", "New folder"],
      ["U", "Upload files"],
      ["S", "Share"],
      ["P", "Permissions"],
      ["Letters", "To the next name that begins so"],
    ],
  },
  {
    where: "In a file",
    keys: [
      ["← →", "The image before, or the next one"],
      ["Ctrl F", "Find text"],
    ],
  },
];
