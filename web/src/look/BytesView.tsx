import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { size } from "../format";
import { Failure, Loading } from "../parts/states";
import { readPart } from "./bytes";
import { Hex } from "./Hex";
import type { LookProps } from "./Look";

const shown = 4096; // bytes

/** The first bytes of a file for which there is no viewer. */
export default function BytesView({ path, status }: LookProps): ReactElement {
  const part = useQuery({
    queryKey: ["bytes", path, status.fileId, status.modificationTime],
    queryFn: ({ signal }) => readPart(path, 0, shown, { signal }),
    gcTime: 0,
  });
  if (part.isPending) return <Loading label="Loading file" />;
  if (part.data === undefined) return <Failure error={part.error} retry={() => void part.refetch()} />;
  const { bytes, total } = part.data;
  return (
    <div className="look-page">
      <p className="look-note">
        There is no preview for this type of file. {bytes.length < total ? `These are the first ${size(bytes.length)} of ${size(total)}.` : "These are its bytes."}
      </p>
      <Hex bytes={bytes} />
    </div>
  );
}
