import { useQuery, useQueryClient, type InfiniteData } from "@tanstack/react-query";
import { useEffect, useMemo, type ReactElement } from "react";
import { api, ask, type FileStatus } from "../../api/client";
import { arrange } from "../../listing/arrange";
import { listingKey } from "../../listing/useListing";
import { Icon } from "../../parts/Icon";
import { join, nameOf, parentOf, visible, type Path } from "../../path";
import { go, plainView, useAddress } from "../../place";
import { typing } from "../../shell/keys";
import { isPicture } from "../kind";

const most = 10; // pages of a directory, of a thousand entries each, that are searched for images
const fresh = 30_000; // milliseconds for which a directory is not read again

/** Goes to the previous and the next image of the directory, with buttons and arrow keys. */
export function Neighbours({ path }: { path: Path }): ReactElement | null {
  const { view } = useAddress();
  const dir = parentOf(path);
  const names = usePictures(dir);
  const at = names.indexOf(nameOf(path));
  const before = at > 0 ? names[at - 1] : undefined;
  const after = at < 0 ? undefined : names[at + 1];
  useEffect(() => {
    const onKey = (e: KeyboardEvent) => {
      if (e.defaultPrevented || typing(e) || e.ctrlKey || e.metaKey || e.altKey || e.shiftKey) return;
      const to = e.key === "ArrowLeft" ? before : e.key === "ArrowRight" ? after : undefined;
      if (to === undefined || (e.target instanceof Element && e.target.scrollWidth > e.target.clientWidth + 1 && e.target.matches(".canvas"))) return;
      e.preventDefault();
      go({ at: "files", path: join(dir, to) }, view, true);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [dir, before, after, view]);
  if (at < 0 || names.length < 2) return null;
  const way = (label: string, icon: "left" | "right", to: string | undefined) => (
    <button
      type="button"
      className="square"
      aria-label={to === undefined ? label : `${label}: ${visible(to)}`}
      title={label}
      disabled={to === undefined}
      onClick={() => to !== undefined && go({ at: "files", path: join(dir, to) }, view, true)}
    >
      <Icon name={icon} />
    </button>
  );
  return (
    <div className="row neighbours">
      {way("Previous image", "left", before)}
      <span className="faint">
        {(at + 1).toLocaleString("en")} of {names.length.toLocaleString("en")}
      </span>
      {way("Next image", "right", after)}
    </div>
  );
}

interface Page {
  DirectoryListing: { partialListing: { FileStatuses: { FileStatus: FileStatus[] } }; remainingEntries: number };
}

/** The names of a directory's images, in the order of its listing. In a very large directory only the first entries are searched. */
function usePictures(dir: Path): readonly string[] {
  const queries = useQueryClient();
  const listed = useQuery({
    queryKey: ["pictures-in", dir],
    queryFn: async ({ signal }) => {
      // What has been read of the listing is not read again, unless it may be out of date: it is kept for minutes after it was shown.
      const known = queries.getQueryState<InfiniteData<Page>>(listingKey(dir));
      const pages: Page[] = known?.data === undefined || known.isInvalidated || Math.abs(Date.now() - known.dataUpdatedAt) > fresh ? [] : [...known.data.pages];
      while (pages.length < most && (pages.at(-1)?.DirectoryListing.remainingEntries ?? 1) > 0) {
        const startafter = pages.at(-1)?.DirectoryListing.partialListing.FileStatuses.FileStatus.at(-1)?.pathSuffix;
        pages.push(await ask(api.GET("/api/v1/fs/list-status-batch", { params: { query: startafter === undefined ? { path: dir } : { path: dir, startafter } }, signal })));
      }
      return pages.flatMap((page) => page.DirectoryListing.partialListing.FileStatuses.FileStatus).filter(isPicture);
    },
    staleTime: fresh,
    retry: false, // without the right to list the directory, there are no buttons
  });
  return useMemo(() => arrange(listed.data ?? [], plainView).map((entry) => entry.pathSuffix), [listed.data]);
}
