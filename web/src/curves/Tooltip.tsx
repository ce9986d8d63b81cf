import { useLayoutEffect, useRef, type ReactElement } from "react";
import { visible } from "../path";
import type { Hover, Seen } from "./Plot";
import { exactStep, moment, value } from "./numbers";
import { Swatch } from "./Swatch";

const most = 10; // the most runs in the tooltip; of more, the nearest to the pointer are shown

/** The value of a line at a point, as text; values that are not finite as they were written. */
function shown(seen: Seen, of: "written" | "smooth"): string {
  const v = seen.drawn.line[of][seen.index];
  return v === null || v === undefined ? (seen.drawn.line.odd.get(seen.index) ?? "–") : value(v);
}

const away = 14; // pixels between the pointer and the tooltip
const edge = 8; // pixels between the tooltip and the edges of the window

/** The values at the pointer, of each run at its nearest point. It is placed next to the pointer, within the window. */
export function Tooltip({ hover, smoothed }: { hover: Hover; smoothed: boolean }): ReactElement {
  const tip = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const box = tip.current;
    const chart = box?.parentElement?.getBoundingClientRect();
    if (box === null || chart === undefined) return;
    const at = chart.left + hover.left;
    const room = innerWidth - edge - box.offsetWidth;
    const left = at + away <= room ? at + away : at - away - box.offsetWidth;
    box.style.left = `${Math.max(edge, Math.min(room, left))}px`;
    box.style.top = `${Math.max(edge, Math.min(innerHeight - edge - box.offsetHeight, chart.top))}px`;
  }, [hover]);
  const far = (seen: Seen) => (Number.isNaN(seen.y) ? Infinity : Math.abs(seen.y - hover.top));
  const byDistance = hover.seen.length > most ? [...hover.seen].sort((a, b) => far(a) - far(b)) : hover.seen;
  const rows = byDistance.slice(0, most);
  return (
    <>
      {rows.map((seen) =>
        Number.isNaN(seen.y) ? null : (
          <i key={seen.drawn.line.run} className="plot-point" style={{ left: seen.x, top: seen.y, background: seen.drawn.stroke.colour }} />
        ),
      )}
      <div ref={tip} className="plot-tip">
        <table>
          <thead>
            <tr>
              <th scope="col">Run</th>
              {smoothed && <th scope="col">Smoothed</th>}
              <th scope="col">Value</th>
              <th scope="col">Step</th>
              <th scope="col">Time</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((seen) => (
              <tr key={seen.drawn.line.run}>
                <th scope="row">
                  <Swatch stroke={seen.drawn.stroke} /> <bdi>{visible(seen.drawn.line.run)}</bdi>
                </th>
                {smoothed && <td>{shown(seen, "smooth")}</td>}
                <td>{shown(seen, "written")}</td>
                <td>{exactStep(seen.drawn.line.steps[seen.index] ?? 0)}</td>
                <td>{moment(seen.drawn.line.walls[seen.index] ?? 0)}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {hover.seen.length > rows.length && <p className="faint">and {hover.seen.length - rows.length} more runs, further away</p>}
      </div>
    </>
  );
}
