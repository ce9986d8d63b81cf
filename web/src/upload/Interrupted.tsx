import { useEffect, useState, type ReactElement } from "react";
import { count } from "../format";
import { Icon } from "../parts/Icon";
import { visible } from "../path";
import { whenNobodyUploads } from "./lock";
import { pickFiles, pickFolder } from "./pick";
import { uploads } from "./queue";

/** Tells of uploads that were under way when a page was left, unless another tab uploads: it may be these. */
export function Interrupted(): ReactElement | null {
  const [open, setOpen] = useState<Awaited<ReturnType<typeof uploads.journal.open>>>();
  useEffect(() => {
    const gone = new AbortController();
    void whenNobodyUploads(gone.signal, async () => {
      const found = await uploads.journal.open();
      if (!gone.signal.aborted) setOpen(found);
    });
    return () => gone.abort();
  }, []);
  if (open === undefined) return null;
  return (
    <section className="uploads" aria-label="Uploads">
      <header>
        <h2>An upload was interrupted</h2>
        <button
          type="button"
          className="quiet square"
          aria-label="Forget it"
          title="Forget it"
          onClick={() => {
            setOpen(undefined);
            void uploads.journal.clear();
          }}
        >
          <Icon name="close" />
        </button>
      </header>
      <div className="conflict">
        <p>
          {open.done.toLocaleString("en")} of {count(open.files, "file")} are in <code className="wrap">{visible(open.dir)}</code>. Choose the same again to go
          on; what is there is not sent twice.
        </p>
        <div className="row">
          <button type="button" onClick={() => void pickFolder(open.dir, true)}>
            The folder
          </button>
          <button type="button" onClick={() => void pickFiles(open.dir, true)}>
            The files
          </button>
        </div>
      </div>
    </section>
  );
}
