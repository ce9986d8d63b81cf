import { expect, test } from "vitest";
import { endingOf, kindOf } from "./kind";

test("endings are read as people mean them", () => {
  expect(endingOf("a.tar.GZ")).toBe("gz");
  expect(endingOf("Makefile")).toBe("");
  expect(endingOf(".gitignore")).toBe("gitignore");
  expect(endingOf("ends.")).toBe("");
});

test("a file gets its viewer by name and length", () => {
  expect(kindOf("run.log", 1)).toBe("text");
  expect(kindOf("LICENSE", 1)).toBe("text");
  expect(kindOf("what.is-this", 1)).toBe("text");
  expect(kindOf("x.constructor", 1)).toBe("text");
  expect(kindOf("README.md", 1)).toBe("markdown");
  expect(kindOf("a.PNG", 1)).toBe("image");
  expect(kindOf("a.svg", 1)).toBe("svg");
  expect(kindOf("c.wav", 1)).toBe("media");
  expect(kindOf("run.log", 0)).toBe("empty");
  expect(kindOf("model.ONNX", 5)).toBe("bytes");
  for (const name of ["model-00001-of-00002.safetensors", "x.npy"]) expect(kindOf(name, 5)).toBe("tensors");
  for (const name of ["a.parquet", "b.PQ"]) expect(kindOf(name, 5)).toBe("parquet");
  for (const name of ["a.csv", "b.TSV", "c.csv.gz"]) expect(kindOf(name, 5)).toBe("csv");
  expect(kindOf("events.out.tfevents.1764201600.host", 5)).toBe("bytes");
});
