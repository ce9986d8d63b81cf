/** Whether a key is meant for a text field, or for an open dialog or menu. */
export function typing(e: KeyboardEvent | React.KeyboardEvent): boolean {
  // If the focused element of a dialog is removed, keys go to the page although the dialog is open.
  if (document.querySelector("dialog[open]") !== null) return true;
  // A field may be in a shadow tree, such as the one that finds text in a file.
  const at = ("nativeEvent" in e ? e.nativeEvent : e).composedPath()[0];
  if (!(at instanceof HTMLElement)) return false;
  return at.isContentEditable || at.matches("input:not([type=checkbox]), textarea, select") || at.closest("[role=menu]") !== null;
}

/**
 * Whether a key is meant for an input method, such as the Enter that accepts the characters that it proposes. Safari sends that Enter when the composition is
 * over, with the key code that stands for it.
 */
export function composing(e: React.KeyboardEvent): boolean {
  return e.nativeEvent.isComposing || e.keyCode === 229;
}

/**
 * The letter of a key, in lower case. Keyboards for other scripts have others than Latin ones: then it is the one that most keyboards have in its place, as
 * browsers do it for their own shortcuts.
 */
export function letterOf({ key, code }: { key: string; code: string }): string {
  const other = code.startsWith("Key") && /^[^\x00-\x7f]$/u.test(key);
  return (other ? code.slice("Key".length) : key).toLowerCase();
}

const single = "granary-single-keys"; // whether this browser has shortcuts of one character

/**
 * Whether a shortcut is on. Those of one character, which can be typed by mistake, above all by speaking, can be turned off: WCAG 2.1.4 asks for that where they
 * are not bound to what has the focus.
 */
export function isOn(keys: string): boolean {
  return keys.length > 1 || localStorage.getItem(single) !== "off";
}

/** Turns the shortcuts of one character on or off, in all tabs. */
export function turnSingleKeys(on: boolean): void {
  if (on) localStorage.removeItem(single);
  else localStorage.setItem(single, "off");
}

/** The keyboard shortcuts, as the dialog lists them. */
export const keyMap: readonly { where: string; keys: readonly (readonly [string, string])[] }[] = [
  {
    where: "Everywhere",
    keys: [
      ["Ctrl K", "Find files, pages and commands"],
      ["?", "Show keyboard shortcuts"],
      ["Esc", "Close dialog or menu"],
    ],
  },
  {
    where: "In a folder",
    keys: [
      ["↑ ↓", "Move up or down"],
      ["← →", "Move left or right (grid)"],
      ["PgUp PgDn", "Move a page up or down"],
      ["Home End", "Go to the first or last item"],
      ["Enter", "Open"],
      ["Backspace", "Go to the parent folder"],
      ["Space", "Select or deselect"],
      ["Shift ↑ ↓", "Extend the selection"],
      ["Ctrl A", "Select all"],
      ["F2", "Rename"],
      ["Delete", "Move to trash"],
      ["Ctrl X Ctrl C", "Cut or copy"],
      ["Ctrl V", "Paste into this folder"],
      ["M", "Move to another folder"],
      ["C", "Copy to another folder"],
      ["/", "Filter by name"],
      ["N", "New folder"],
      ["U", "Upload files"],
      ["S", "Share"],
      ["P", "Permissions"],
      ["Letters", "Go to the next name that begins with them"],
    ],
  },
  {
    where: "In a file",
    keys: [
      ["← →", "Previous or next image"],
      ["Ctrl F", "Find text"],
    ],
  },
];
