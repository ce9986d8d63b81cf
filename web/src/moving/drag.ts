import type { DragEvent } from "react";
import { count } from "../format";
import { whenLoaded } from "../parts/fault";
import { nameOf, visible, type Path } from "../path";
import { leavesProject, transferFault } from "./fault";

const type = "application/x-granary-paths";
const dwell = 700; // milliseconds that a drag stays over a closed branch of a tree until it opens

/** Entries that are being dragged; there is one drag at a time. */
interface Drag {
  paths: readonly Path[];
  /** Asks the user about a drop on a directory of another project. */
  ask: (into: Path) => void;
}

let drag: Drag | undefined;
let over: HTMLElement | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;

/**
 * Begins to drag entries. They can be dropped on any element with the attribute data-into, the path of a directory. With Ctrl they are copied, else
 * moved. Escape cancels the drag; the browser does that.
 */
export function beginDrag(e: DragEvent, paths: readonly Path[], ask: Drag["ask"]): void {
  const [first = "/"] = paths;
  drag = { paths, ask };
  e.dataTransfer.setData(type, JSON.stringify(paths));
  e.dataTransfer.setData("text/plain", paths.join("\n"));
  e.dataTransfer.effectAllowed = "copyMove";
  const sign = document.createElement("div");
  sign.className = "drag-sign";
  sign.textContent = paths.length === 1 ? visible(nameOf(first)) : count(paths.length, "item");
  document.body.append(sign);
  e.dataTransfer.setDragImage(sign, -12, -8);
  setTimeout(() => sign.remove()); // the browser has taken its image of it by then
  document.addEventListener("dragenter", onOver);
  document.addEventListener("dragover", onOver);
  document.addEventListener("drop", onDrop);
  document.addEventListener("dragend", end);
}

function mark(target: HTMLElement | undefined): void {
  if (target === over) return;
  clearTimeout(timer);
  over?.removeAttribute("data-over");
  over = target;
  if (target === undefined) return;
  target.setAttribute("data-over", "");
  timer = setTimeout(() => target.closest("[aria-expanded=false]")?.dispatchEvent(new CustomEvent("dwell")), dwell);
}

/**
 * The directory under the pointer, if the entries may be dropped on it. Another drag, such as one of files from outside, is not theirs: the end of theirs is
 * not heard of if their row has gone in the meantime.
 */
function targetOf(e: globalThis.DragEvent): { element: HTMLElement; into: Path; copies: boolean } | undefined {
  const element = e.target instanceof Element ? e.target.closest<HTMLElement>("[data-into]") : null;
  const into = element?.dataset["into"];
  const copies = e.ctrlKey || e.metaKey;
  if (drag === undefined || element === null || into === undefined || e.dataTransfer?.types.includes(type) !== true) return undefined;
  return transferFault(copies ? "copy" : "move", drag.paths, into) === undefined ? { element, into, copies } : undefined;
}

function onOver(e: globalThis.DragEvent): void {
  const target = targetOf(e);
  mark(target?.element);
  if (target === undefined || e.dataTransfer === null) return;
  e.preventDefault();
  e.dataTransfer.dropEffect = target.copies ? "copy" : "move";
}

function onDrop(e: globalThis.DragEvent): void {
  const target = targetOf(e);
  const dropped = drag;
  end();
  if (target === undefined || dropped === undefined) return;
  e.preventDefault();
  const { into, copies } = target;
  if (!copies && leavesProject(dropped.paths, into)) dropped.ask(into);
  else whenLoaded(import("./transfers"), ({ transfers }) => transfers.add(copies ? "copy" : "move", dropped.paths, into));
}

function end(): void {
  mark(undefined);
  drag = undefined;
  document.removeEventListener("dragenter", onOver);
  document.removeEventListener("dragover", onOver);
  document.removeEventListener("drop", onDrop);
  document.removeEventListener("dragend", end);
}
