import type { ReactElement } from "react";
import { Dialog } from "../parts/Dialog";
import { Link } from "../parts/Link";
import { nameOf, visible } from "../path";
import { plainView } from "../place";
import { newTokenFor } from "./address";
import type { Spot } from "./lines";
import Lines from "./Lines";

/** Shows how to use a file or a directory from programs. */
export default function LinesDialog({ spot, onClose }: { spot: Spot; onClose: () => void }): ReactElement {
  return (
    <Dialog title={`Use ${visible(nameOf(spot.path)) || "/"} from Python and other programs`} onClose={onClose} wide>
      <p>
        Programs sign in with a token. <Link to={{ at: "tokens" }} view={{ ...plainView, more: newTokenFor(spot, ["read"]) }}>Create a token that can only read this</Link>, or use one that you already have.
      </p>
      <Lines spot={spot} reads writes={false} />
    </Dialog>
  );
}
