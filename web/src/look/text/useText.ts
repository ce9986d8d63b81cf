import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { FileStatus } from "../../api/client";
import type { Path } from "../../path";
import { joined, readEnd, readPart, type Part } from "../bytes";
import { cutLines, decode, withPlainEnds } from "./decode";

const step = 1 << 20; // bytes per read
const most = 16; // reads, since browsers cannot easily show more

/** The text of a file, as far as it was read. */
export interface Text {
  pending: boolean;
  error: unknown;
  /** Undefined if nothing was read yet, or the file is not text. */
  text: string | undefined;
  encoding: string;
  guessed: boolean;
  /** The number of lines that were too long and cut off. */
  cut: number;
  /** The offsets where the text begins and ends. */
  from: number;
  to: number;
  /** The length of the file. */
  total: number;
  /** The first bytes. */
  head: Uint8Array;
  /** Reads more; undefined at the end of the file or at the limit. */
  more: (() => void) | undefined;
  reading: boolean;
  /** Reads all that was read again, and returns whether it could be read. */
  again: () => Promise<boolean>;
}

type At = { from: number; etag: string | undefined };

/** Reads the text of a file piece by piece from the start, or its end. */
export function useText(path: Path, status: FileStatus, end: boolean): Text {
  const query = useInfiniteQuery({
    queryKey: ["text", path, status.fileId, status.modificationTime, end],
    queryFn: ({ pageParam: { from, etag }, signal }) => (end ? readEnd(path, step, { signal }) : readPart(path, from, step, { signal, etag })),
    initialPageParam: { from: 0, etag: undefined } as At,
    getNextPageParam: (last: Part, parts): At | undefined => {
      const next = last.from + last.bytes.length;
      return end || next >= last.total || parts.length >= most ? undefined : { from: next, etag: last.etag };
    },
    staleTime: Infinity, // read again only on request
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
    const text = decoded === undefined ? undefined : withPlainEnds(decoded.text);
    const fromLine = first.from > 0 && text !== undefined ? text.indexOf("\n") + 1 : 0; // the first line is incomplete
    return { decoded, shown: text === undefined ? undefined : cutLines(text.slice(fromLine)), from: first.from, to, total: last.total, head: bytes.subarray(0, 4096) };
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
    again: async () => (await query.refetch()).isSuccess,
  };
}
