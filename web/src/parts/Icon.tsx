import type { ReactElement } from "react";

const strokes = {
  folder: "M2.5 5.5v9h15v-10h-8l-1.5-2h-5.5z",
  file: "M5 2.5h6.5l3.5 3.5v11.5H5zM11.5 2.5V6H15",
  table: "M3 4h14v12H3zM3 8h14M3 12h14M8 4v12",
  film: "M3 4h14v12H3zM8 7.5v5l4.5-2.5z",
  sound: "M4 8v4h3l4 3.5v-11L7 8zM13.5 7.5a3.5 3.5 0 0 1 0 5M15.5 5a7 7 0 0 1 0 10",
  image: "M3 4h14v12H3zM3 13l4-4 3.5 3.5L13 10l4 4M12.5 7.5h.01",
  text: "M5 2.5h10v15H5zM7.5 6.5h5M7.5 9.5h5M7.5 12.5h3",
  code: "M7 6 3 10l4 4M13 6l4 4-4 4",
  archive: "M4 2.5h12v15H4zM10 2.5v2M10 6.5v2M8.5 11h3v3.5h-3z",
  chart: "M3 3v14h14M5.5 13.5 9 9l3 2.5 5-6",
  people: "M7.5 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM2 16.5c0-3 2.5-5 5.5-5s5.5 2 5.5 5M13 9.5a2.5 2.5 0 1 0-1-4.8M15 12c2 .6 3 2.3 3 4.5",
  person: "M10 10a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM3.5 17c0-3.5 3-5.5 6.5-5.5s6.5 2 6.5 5.5",
  home: "M3 9.5 10 3l7 6.5M5 8.5v8h10v-8",
  project: "M3 7.5 10 3l7 4.5v9H3zM10 9v7M7.5 11.5l2.5-2 2.5 2",
  share: "M13.5 7a2.5 2.5 0 1 0-2.4-3.2M6.5 12.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM13.5 18a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM8.7 8.9l2.9-1.9M8.7 11.1l2.7 2.4",
  upload: "M10 13V3.5M6 7l4-4 4 4M3 13v3.5h14V13",
  download: "M10 3v9.5M6 9l4 4 4-4M3 13v3.5h14V13",
  trash: "M3.5 5.5h13M8 5.5v-2h4v2M5 5.5l.8 11.5h8.4L15 5.5M8.5 8.5v5.5M11.5 8.5v5.5",
  rename: "M4 16.5h3l9-9-3-3-9 9zM11 6.5l3 3",
  plus: "M10 4v12M4 10h12",
  close: "M5 5l10 10M15 5 5 15",
  check: "M4 10.5 8 14.5l8-9",
  more: "M5.2 10a.7.7 0 1 1-1.4 0 .7.7 0 0 1 1.4 0ZM10.7 10a.7.7 0 1 1-1.4 0 .7.7 0 0 1 1.4 0ZM16.2 10a.7.7 0 1 1-1.4 0 .7.7 0 0 1 1.4 0Z",
  search: "M8.5 14a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11ZM12.5 12.5 17 17",
  left: "M12.5 4l-6 6 6 6",
  right: "M7.5 4l6 6-6 6",
  down: "M4 7.5l6 6 6-6",
  up: "M10 16V4M5 9l5-5 5 5",
  sun: "M10 13.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM10 1.5v2M10 16.5v2M1.5 10h2M16.5 10h2M4 4l1.4 1.4M14.6 14.6 16 16M4 16l1.4-1.4M14.6 5.4 16 4",
  moon: "M16.5 12A7 7 0 0 1 8 3.5a7 7 0 1 0 8.5 8.5Z",
  pause: "M7 4v12M13 4v12",
  play: "M6 4l10 6-10 6z",
  again: "M16 10a6 6 0 1 1-2-4.5M16 2.5v4h-4",
  copy: "M7 7h9.5v9.5H7zM3.5 12.5v-9h9",
  widen: "M7.5 5 3 10l4.5 5M12.5 5l4.5 5-4.5 5M3 10h14",
  shrink: "M3.5 5 8 10l-4.5 5M16.5 5 12 10l4.5 5M10 3v14",
  grid: "M3.5 3.5h5v5h-5zM11.5 3.5h5v5h-5zM3.5 11.5h5v5h-5zM11.5 11.5h5v5h-5z",
  list: "M7 5h10M7 10h10M7 15h10M3.5 5h.01M3.5 10h.01M3.5 15h.01",
  menu: "M3 5.5h14M3 10h14M3 14.5h14",
  clock: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM10 6v4.5l3 2",
  key: "M7 13.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM10.5 10H18M15 10v3M17.5 10v2",
  lock: "M5 9h10v8H5zM7 9V6.5a3 3 0 0 1 6 0V9",
} as const;

export type IconName = keyof typeof strokes;

/** An icon of 20 by 20 units in the colour of the text. It is hidden from screen readers, so it needs a label next to it. */
export function Icon({ name }: { name: IconName }): ReactElement {
  return (
    <svg className="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={strokes[name]} />
    </svg>
  );
}

const kinds: Record<string, IconName> = {
  csv: "table", tsv: "table", parquet: "table", arrow: "table", feather: "table", xlsx: "table",
  png: "image", jpg: "image", jpeg: "image", gif: "image", webp: "image", svg: "image", bmp: "image", tif: "image", tiff: "image",
  avif: "image",
  mp4: "film", m4v: "film", webm: "film", mov: "film", mkv: "film", ogv: "film", mp3: "sound", wav: "sound", flac: "sound", ogg: "sound", oga: "sound", opus: "sound", m4a: "sound", aac: "sound", weba: "sound",
  txt: "text", md: "text", log: "text", rst: "text", pdf: "text",
  py: "code", ipynb: "code", json: "code", jsonl: "code", yaml: "code", yml: "code", toml: "code", js: "code", ts: "code", go: "code", java: "code", sh: "code", sql: "code", xml: "code", html: "code",
  zip: "archive", tar: "archive", gz: "archive", tgz: "archive", zst: "archive", xz: "archive", bz2: "archive",
};

/** The icon of a file by its extension, or of a directory. */
export function iconOf(name: string, directory: boolean): IconName {
  if (directory) return "folder";
  if (name.includes(".tfevents.")) return "chart";
  const ending = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  return (Object.hasOwn(kinds, ending) ? kinds[ending] : undefined) ?? "file";
}
