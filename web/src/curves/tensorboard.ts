import type { Path } from "../path";
import { shellWord } from "../tokens/quote";

/**
 * The command that opens a directory in TensorBoard, through fsspec's WebHDFS. Instead of the token it contains the variable GRANARY_TOKEN, which the shell
 * expands.
 */
export function tensorBoardCommand(dir: Path, origin: URL): string {
  const secure = origin.protocol === "https:";
  const port = origin.port === "" ? (secure ? "443" : "80") : origin.port;
  const settings = `'{"token":"'"$GRANARY_TOKEN"'"${secure ? `,"use_https":true` : ""}}'`;
  return `FSSPEC_WEBHDFS=${settings} tensorboard --logdir ${shellWord(`webhdfs://${origin.hostname}:${port}${dir}`)}`;
}

