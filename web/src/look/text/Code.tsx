import { defaultHighlightStyle, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { highlightSelectionMatches, openSearchPanel, search, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState } from "@codemirror/state";
import { Decoration, EditorView, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useEffect, useRef, type ReactElement } from "react";
import { letterOf, typing } from "../../shell/keys";
import { appearance } from "./appearance";
import { languageOf } from "./languages";

interface CodeProps {
  /** The text. When text is appended, the scroll position is kept. */
  text: string;
  /** The name of the file, which determines the highlighting. */
  name: string;
  wrap: boolean;
  /** Whether lines are numbered: not if it is unknown how many come before. */
  numbered: boolean;
  /** The line to scroll to and mark; 0 for none. */
  line: number;
  /** Called with a line when its number is clicked. */
  onLine: (line: number) => void;
  /** The initial scroll position. */
  at: "start" | "end";
  /** The search field is opened whenever this increases. */
  finding: number;
}

/** Labels of the search field, in place of CodeMirror's. */
const phrases = { next: "Next", previous: "Previous", "match case": "Match case", regexp: "Regular expression", "by word": "Whole words" };

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier, tags.controlKeyword, tags.tagName], color: "var(--code-word)" },
  { tag: [tags.string, tags.special(tags.string), tags.regexp, tags.attributeValue, tags.inserted], color: "var(--code-string)" },
  { tag: [tags.number, tags.bool, tags.null, tags.atom, tags.unit], color: "var(--code-number)" },
  { tag: [tags.comment, tags.meta, tags.processingInstruction], color: "var(--ink-soft)", fontStyle: "italic" },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName), tags.className, tags.typeName, tags.propertyName, tags.attributeName, tags.definition(tags.variableName)], color: "var(--code-name)" },
  { tag: tags.deleted, color: "var(--bad)" },
  { tag: tags.heading, fontWeight: "650" },
  { tag: tags.strong, fontWeight: "650" },
  { tag: tags.emphasis, fontStyle: "italic" },
  { tag: tags.link, textDecoration: "underline" },
]);

/**
 * Read-only text in CodeMirror. It is in a shadow tree, where its styles are adopted style sheets; in the page itself they would be style elements, which
 * the policy forbids.
 */
export function Code(props: CodeProps): ReactElement {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const parts = useRef({ wrapping: new Compartment(), numbers: new Compartment(), language: new Compartment(), marked: new Compartment() });
  const reached = useRef(0); // the line that was scrolled to
  const now = useRef(props);
  useEffect(() => {
    now.current = props;
  });

  useEffect(() => {
    const element = host.current;
    if (element === null) return undefined;
    const root = element.shadowRoot ?? element.attachShadow({ mode: "open" });
    const { wrapping, numbers, language, marked } = parts.current;
    const made = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: now.current.text,
        extensions: [
          EditorState.readOnly.of(true),
          EditorView.editable.of(false),
          EditorView.contentAttributes.of({ tabindex: "0", "aria-label": "File contents" }),
          numbers.of([]),
          wrapping.of([]),
          language.of([]),
          marked.of([]),
          EditorState.phrases.of(phrases),
          highlightSpecialChars(), // shows characters that reverse or hide text, so that code reads as it runs
          highlightSelectionMatches(),
          search({ top: true }),
          keymap.of(searchKeymap),
          syntaxHighlighting(colours),
          syntaxHighlighting(defaultHighlightStyle, { fallback: true }),
          appearance,
        ],
      }),
    });
    view.current = made;
    if (now.current.at === "end") made.dispatch({ effects: EditorView.scrollIntoView(made.state.doc.length, { y: "end" }) });
    let gone = false;
    void languageOf(now.current.name)?.().then((support) => {
      if (!gone) made.dispatch({ effects: language.reconfigure(support) });
    });
    const onFind = (e: KeyboardEvent) => {
      if (typing(e) || letterOf(e) !== "f" || !(e.ctrlKey || e.metaKey) || e.shiftKey || e.altKey) return;
      e.preventDefault(); // the browser would only search the visible lines
      openSearchPanel(made);
    };
    window.addEventListener("keydown", onFind);
    return () => {
      gone = true;
      window.removeEventListener("keydown", onFind);
      made.destroy();
      view.current = undefined;
      reached.current = 0;
    };
  }, []);

  useEffect(() => {
    const { current } = view;
    if (current === undefined) return;
    const before = current.state.doc.toString();
    if (before === props.text) return;
    const grown = props.text.startsWith(before);
    current.dispatch({ changes: { from: grown ? before.length : 0, to: before.length, insert: grown ? props.text.slice(before.length) : props.text } });
  }, [props.text]);

  useEffect(() => {
    view.current?.dispatch({ effects: parts.current.wrapping.reconfigure(props.wrap ? EditorView.lineWrapping : []) });
  }, [props.wrap]);

  useEffect(() => {
    const onNumber = (v: EditorView, block: { from: number }) => {
      now.current.onLine(v.state.doc.lineAt(block.from).number);
      return true;
    };
    view.current?.dispatch({ effects: parts.current.numbers.reconfigure(props.numbered ? lineNumbers({ domEventHandlers: { click: onNumber } }) : []) });
  }, [props.numbered]);

  useEffect(() => {
    const { current } = view;
    if (current === undefined) return;
    const { marked } = parts.current;
    if (props.line < 1 || props.line > current.state.doc.lines) {
      reached.current = 0;
      current.dispatch({ effects: marked.reconfigure([]) });
      return;
    }
    const { from } = current.state.doc.line(props.line);
    const mark = marked.reconfigure(EditorView.decorations.of(Decoration.set(Decoration.line({ class: "marked" }).range(from))));
    // When more text comes, or it is read again, the user may have gone on from the line.
    if (reached.current === props.line) current.dispatch({ effects: mark });
    else current.dispatch({ selection: { anchor: from }, effects: [mark, EditorView.scrollIntoView(from, { y: "center" })] });
    reached.current = props.line;
  }, [props.line, props.text]);

  useEffect(() => {
    if (props.finding > 0 && view.current !== undefined) openSearchPanel(view.current);
  }, [props.finding]);

  return <div ref={host} className="code" />;
}
