import { useMemo, useRef, useState, type ReactElement } from "react";
import { useInView } from "../curves/useInView";
import { size } from "../format";
import { among, tooMany } from "../look/image/load";
import { measure } from "../look/image/measure";
import { useBlobAddress } from "../look/image/useBlobAddress";

/** An image output of a cell, in base64. It is decoded when it comes into view, and only if it does not have too many pixels, according to its header. */
export function OutputImage({ data, label }: { data: string; label: string }): ReactElement {
  const place = useRef<HTMLDivElement>(null);
  const near = useInView(place);
  const [broken, setBroken] = useState(false);
  const read = useMemo(() => (near ? picture(data) : undefined), [near, data]);
  const blob = read !== undefined && "blob" in read ? read.blob : undefined;
  const address = useBlobAddress(blob);
  const fault = broken ? "It is damaged." : read !== undefined && "fault" in read ? read.fault : "";
  return (
    <div ref={place} className="cell-image">
      {fault !== "" ? (
        <p className="cell-cut">{`An image cannot be shown. ${fault}`}</p>
      ) : (
        address !== undefined && read !== undefined && "blob" in read && <img src={address} alt={label} width={read.width} height={read.height} onError={() => setBroken(true)} />
      )}
    </div>
  );
}

function picture(data: string): { blob: Blob; width: number; height: number } | { fault: string } {
  if (data.length > (among.bytes / 3) * 4) return { fault: `It is larger than ${size(among.bytes)}, which is the limit.` };
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
  } catch {
    return { fault: "It is damaged: its data is not valid base64." };
  }
  const measures = measure(bytes);
  if (measures === undefined) return { fault: "It has an unknown format, or is damaged." };
  const fault = tooMany(measures, among);
  return fault === undefined ? { blob: new Blob([bytes], { type: `image/${measures.format}` }), width: measures.width, height: measures.height } : { fault };
}
