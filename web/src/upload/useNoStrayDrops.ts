import { useEffect } from "react";

/**
 * Has files that are dropped where nothing takes them go nowhere. The browser would open them in the place of the page, and end with it what is being uploaded.
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
