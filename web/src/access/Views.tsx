import type { ReactElement, ReactNode } from "react";
import { Tabs } from "../parts/Tabs";

type View = "edit" | "who";
const labels: readonly (readonly [View, string])[] = [["edit", "Permissions"], ["who", "Who has access"]];

interface ViewsProps {
  shown: View;
  onShow: (view: View) => void;
  edit: ReactNode;
  /** undefined for several paths, which have no such view. */
  who: ReactNode;
}

/** Two tabs: the permissions that are set at a path, and the access that follows from them. */
export function Views({ shown, onShow, edit, who }: ViewsProps): ReactElement {
  if (who === undefined) return <>{edit}</>;
  return (
    <Tabs label="Permissions" tabs={labels} shown={shown} onShow={onShow} look="access-tabs" panelLook="access-panel">
      {shown === "edit" ? edit : who}
    </Tabs>
  );
}
