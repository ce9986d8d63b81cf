import type { operations } from "../../../../clients/typescript/schema";

/** The media types that the server can be asked to send with a file. */
type MediaType = NonNullable<NonNullable<operations["open"]["parameters"]["query"]>["mediatype"]>;

const byEnding: Readonly<Record<string, MediaType>> = {
  aac: "audio/aac", flac: "audio/flac", m4a: "audio/mp4", mp3: "audio/mpeg", oga: "audio/ogg", ogg: "audio/ogg", opus: "audio/ogg", wav: "audio/wav", weba: "audio/webm",
  m4v: "video/mp4", mp4: "video/mp4", mov: "video/quicktime", mkv: "video/x-matroska", ogv: "video/ogg", webm: "video/webm",
};

/** The media type of a file, by its extension; undefined if it is neither audio nor video. */
export function mediaType(ending: string): MediaType | undefined {
  return Object.hasOwn(byEnding, ending) ? byEnding[ending] : undefined;
}
