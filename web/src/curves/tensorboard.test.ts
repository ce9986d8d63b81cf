import { expect, test } from "vitest";
import { tensorBoardCommand } from "./tensorboard";

test("the command for TensorBoard", () => {
  expect(tensorBoardCommand("/Projects/p/Logs", new URL("http://127.0.0.1:9870/x"))).toBe(
    `FSSPEC_WEBHDFS='{"token":"'"$GRANARY_TOKEN"'"}' tensorboard --logdir 'webhdfs://127.0.0.1:9870/Projects/p/Logs'`,
  );
  expect(tensorBoardCommand("/a'; rm -rf ~; '", new URL("https://granary.example.org/"))).toBe(
    `FSSPEC_WEBHDFS='{"token":"'"$GRANARY_TOKEN"'","use_https":true}' tensorboard --logdir 'webhdfs://granary.example.org:443/a'\\''; rm -rf ~; '\\'''`,
  );
});
