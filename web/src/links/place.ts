import { plainView, type View } from "../place";

/** The view of the page of tokens that shows the caller's download links. */
export const linksView: View = { ...plainView, more: { tab: "links" } };
