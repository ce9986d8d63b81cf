import { useQuery } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import { ApiError, wordsFor } from "../../api/client";
import { size } from "../../format";
import { Failure, Loading, NotRefreshed } from "../../parts/states";
import { nameOf, visible } from "../../path";
import { useLinked } from "../../place";
import { Refused } from "../Guard";
import type { LookProps } from "../Look";
import { alone, damaged, loadPicture, tooMany } from "./load";
import { Neighbours } from "./Neighbours";
import { useBlobAddress } from "./useBlobAddress";
import "./image.css";

/** An image, fitted to the page or in actual size, with buttons for the previous and the next one. */
export default function ImageView({ path, status }: LookProps): ReactElement {
  const [scale, setScale] = useLinked("scale");
  const [fault, setFault] = useState<string>();
  const picture = useQuery({
    queryKey: ["picture-alone", path, status.fileId, status.modificationTime],
    queryFn: ({ signal }) => loadPicture(path, alone, signal),
    staleTime: Infinity,
    gcTime: 0,
    structuralSharing: false,
  });
  const address = useBlobAddress(picture.data?.blob);
  const actual = scale === "actual";
  const refused = fault ?? (picture.data === undefined && picture.error !== null && !(picture.error instanceof ApiError) ? wordsFor(picture.error) : undefined);
  return (
    <div className="look-page filled">
      <div className="look-bar">
        {refused === undefined && (
          <div className="ways" role="group" aria-label="Size">
            <button type="button" aria-pressed={!actual} onClick={() => setScale("", true)}>
              Fit
            </button>
            <button type="button" aria-pressed={actual} onClick={() => setScale("actual", true)}>
              Actual size
            </button>
          </div>
        )}
        <Neighbours path={path} />
        <span className="gap" />
        {picture.data !== undefined && (
          <span className="faint">
            {picture.data.width.toLocaleString("en")} × {picture.data.height.toLocaleString("en")} pixels, {picture.data.format.toUpperCase()}, {size(picture.data.blob.size)}
          </span>
        )}
      </div>
      <NotRefreshed of={picture} />
      {refused !== undefined ? (
        <Refused path={path} title="Preview not available" words={refused} />
      ) : picture.data === undefined && picture.error !== null ? (
        <Failure error={picture.error} retry={() => void picture.refetch()} />
      ) : address === undefined ? (
        <Loading label="Loading image" />
      ) : (
        <div className={actual ? "canvas actual" : "canvas"} tabIndex={0} role="region" aria-label="Image">
          <img
            src={address}
            alt={visible(nameOf(path))}
            decoding="async"
            onLoad={(e) => {
              const { naturalWidth: width, naturalHeight: height } = e.currentTarget;
              setFault(tooMany({ width, height }, alone)); // the header may have been wrong
            }}
            onError={() => setFault(damaged)}
          />
        </div>
      )}
    </div>
  );
}
