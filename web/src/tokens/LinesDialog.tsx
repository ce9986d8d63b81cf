import type { ReactElement } from "react";
import { Dialog } from "../parts/Dialog";
import { Link } from "../parts/Link";
import { nameOf, visible } from "../path";
import { plainView } from "../place";
import { newTokenFor } from "./address";
import type { Spot } from "./lines";
import Lines from "./Lines";

/** Says how a file or a directory is used from programs. */
export default function LinesDialog({ spot, onClose }: { spot: Spot; onClose: () => void }): ReactElement {
  return (
    <Dialog title={`Use ${visible(nameOf(spot.path)) || "/"} from Python and others`} onClose={onClose} wide>
      <p>
        Programs say who they are by a token. <Link to={{ at: "tokens" }} view={{ ...plainView, more: newTokenFor(spot, ["read"]) }}>Make one that reads just this</Link>, or use one that you have.
      </p>
      <Lines spot={spot} reads writes={false} />
    </Dialog>
  );
}
