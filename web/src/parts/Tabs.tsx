import { useId, type KeyboardEvent, type ReactElement, type ReactNode } from "react";

interface TabsProps<T extends string> {
  /** The accessible name of the tabs. */
  label: string;
  tabs: readonly (readonly [tab: T, label: string])[];
  shown: T;
  onShow: (tab: T) => void;
  /** The classes of the row of tabs and of the panel. */
  look: string;
  panelLook: string;
  children: ReactNode;
}

/** A row of tabs, with the usual keys of tabs, and the panel of the chosen one. */
export function Tabs<T extends string>({ label, tabs, shown, onShow, look, panelLook, children }: TabsProps<T>): ReactElement {
  const id = useId();
  const onKeyDown = (e: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
    if (step === undefined || e.altKey) return; // Alt ← is the browser's
    e.preventDefault();
    const at = tabs.findIndex(([tab]) => tab === shown);
    const next = tabs[(at + step + tabs.length) % tabs.length];
    if (next === undefined) return;
    onShow(next[0]);
    document.getElementById(`${id}${next[0]}`)?.focus();
  };
  return (
    <>
      <div className={look} role="tablist" aria-label={label} onKeyDown={onKeyDown}>
        {tabs.map(([tab, text]) => (
          <button
            key={tab}
            id={`${id}${tab}`}
            type="button"
            role="tab"
            aria-selected={tab === shown}
            aria-controls={`${id}panel`}
            tabIndex={tab === shown ? 0 : -1}
            onClick={() => onShow(tab)}
          >
            {text}
          </button>
        ))}
      </div>
      <div id={`${id}panel`} className={panelLook} role="tabpanel" aria-labelledby={`${id}${shown}`}>
        {children}
      </div>
    </>
  );
}
