import type { ReactElement, ReactNode } from "react";
import { Tabs } from "../parts/Tabs";

type View = "edit" | "who";
const labels: readonly (readonly [View, string])[] = [["edit", "Permissions"], ["who", "Who can see this, and why"]];

interface ViewsProps {
  shown: View;
  onShow: (view: View) => void;
  edit: ReactNode;
  /** undefined: it is about several paths, and there is no such view. */
  who: ReactNode;
}

/** What is set at a path, and what comes of it. */
export function Views({ shown, onShow, edit, who }: ViewsProps): ReactElement {
  if (who === undefined) return <>{edit}</>;
  return (
    <Tabs label="Permissions" tabs={labels} shown={shown} onShow={onShow} look="access-tabs" panelLook="access-panel">
      {shown === "edit" ? edit : who}
    </Tabs>
  );
}
