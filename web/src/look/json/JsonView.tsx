import { useQuery } from "@tanstack/react-query";
import { useMemo, type ReactElement } from "react";
import { wordsFor } from "../../api/client";
import { count, size } from "../../format";
import { Failure, Loading, NotRefreshed } from "../../parts/states";
import { nameOf } from "../../path";
import { useLinked } from "../../place";
import { readPart } from "../bytes";
import { endingOf } from "../kind";
import type { LookProps } from "../Look";
import { decode } from "../text/decode";
import TextView from "../text/TextView";
import { Ways } from "../Ways";
import { readEither, readLines } from "./read";
import { JsonTree } from "./JsonTree";
import type { Value } from "./tree";

const most = 16 << 20; // bytes of the largest file that is shown as a tree
const mostLines = 4 << 20; // bytes of JSON lines that are read

type Read = { value: Value; note: string } | { fault: string };

/** JSON as a tree or as text. If it is too large or invalid, it is shown as text, with the reason. */
export default function JsonView({ path, status }: LookProps): ReactElement {
  const [as] = useLinked("as");
  const lined = ["jsonl", "ndjson"].includes(endingOf(nameOf(path)));
  const tooLong = !lined && status.length > most;
  const part = useQuery({
    queryKey: ["json", path, status.fileId, status.modificationTime],
    queryFn: ({ signal }) => readPart(path, 0, lined ? mostLines : most, { signal }),
    enabled: as !== "text" && !tooLong,
    staleTime: Infinity,
    gcTime: 0,
    structuralSharing: false,
  });
  const read = useMemo((): Read | undefined => {
    if (part.data === undefined) return undefined;
    const { bytes, total } = part.data;
    const whole = bytes.length === total;
    const decoded = decode(bytes, whole);
    if (decoded === undefined) return { fault: "This is not a text file." };
    try {
      if (!lined) return { value: readEither(decoded.text), note: "" };
      const lines = readLines(decoded.text, whole);
      if (lines.length === 0 && !whole) return { fault: `The first line is longer than ${size(bytes.length)}, which is the limit.` };
      return { value: lines, note: whole ? "" : `Only the first ${size(bytes.length)} of ${size(total)} are shown (${count(lines.length, "line")}).` };
    } catch (e) {
      return { fault: `This file is not valid JSON: ${wordsFor(e)}.` };
    }
  }, [part.data, lined]);
  const ways = <Ways ways={[["", "Tree"], ["text", "Text"]]} />;
  if (as === "text") return <TextView path={path} status={status} tools={ways} />;
  if (tooLong || (read !== undefined && "fault" in read)) {
    return (
      <>
        <p className="look-note" role="status">
          {tooLong ? `This file is too large for the tree view: it has ${size(status.length)}, and the limit is ${size(most)}. It is shown as text.` : read !== undefined && "fault" in read ? `${read.fault} It is shown as text.` : ""}
        </p>
        <TextView path={path} status={status} />
      </>
    );
  }
  if (part.data === undefined && part.error !== null) return <Failure error={part.error} retry={() => void part.refetch()} />;
  if (read === undefined) return <Loading label="Loading file" />;
  return (
    <div className="look-page filled">
      <NotRefreshed of={part} />
      <JsonTree value={read.value} ways={ways} note={read.note} />
    </div>
  );
}
