import { useState, type ReactElement } from "react";
import { Dialog } from "../parts/Dialog";
import { isOn, keyMap, turnSingleKeys } from "./keys";

/** The list of keyboard shortcuts, and a choice of having those of one character. */
export default function KeyMap({ onClose }: { onClose: () => void }): ReactElement {
  const [singles, setSingles] = useState(isOn("?"));
  const turn = (on: boolean) => {
    turnSingleKeys(on);
    setSingles(on);
  };
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose}>
      <div className="key-map">
        <label>
          <input type="checkbox" checked={singles} onChange={(e) => turn(e.target.checked)} />
          <span>
            Use shortcuts of a single character, such as N <span className="faint">Turn them off if you use speech input, or often hit keys by mistake.</span>
          </span>
        </label>
        {keyMap.map(({ where, keys }) => (
          <section key={where}>
            <h3>{where}</h3>
            <dl>
              {keys.filter(([key]) => isOn(key)).map(([key, does]) => (
                <div key={key}>
                  <dt>
                    <kbd>{key}</kbd>
                  </dt>
                  <dd>{does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
