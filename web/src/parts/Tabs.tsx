import { useId, type KeyboardEvent, type ReactElement, type ReactNode } from "react";

interface TabsProps<T extends string> {
  /** What they are tabs of. */
  label: string;
  tabs: readonly (readonly [tab: T, label: string])[];
  shown: T;
  onShow: (tab: T) => void;
  /** The class of the row of tabs, and of what one shows. */
  look: string;
  panelLook: string;
  children: ReactNode;
}

/** A row of tabs, with the keys that tabs have, and what the chosen one shows. */
export function Tabs<T extends string>({ label, tabs, shown, onShow, look, panelLook, children }: TabsProps<T>): ReactElement {
  const id = useId();
  const onKeyDown = (e: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
    if (step === undefined) return;
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
