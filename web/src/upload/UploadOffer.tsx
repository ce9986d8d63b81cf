import { useState, useSyncExternalStore, type FormEvent, type ReactElement } from "react";
import { count, size } from "../format";
import { Destination, pathFault } from "../moving/Destination";
import { Dialog } from "../parts/Dialog";
import { PathText } from "../parts/PathText";
import { visible } from "../path";
import { accept, askNoMore, offers, type Offer } from "./offer";

/** Asks for confirmation of the destination before chosen files are sent. */
export function UploadOffer(): ReactElement | null {
  const offer = useSyncExternalStore(offers.subscribe, offers.get);
  return offer === undefined ? null : <Asked key={offer.id} offer={offer} />;
}

function Asked({ offer }: { offer: Offer }): ReactElement {
  const { found, bare } = offer;
  const [dir, setDir] = useState(offer.dir);
  const [elsewhere, setElsewhere] = useState(false);
  const [always, setAlways] = useState(false);
  const tops = [...new Set([...found.map((f) => f.below), ...bare].map((below) => below.split("/")[0] ?? ""))];
  const bytes = found.reduce((n, f) => n + f.file.size, 0);
  const fault = pathFault(dir);
  const drop = () => offers.drop(offer);
  const submit = (e: FormEvent) => {
    e.preventDefault();
    if (fault !== undefined) return;
    if (always) askNoMore(dir);
    void accept(offer, dir);
  };
  return (
    <Dialog title={`Upload ${found.length === 0 ? count(bare.length, "folder") : count(found.length, "file")}?`} onClose={drop}>
      <form className="form" onSubmit={submit}>
        <dl className="facts narrow">
          <dt>To</dt>
          <dd>
            <PathText path={dir} />
          </dd>
          <dt>Items</dt>
          <dd className="wrap">
            {tops.slice(0, 3).map(visible).join(", ")}
            {tops.length > 3 && ` and ${(tops.length - 3).toLocaleString("en")} more`}
          </dd>
          <dt>Size</dt>
          <dd>{size(bytes)}</dd>
        </dl>
        {elsewhere ? (
          <Destination value={dir} onChange={setDir} />
        ) : (
          <p>
            <button type="button" className="link" onClick={() => setElsewhere(true)}>
              Choose another folder
            </button>
          </p>
        )}
        <label className="check">
          <input type="checkbox" checked={always} onChange={(e) => setAlways(e.target.checked)} /> Don’t ask again for this folder
        </label>
        <div className="ends">
          <button type="button" onClick={drop}>
            Cancel
          </button>
          <button type="submit" className="primary" data-first="" disabled={fault !== undefined}>
            Upload
          </button>
        </div>
      </form>
    </Dialog>
  );
}
