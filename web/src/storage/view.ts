import { plainView, type View } from "../place";

/** The view of a directory that shows what takes up space. */
export const sizesView: View = { ...plainView, more: { view: "sizes" } };
