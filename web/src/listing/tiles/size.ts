import { useLayoutEffect, useState, type RefObject } from "react";

/** Pixels between tiles, and beside them. */
export const gap = 10;
export const side = 16;

const below = 32; // pixels of the name below a picture, with what frames both

/** The number of tiles in a row (0 while it is not known), and the heights of a picture and of a row with its gap, in pixels. */
export interface TileSize {
  across: number;
  picture: number;
  row: number;
}

/** The size of tiles for a width: three across on a phone; on a large screen tiles get larger, not just more. */
function tileSize(width: number): TileSize {
  const inner = width - 2 * side;
  if (inner <= 0) return { across: 0, picture: 0, row: 1 };
  const least = width < 500 ? 100 : width < 1500 ? 150 : 200;
  const across = Math.max(1, Math.floor((inner + gap) / (least + gap)));
  const picture = Math.round(((inner - gap * (across - 1)) / across) * 0.75);
  return { across, picture, row: picture + below + gap };
}

/** The size of the tiles in an element, for its present width. */
export function useTileSize(room: RefObject<HTMLElement | null>): TileSize {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = room.current;
    if (element === null) return undefined;
    setWidth(element.clientWidth);
    const watcher = new ResizeObserver(() => setWidth(element.clientWidth));
    watcher.observe(element);
    return () => watcher.disconnect();
  }, [room]);
  return tileSize(width);
}
