import { useEffect } from "react";

/**
 * Ignores files that are dropped where nothing accepts them. The browser would open them in place of the page, which would end uploads.
 */
export function useNoStrayDrops(): void {
  useEffect(() => {
    const refuse = (e: DragEvent) => {
      if (e.defaultPrevented || e.dataTransfer === null || !e.dataTransfer.types.includes("Files")) return;
      e.preventDefault();
      e.dataTransfer.dropEffect = "none";
    };
    window.addEventListener("dragover", refuse);
    window.addEventListener("drop", refuse);
    return () => {
      window.removeEventListener("dragover", refuse);
      window.removeEventListener("drop", refuse);
    };
  }, []);
}
