import type { ReactElement } from "react";
import { CopyButton } from "../parts/Copyable";
import { Dialog } from "../parts/Dialog";
import { Link } from "../parts/Link";
import type { Path } from "../path";
import { plainView } from "../place";
import { newTokenFor } from "../tokens/address";
import { tensorBoardCommand } from "./tensorboard";

/** How somebody opens a directory in their own TensorBoard. */
export function TensorBoard({ dir, onClose }: { dir: Path; onClose: () => void }): ReactElement {
  const command = tensorBoardCommand(dir, new URL(location.href));
  return (
    <Dialog title="Open in TensorBoard" onClose={onClose}>
      <p>
        Paste this into a terminal where TensorBoard is installed. It reads the event files from here and fetches only what is new; it needs <code>pip install tensorboard fsspec requests</code>{" "}
        and no TensorFlow.
      </p>
      <pre className="command" tabIndex={0} aria-label="Command">
        {command}
      </pre>
      <p className="faint">
        <code>GRANARY_TOKEN</code> is a token of yours, which the command takes from the environment so that it stays out of what you paste.{" "}
        <Link to={{ at: "tokens" }} view={{ ...plainView, more: newTokenFor({ path: dir, directory: true }, ["read"]) }}>Make one that reads just this folder</Link>. Where you have run{" "}
        <code>granary login {location.origin}</code>, leave out what stands before <code>tensorboard</code>.
      </p>
      <div className="ends">
        <CopyButton text={command} primary first />
      </div>
    </Dialog>
  );
}
