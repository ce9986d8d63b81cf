import { plainView, type View } from "../place";

/** A directory looked at for what takes the space. */
export const sizesView: View = { ...plainView, more: { view: "sizes" } };
