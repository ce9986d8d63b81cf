import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { size } from "../../format";
import { Failure, Loading } from "../../parts/states";
import { parentOf } from "../../path";
import { useLinked } from "../../place";
import { readPart } from "../bytes";
import type { LookProps } from "../Look";
import { decode } from "../text/decode";
import TextView from "../text/TextView";
import { Ways } from "../Ways";
import { Markdown } from "./Markdown";

const most = 256 << 10; // bytes that are rendered

/** A Markdown file, rendered or as source. */
export default function MarkdownView({ path, status }: LookProps): ReactElement {
  const [as] = useLinked("as");
  const source = as === "text";
  const part = useQuery({
    queryKey: ["markdown-file", path, status.fileId, status.modificationTime],
    queryFn: ({ signal }) => readPart(path, 0, most, { signal }),
    enabled: !source,
    staleTime: Infinity,
    gcTime: 0,
  });
  const ways = <Ways ways={[["", "Rendered"], ["text", "Source"]]} />;
  if (source) return <TextView path={path} status={status} tools={ways} />;
  if (part.isPending) return <Loading label="Loading file" />;
  if (part.data === undefined) return <Failure error={part.error} retry={() => void part.refetch()} />;
  const { bytes, total } = part.data;
  const decoded = decode(bytes, bytes.length === total);
  if (decoded === undefined) return <TextView path={path} status={status} />;
  return (
    <div className="look-page">
      <div className="look-bar">{ways}</div>
      {bytes.length < total && <p className="look-note">{`Only the first ${size(bytes.length)} of ${size(total)} are shown.`}</p>}
      <Markdown text={decoded.text} dir={parentOf(path)} />
    </div>
  );
}
