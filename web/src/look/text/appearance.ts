import { EditorView } from "@codemirror/view";

/** The theme of the editor, with the custom properties of tokens.css, which are inherited into the shadow tree. */
export const appearance = EditorView.theme({
  "&": { height: "100%", backgroundColor: "var(--raised)", color: "var(--ink)", fontSize: "12.5px" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.55", overflow: "auto" },
  ".cm-content": { padding: "8px 0" },
  ".cm-content:focus-visible": { outline: "2px solid var(--accent)", outlineOffset: "-2px" },
  ".cm-line": { padding: "0 14px 0 8px" },
  ".cm-gutters": { backgroundColor: "var(--raised)", color: "var(--ink-soft)", border: "0", borderRight: "1px solid var(--line)" },
  ".cm-lineNumbers .cm-gutterElement": { padding: "0 10px 0 14px", minWidth: "44px", cursor: "pointer" },
  ".cm-line.marked": { backgroundColor: "var(--accent-soft)" },
  ".cm-selectionMatch": { backgroundColor: "var(--accent-soft)" },
  ".cm-searchMatch": { backgroundColor: "var(--accent-soft)", outline: "1px solid var(--accent)" },
  ".cm-searchMatch.cm-searchMatch-selected": { backgroundColor: "var(--accent)", color: "var(--accent-ink)" },
  ".cm-searchMatch.cm-searchMatch-selected span": { color: "var(--accent-ink)" },
  ".cm-panels": { backgroundColor: "var(--sunken)", color: "var(--ink)", borderColor: "var(--line)" },
  ".cm-panels.cm-panels-top": { borderBottom: "1px solid var(--line)" },
  ".cm-panel.cm-search": { display: "flex", flexWrap: "wrap", alignItems: "center", gap: "6px", padding: "6px 40px 6px 14px", fontFamily: "var(--font)", fontSize: "12.5px" },
  ".cm-panel.cm-search br": { display: "none" },
  ".cm-panel.cm-search label": { display: "inline-flex", alignItems: "center", gap: "4px", fontSize: "12.5px" },
  ".cm-panel.cm-search [name=close]": { top: "6px", right: "10px", width: "28px", height: "28px", color: "var(--ink)", fontSize: "18px", cursor: "pointer" },
  ".cm-textfield": { minHeight: "28px", border: "1px solid var(--line-strong)", borderRadius: "var(--radius)", backgroundColor: "var(--raised)", color: "var(--ink)", fontSize: "12.5px" },
  ".cm-panel.cm-search :is(input, button):focus-visible": { outline: "2px solid var(--accent)", outlineOffset: "1px" },
  ".cm-panel.cm-search input[type=checkbox]": { margin: "0", accentColor: "var(--accent)" },
  ".cm-panel.cm-search [name=select]": { display: "none" }, // multiple cursors are of no use in read-only text
  ".cm-button": { minHeight: "28px", border: "1px solid var(--line)", borderRadius: "var(--radius)", backgroundColor: "var(--raised)", backgroundImage: "none", color: "var(--ink)", fontSize: "12.5px", cursor: "pointer" },
});
