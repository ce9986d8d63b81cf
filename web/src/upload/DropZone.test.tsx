// @vitest-environment happy-dom
import { act } from "react";
import { createRoot } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { DropZone } from "./DropZone";

beforeEach(() => vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true));
afterEach(() => void vi.unstubAllGlobals());

test("the sign that says where files go does not stay when the row below them has gone before they leave", async () => {
  const place = document.body.appendChild(document.createElement("div"));
  await act(() => createRoot(place).render(<DropZone dir="/d"><i /><b /></DropZone>));
  const drag = (type: string, on: string) =>
    act(() => place.querySelector(on)?.dispatchEvent(Object.assign(new Event(type, { bubbles: true }), { dataTransfer: { types: ["Files"] } })));
  const sign = () => place.textContent.includes("Upload to");
  await drag("dragenter", "i");
  await drag("dragenter", "b");
  await drag("dragleave", "i");
  expect(sign()).toBe(true);
  await drag("dragleave", "b");
  expect(sign()).toBe(false);
  await drag("dragenter", "i"); // it goes, so that nobody hears of dragleave
  expect(sign()).toBe(true);
  await act(() => window.dispatchEvent(new Event("pointermove")));
  expect(sign()).toBe(false);
});
