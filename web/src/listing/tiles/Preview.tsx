import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { wordsFor, type FileStatus } from "../../api/client";
import { NotShown } from "../../look/image/load";
import { loadThumbnail } from "../../look/image/thumbnail";
import { useBlobAddress } from "../../look/image/useBlobAddress";
import { Icon } from "../../parts/Icon";
import { visible, type Path } from "../../path";

const kept = 120_000; // milliseconds for which a thumbnail is kept when it is out of view

/** The thumbnail of an image, or the reason why there is none, in an element with the id wordsId. */
export function Preview({ path, item, wordsId }: { path: Path; item: FileStatus; wordsId: string }): ReactElement {
  const { data, error } = useQuery({
    queryKey: ["thumbnail", path, item.fileId, item.modificationTime],
    queryFn: ({ signal }) => loadThumbnail(path, signal),
    staleTime: Infinity,
    gcTime: kept,
    retry: false,
    structuralSharing: false,
  });
  const address = useBlobAddress(data?.blob);
  if (error !== null) {
    return (
      <span className="tile-words" title={wordsFor(error)}>
        <Icon name="image" />
        <span id={wordsId}>{error instanceof NotShown ? error.brief : "Not loaded"}</span>
      </span>
    );
  }
  if (address === undefined) return <i className="tile-coming" />;
  return <img src={address} alt={visible(item.pathSuffix)} draggable={false} decoding="async" className={data?.tiny ? "squares" : undefined} />;
}
