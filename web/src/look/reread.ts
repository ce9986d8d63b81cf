import { createContext } from "react";
import type { FileStatus } from "../api/client";

/**
 * A viewer calls it when it has read all it shows anew, with a status that is not newer than what it has read: the page of the file need not say any more that
 * the file has changed since an older one.
 */
export const Reread = createContext<(status: FileStatus) => void>(() => undefined);
