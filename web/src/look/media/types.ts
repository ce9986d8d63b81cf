import type { operations } from "../../../../clients/typescript/schema";

/** What the server can be asked to call a file's bytes. */
type MediaType = NonNullable<NonNullable<operations["open"]["parameters"]["query"]>["mediatype"]>;

const byEnding: Readonly<Record<string, MediaType>> = {
  aac: "audio/aac", flac: "audio/flac", m4a: "audio/mp4", mp3: "audio/mpeg", oga: "audio/ogg", ogg: "audio/ogg", opus: "audio/ogg", wav: "audio/wav", weba: "audio/webm",
  m4v: "video/mp4", mp4: "video/mp4", mov: "video/quicktime", mkv: "video/x-matroska", ogv: "video/ogg", webm: "video/webm",
};

/** What a file is called for browsers to play it, by its name's ending; undefined: it is neither sound nor film. */
export function mediaType(ending: string): MediaType | undefined {
  return Object.hasOwn(byEnding, ending) ? byEnding[ending] : undefined;
}
