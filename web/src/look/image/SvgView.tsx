import { useQuery } from "@tanstack/react-query";
import { useMemo, useState, type ReactElement } from "react";
import { Failure, Loading, NotRefreshed } from "../../parts/states";
import { size } from "../../format";
import { nameOf, visible } from "../../path";
import { useLinked } from "../../place";
import { readPart } from "../bytes";
import { Refused } from "../Guard";
import type { LookProps } from "../Look";
import { decode } from "../text/decode";
import TextView from "../text/TextView";
import { Ways } from "../Ways";
import { svgFault } from "./svg";
import { useBlobAddress } from "./useBlobAddress";
import "./image.css";

const most = 2 << 20; // bytes that are drawn

/** An SVG as an image, in which browsers run no scripts and load nothing, or as source. */
export default function SvgView({ path, status }: LookProps): ReactElement {
  const [as] = useLinked("as");
  const [broken, setBroken] = useState(false);
  const drawn = as !== "text" && status.length <= most;
  const part = useQuery({
    queryKey: ["svg", path, status.fileId, status.modificationTime],
    queryFn: ({ signal }) => readPart(path, 0, most, { signal }),
    enabled: drawn,
    staleTime: Infinity,
    gcTime: 0,
    structuralSharing: false,
  });
  const text = useMemo(() => (part.data === undefined ? undefined : decode(part.data.bytes, true)?.text), [part.data]);
  const fault = useMemo(() => (text === undefined ? undefined : svgFault(text)), [text]);
  const blob = useMemo(() => (text === undefined || fault !== undefined ? undefined : new Blob([text], { type: "image/svg+xml" })), [text, fault]);
  const address = useBlobAddress(blob);
  const ways = <Ways ways={[["", "Image"], ["text", "Source"]]} />;
  if (as === "text") return <TextView path={path} status={status} tools={ways} />;
  const refused =
    status.length > most
      ? `The image is too large: it has ${size(status.length)}, and the limit is ${size(most)}.`
      : (fault ?? (broken ? "The browser cannot show this image." : part.data !== undefined && text === undefined ? "This is not an SVG file, because it is not text." : undefined));
  return (
    <div className="look-page filled">
      <div className="look-bar">{ways}</div>
      <NotRefreshed of={part} />
      {refused !== undefined ? (
        <Refused path={path} title="Preview not available" words={refused} />
      ) : part.data === undefined && part.error !== null ? (
        <Failure error={part.error} retry={() => void part.refetch()} />
      ) : address === undefined ? (
        <Loading label="Loading image" />
      ) : (
        <div className="canvas" tabIndex={0} role="region" aria-label="Image">
          <img src={address} alt={visible(nameOf(path))} onError={() => setBroken(true)} />
        </div>
      )}
    </div>
  );
}
