// @vitest-environment happy-dom
import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { FileStatus } from "../api/client";
import Look, { type LookProps } from "./Look";

vi.mock("./text/TextView", () => ({ default: ({ status }: LookProps) => <p>{`as of ${status.modificationTime}`}</p> }));

let root: Root | undefined;

beforeEach(() => vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true));
afterEach(async () => {
  await act(() => root?.unmount());
  vi.unstubAllGlobals();
});

/** A text of a moment, of a length. */
const text = (modificationTime: number, length = 1) => ({ fileId: 1, modificationTime, length }) as FileStatus;

/** The page of a file, of which what is known changes. */
function page() {
  const place = document.body.appendChild(document.createElement("div"));
  root = createRoot(place);
  const know = (status: FileStatus, sure: boolean, path = "/a.txt") => act(async () => root?.render(<Look path={path} status={status} sure={sure} />));
  const shows = (words: string) => vi.waitFor(() => expect(place.textContent).toBe(words));
  const click = () => act(() => place.querySelector("button")?.click());
  return { know, shows, click };
}

const offer = "The file has changed.Show the new content";

test("a file that changes is shown as it was until somebody asks for the new content, and so again", async () => {
  const { know, shows, click } = page();
  await know(text(1), true);
  await shows("as of 1");
  await know(text(2), true);
  await shows(`${offer}as of 1`);
  await know(text(2), false); // it is being read again
  await shows(`${offer}as of 1`);
  await click();
  await shows("as of 2");
  await know(text(3), true);
  await shows(`${offer}as of 2`);
});

test("what was remembered of an earlier visit gives way to what is there, and so does a file without content", async () => {
  const { know, shows } = page();
  await know(text(1), false);
  await shows("as of 1");
  await know(text(2), true);
  await shows("as of 2");
  await know(text(3), false, "/b.txt");
  await know(text(3), true, "/b.txt");
  await know(text(4), true, "/b.txt");
  await shows(`${offer}as of 3`);
  await know(text(5, 0), true, "/c.txt");
  await shows("Empty fileThis file has no content.");
  await know(text(6), true, "/c.txt");
  await shows("as of 6");
});
