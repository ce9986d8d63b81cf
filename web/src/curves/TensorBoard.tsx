import type { ReactElement } from "react";
import { CopyButton } from "../parts/Copyable";
import { Dialog } from "../parts/Dialog";
import { Link } from "../parts/Link";
import type { Path } from "../path";
import { plainView } from "../place";
import { newTokenFor } from "../tokens/address";
import { tensorBoardCommand } from "./tensorboard";

/** Shows how to open a directory in TensorBoard on one's own machine. */
export function TensorBoard({ dir, onClose }: { dir: Path; onClose: () => void }): ReactElement {
  const command = tensorBoardCommand(dir, new URL(location.href));
  return (
    <Dialog title="Open in TensorBoard" onClose={onClose}>
      <p>
        Run this in a terminal where TensorBoard is installed (<code>pip install tensorboard fsspec requests</code>; TensorFlow is not needed). It reads the event
        files from here, and fetches only new data.
      </p>
      <pre className="command" tabIndex={0} aria-label="Command">
        {command}
      </pre>
      <p className="faint">
        Set the environment variable <code>GRANARY_TOKEN</code> to one of your tokens first.{" "}
        <Link to={{ at: "tokens" }} view={{ ...plainView, more: newTokenFor({ path: dir, directory: true }, ["read"]) }}>Create a token that can only read this folder</Link>. If you have run{" "}
        <code>granary login {location.origin}</code>, leave out everything before <code>tensorboard</code>.
      </p>
      <div className="ends">
        <CopyButton text={command} primary first />
      </div>
    </Dialog>
  );
}
