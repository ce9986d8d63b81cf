import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { FileStatus } from "../../api/client";
import type { Path } from "../../path";
import { joined, readEnd, readPart, type Part } from "../bytes";
import { cutLines, decode } from "./decode";

const step = 1 << 20; // bytes that are read at a time
const most = 16; // steps, which is what a browser can show without effort

/** What there is of a file's text. */
export interface Text {
  pending: boolean;
  error: unknown;
  /** Undefined: nothing was read yet, or it is no text. */
  text: string | undefined;
  encoding: string;
  guessed: boolean;
  /** How many lines were cut, since they are too long. */
  cut: number;
  /** Where what was read begins and ends. */
  from: number;
  to: number;
  /** The length of the file. */
  total: number;
  /** The first bytes. */
  head: Uint8Array;
  /** Reads more; undefined: all is there, or as much as is shown. */
  more: (() => void) | undefined;
  reading: boolean;
  again: () => void;
}

type At = { from: number; etag: string | undefined };

/** Reads a file's text from its start on, by and by, or its end. */
export function useText(path: Path, status: FileStatus, end: boolean): Text {
  const query = useInfiniteQuery({
    queryKey: ["text", path, status.fileId, status.modificationTime, end],
    queryFn: ({ pageParam: { from, etag }, signal }) => (end ? readEnd(path, step, { signal }) : readPart(path, from, step, { signal, etag })),
    initialPageParam: { from: 0, etag: undefined } as At,
    getNextPageParam: (last: Part, parts): At | undefined => {
      const next = last.from + last.bytes.length;
      return end || next >= last.total || parts.length >= most ? undefined : { from: next, etag: last.etag };
    },
    staleTime: Infinity, // a part is read again when somebody asks for that
    gcTime: 0,
    structuralSharing: false,
  });
  const parts = query.data?.pages;
  const read = useMemo(() => {
    const [first] = parts ?? [];
    const last = parts?.at(-1);
    if (parts === undefined || first === undefined || last === undefined) return undefined;
    const to = last.from + last.bytes.length;
    const bytes = joined(parts.map((part) => part.bytes));
    const decoded = decode(bytes, first.from === 0 && to >= last.total);
    const fromLine = first.from > 0 && decoded !== undefined ? decoded.text.indexOf("\n") + 1 : 0; // the line before began earlier
    return { decoded, shown: decoded === undefined ? undefined : cutLines(decoded.text.slice(fromLine)), from: first.from, to, total: last.total, head: bytes.subarray(0, 4096) };
  }, [parts]);
  return {
    pending: query.isPending,
    error: query.error,
    text: read?.shown?.text,
    encoding: read?.decoded?.encoding ?? "",
    guessed: read?.decoded?.guessed ?? false,
    cut: read?.shown?.cut ?? 0,
    from: read?.from ?? 0,
    to: read?.to ?? 0,
    total: read?.total ?? status.length,
    head: read?.head ?? new Uint8Array(),
    more: query.hasNextPage ? () => void query.fetchNextPage() : undefined,
    reading: query.isFetching,
    again: () => void query.refetch(),
  };
}
