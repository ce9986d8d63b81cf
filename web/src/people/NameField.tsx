import { useId, useRef, useState, type KeyboardEvent, type ReactElement } from "react";
import { tiedTo } from "../parts/tied";
import { visible } from "../path";
import { composing } from "../shell/keys";
import { useNames } from "./names";
import "./people.css";

interface NameFieldProps {
  kind: "user" | "group" | "project";
  label: string;
  value: string;
  onChange: (name: string) => void;
  placeholder?: string;
  /** Called on Enter if no suggestion is selected; without it, Enter submits the form. */
  onEnter?: () => void;
  required?: boolean;
  /** The id of the element that says what is wrong with the name; undefined if nothing is. */
  faultId?: string | undefined;
  /** Gets the focus when its dialog opens. */
  first?: boolean;
}

/** A field for a name. It suggests names that the caller may know of, and accepts any other. */
export function NameField({ kind, label, value, onChange, placeholder, onEnter, required = false, faultId, first = false }: NameFieldProps): ReactElement {
  const id = useId();
  const ref = useRef<HTMLInputElement>(null);
  const [open, setOpen] = useState(false);
  const [mark, setMark] = useState<string>(); // by name: other suggestions may come at any time
  const found = useNames(kind, value, open);
  const names = open ? found.filter((name) => name !== value) : [];
  const marked = mark === undefined ? -1 : names.indexOf(mark);
  const take = (name: string) => {
    onChange(name);
    setOpen(false);
    setMark(undefined);
    ref.current?.focus();
  };
  const onKey = (e: KeyboardEvent) => {
    if (composing(e)) return;
    const step = e.key === "ArrowDown" ? 1 : e.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) {
      e.preventDefault();
      setOpen(true);
      if (names.length > 0) setMark(names[(marked + step + names.length + (marked < 0 && step < 0 ? 1 : 0)) % names.length]);
      return;
    }
    const name = names[marked];
    if (e.key === "Enter") {
      if (name !== undefined) {
        e.preventDefault();
        take(name);
        return;
      }
      setOpen(false);
      if (onEnter === undefined) return;
      e.preventDefault();
      onEnter();
    } else if (e.key === "Escape" && names.length > 0) {
      e.preventDefault(); // closes the suggestions only, not the dialog
      e.stopPropagation();
      setOpen(false);
      setMark(undefined);
    }
  };
  return (
    <span className="name-field">
      <input
        ref={ref}
        role="combobox"
        aria-label={label}
        aria-expanded={names.length > 0}
        aria-controls={`${id}list`}
        aria-autocomplete="list"
        aria-activedescendant={marked >= 0 ? `${id}${marked}` : undefined}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        required={required}
        {...tiedTo(faultId)}
        data-first={first ? "" : undefined}
        autoFocus={first /* the field may be rendered after its dialog has opened */}
        placeholder={placeholder}
        value={value}
        onChange={(e) => {
          setOpen(true);
          setMark(undefined);
          onChange(e.target.value);
        }}
        onKeyDown={onKey}
        onBlur={() => {
          setOpen(false);
          setMark(undefined);
        }}
      />
      <ul id={`${id}list`} role="listbox" aria-label="Suggestions" hidden={names.length === 0}>
        {names.map((name, i) => (
          <li
            key={name}
            id={`${id}${i}`}
            role="option"
            aria-selected={i === marked}
            onMouseDown={(e) => {
              e.preventDefault(); // a mouse press would move the focus out of the field, which closes the list before the click
              take(name);
            }}
          >
            <bdi>{visible(name)}</bdi>
          </li>
        ))}
      </ul>
    </span>
  );
}
