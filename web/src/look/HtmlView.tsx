import { useQuery } from "@tanstack/react-query";
import { useMemo, type ReactElement } from "react";
import { size } from "../format";
import { Failure, Loading, NotRefreshed } from "../parts/states";
import { nameOf, visible } from "../path";
import { useLinked } from "../place";
import { readPart } from "./bytes";
import { harmless } from "./harmless";
import type { LookProps } from "./Look";
import { decode } from "./text/decode";
import TextView from "./text/TextView";
import { Ways } from "./Ways";

const most = 1 << 20; // bytes that are rendered

/** An HTML page as source, or rendered in a frame that runs no scripts and loads nothing. */
export default function HtmlView({ path, status }: LookProps): ReactElement {
  const [as] = useLinked("as");
  const rendered = as === "rendered";
  const part = useQuery({
    queryKey: ["html", path, status.fileId, status.modificationTime],
    queryFn: ({ signal }) => readPart(path, 0, most, { signal }),
    enabled: rendered,
    staleTime: Infinity,
    gcTime: 0,
    structuralSharing: false,
  });
  const page = useMemo(() => {
    const text = part.data === undefined ? undefined : decode(part.data.bytes, part.data.bytes.length === part.data.total)?.text;
    return text === undefined ? undefined : harmless(text);
  }, [part.data]);
  const ways = <Ways ways={[["", "Source"], ["rendered", "Rendered"]]} />;
  if (!rendered || (part.data !== undefined && page === undefined)) return <TextView path={path} status={status} tools={ways} />;
  if (part.data === undefined && part.error !== null) return <Failure error={part.error} retry={() => void part.refetch()} />;
  if (page === undefined || part.data === undefined) return <Loading label="Loading file" />;
  return (
    <div className="look-page filled">
      <div className="look-bar">{ways}</div>
      <NotRefreshed of={part} />
      <p className="look-note">
        {part.data.bytes.length < part.data.total && `Only the first ${size(part.data.bytes.length)} of ${size(part.data.total)} are shown. `}
        Scripts, styles and external content are left out.
      </p>
      <iframe className="html" sandbox="" srcDoc={page} title={visible(nameOf(path))} referrerPolicy="no-referrer" />
    </div>
  );
}
