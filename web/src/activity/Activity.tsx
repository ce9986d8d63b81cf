import type { ReactElement } from "react";
import { Transfers } from "../moving/Transfers";
import { useStorageAfterwards } from "../storage/afterwards";
import { Uploads } from "../upload/Uploads";
import { UploadOffer } from "../upload/UploadOffer";

/** The panels of uploads, moves and copies in a corner of the page. */
export default function Activity(): ReactElement {
  useStorageAfterwards();
  return (
    <>
      <div className="activity">
        <Transfers />
        <Uploads />
      </div>
      <UploadOffer />
    </>
  );
}
