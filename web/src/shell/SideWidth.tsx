import { useState, type ReactElement } from "react";

const kept = "granary-side";
const usual = 232; // pixels, as are the bounds
const least = 160;
const most = 560;
const step = 16;

/** The width of the sidebar in pixels, which this browser remembers. */
export function useSideWidth(): [number, (width: number) => void] {
  const [width, setWidth] = useState(() => bounded(Number(localStorage.getItem(kept)) || usual));
  return [
    width,
    (to) => {
      setWidth(bounded(to));
      localStorage.setItem(kept, String(bounded(to)));
    },
  ];
}

function bounded(width: number): number {
  return Math.round(Math.max(least, Math.min(most, width)));
}

/** The edge of the sidebar, which can be dragged, or moved with ← and →. */
export function SideWidth({ width, onChange }: { width: number; onChange: (width: number) => void }): ReactElement {
  return (
    <div
      className="side-width"
      role="separator"
      aria-orientation="vertical"
      aria-label="Sidebar width"
      aria-valuenow={width}
      aria-valuemin={least}
      aria-valuemax={most}
      tabIndex={0}
      onPointerDown={(e) => e.currentTarget.setPointerCapture(e.pointerId)}
      onPointerMove={(e) => {
        if (e.currentTarget.hasPointerCapture(e.pointerId)) onChange(e.clientX);
      }}
      onDoubleClick={() => onChange(usual)}
      onKeyDown={(e) => {
        if ((e.key !== "ArrowLeft" && e.key !== "ArrowRight") || e.altKey) return; // Alt ← is the browser's
        e.preventDefault();
        onChange(width + (e.key === "ArrowRight" ? step : -step));
      }}
    />
  );
}
