import { useEffect, useState, type ReactElement } from "react";
import { count } from "../format";
import { Icon } from "../parts/Icon";
import { PathText } from "../parts/PathText";
import { unlessSomebodyUploads, whenNobodyUploads } from "./lock";
import { pickFiles, pickFolder } from "./pick";
import { uploads } from "./queue";

/** Reports an upload that was interrupted when a page was left. It waits until no tab uploads, since another tab may be continuing it. */
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
          aria-label="Dismiss"
          title="Dismiss"
          onClick={() => {
            // Another tab may have begun to upload. Who leaves the page at once is not told again.
            void unlessSomebodyUploads(() => uploads.journal.clear()).finally(() => setOpen(undefined));
          }}
        >
          <Icon name="close" />
        </button>
      </header>
      <div className="conflict">
        <p>
          {open.done.toLocaleString("en")} of {count(open.files, "file")} were uploaded to <PathText path={open.dir} />. To continue, choose the same folder or
          files again. Files that are already there are not sent again.
        </p>
        <div className="row">
          <button type="button" onClick={() => void pickFolder(open.dir, true)}>
            Choose folder
          </button>
          <button type="button" onClick={() => void pickFiles(open.dir, true)}>
            Choose files
          </button>
        </div>
      </div>
    </section>
  );
}
