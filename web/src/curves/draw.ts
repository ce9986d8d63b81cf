import type uPlot from "uplot";
import type { Line } from "./lines";
import type { Stroke } from "./palette";

/** A line and its stroke. */
export interface Drawn {
  line: Line;
  stroke: Stroke;
}

const faint = 0.28; // opacity of the original line behind its smoothed one
const loose = 2.5; // the radius in pixels of a point without a line

/** Draws lines into a chart: the smoothed ones, the original ones behind them, and marks for values that are not finite. */
export function drawLines(u: uPlot, drawn: readonly Drawn[], smoothed: boolean): void {
  const { ctx, bbox } = u;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.lineJoin = "round";
  if (smoothed) {
    ctx.globalAlpha = faint;
    for (const { line, stroke } of drawn) drawLine(u, line, line.raw, stroke, 1);
    ctx.globalAlpha = 1;
  }
  for (const { line, stroke } of drawn) drawLine(u, line, line.smooth, stroke, 1.75);
  for (const { line, stroke } of drawn) drawOdd(u, line, stroke);
  ctx.restore();
}

function drawLine(u: uPlot, line: Line, values: readonly (number | null)[], stroke: Stroke, width: number): void {
  const { ctx } = u;
  const ratio = devicePixelRatio;
  ctx.strokeStyle = ctx.fillStyle = stroke.colour;
  ctx.lineWidth = width * ratio;
  ctx.setLineDash(stroke.dash.map((n) => n * ratio));
  ctx.beginPath();
  const alone: [number, number][] = [];
  let length = 0; // points of the present piece of the line
  let [x, y] = [0, 0];
  const end = () => {
    if (length === 1) alone.push([x, y]);
    length = 0;
  };
  values.forEach((v, i) => {
    if (v === null) {
      end();
      return;
    }
    x = u.valToPos(line.x[i] ?? 0, "x", true);
    y = u.valToPos(v, "y", true);
    if (length === 0) ctx.moveTo(x, y);
    else ctx.lineTo(x, y);
    length++;
  });
  end();
  ctx.stroke();
  ctx.setLineDash([]);
  for (const [atX, atY] of alone) {
    ctx.beginPath();
    ctx.arc(atX, atY, loose * ratio, 0, 2 * Math.PI);
    ctx.fill();
  }
}

/** Marks values that are not finite with triangles: upwards at the top for infinity, downwards for minus infinity, upwards at the bottom for NaN. */
function drawOdd(u: uPlot, line: Line, stroke: Stroke): void {
  const { ctx, bbox } = u;
  const side = 5 * devicePixelRatio;
  ctx.fillStyle = stroke.colour;
  for (const [i, value] of line.odd) {
    const x = u.valToPos(line.x[i] ?? 0, "x", true);
    const up = value !== "-Infinity";
    const tip = value === "Infinity" ? bbox.top + 2 : up ? bbox.top + bbox.height - 2 * side : bbox.top + bbox.height - 2;
    const base = up ? tip + 1.6 * side : tip - 1.6 * side;
    ctx.beginPath();
    ctx.moveTo(x, tip);
    ctx.lineTo(x - side, base);
    ctx.lineTo(x + side, base);
    ctx.closePath();
    ctx.fill();
  }
}
