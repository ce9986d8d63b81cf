import { tensorBoardCommand } from "../curves/tensorboard";
import { encodePath, nameOf, parentOf, type Path } from "../path";
import { pythonText, shellWord } from "./quote";

/** What lines are for: a file or a directory. */
export interface Spot {
  path: Path;
  directory: boolean;
}

/** Lines to paste in one piece. */
export interface Piece {
  /** What they do, in words. */
  does: string;
  into: "a terminal" | "Python";
  text: string;
}

/** A program, or a library, to use files with. */
export interface Way {
  name: string;
  /** What has to be installed: a command that does it, and what else, in words. */
  install?: string;
  besides?: string;
  /** Lines that read what is at a spot. */
  read: (spot: Spot, origin: URL) => readonly Piece[];
  /** Lines that write a file into a directory; absent: it only reads. */
  write?: (dir: Path, origin: URL) => readonly Piece[];
}

const token = `os.environ["GRANARY_TOKEN"]`;
const bearer = `-H "Authorization: Bearer $GRANARY_TOKEN"`;

function portOf(origin: URL): string {
  if (origin.port !== "") return origin.port;
  return origin.protocol === "https:" ? "443" : "80";
}

/** The address of a path for fsspec, as a text of Python. */
function webhdfs(path: Path, origin: URL): string {
  return pythonText(`webhdfs://${origin.hostname}:${portOf(origin)}${path}`);
}

/** What fsspec is to know of the server, as a dict of Python. */
function options(origin: URL): string {
  return origin.protocol === "https:" ? `{"token": ${token}, "use_https": True}` : `{"token": ${token}}`;
}

function below(dir: Path, name: string): Path {
  return dir === "/" ? `/${name}` : `${dir}/${name}`;
}

/** How pandas reads a file, by the ending of its name; undefined: it does not. */
function pandasReader(path: Path): string | undefined {
  const ending = nameOf(path).replace(/\.(gz|bz2|xz|zst|zip)$/i, "").split(".").pop()?.toLowerCase();
  switch (ending) {
    case "csv":
      return "read_csv(place, storage_options=options)";
    case "tsv":
      return `read_csv(place, sep="\\t", storage_options=options)`;
    case "json":
      return "read_json(place, storage_options=options)";
    case "jsonl":
      return "read_json(place, lines=True, storage_options=options)";
    case "parquet":
      return "read_parquet(place, storage_options=options)";
    case "feather":
      return "read_feather(place, storage_options=options)";
    case "orc":
      return "read_orc(place, storage_options=options)";
    default:
      return undefined;
  }
}

function pandas({ path, directory }: Spot, origin: URL): Piece[] {
  const reader = directory ? undefined : pandasReader(path);
  const start = [`place = ${webhdfs(path, origin)}`, `options = ${options(origin)}`];
  if (directory) {
    return [
      {
        does: "The CSV files in it, one after the other",
        into: "Python",
        text: [
          "import os", "import fsspec, pandas", "", ...start, "fs, folder = fsspec.url_to_fs(place, **options)",
          "for path in fs.ls(folder, detail=False):",
          `    if path.endswith(".csv"):`,
          "        with fs.open(path) as file:",
          "            print(path, pandas.read_csv(file).shape)",
        ].join("\n"),
      },
    ];
  }
  if (reader !== undefined) {
    return [{ does: "The file as a frame", into: "Python", text: ["import os", "import pandas", "", ...start, `frame = pandas.${reader}`, "print(frame)"].join("\n") }];
  }
  return [
    {
      does: "The file, by fsspec, on which pandas builds",
      into: "Python",
      text: ["import os", "import fsspec", "", ...start, `with fsspec.open(place, "rb", **options) as file:`, "    print(file.read(200))"].join("\n"),
    },
  ];
}

/** What the clients of Hadoop need to be told before, in a terminal. */
function login(origin: URL, then: string): Piece {
  return {
    does: "Settings for Hadoop’s clients, once for this machine",
    into: "a terminal",
    text: [`granary login ${shellWord(origin.origin)} --token-file - --for hadoop <<<"$GRANARY_TOKEN"`, `. ~/.config/granary/env.sh && ${then}`].join("\n"),
  };
}

function sparkReader(path: Path): string {
  const ending = nameOf(path).split(".").pop()?.toLowerCase();
  if (ending === "csv") return "spark.read.csv(place, header=True)";
  if (ending === "parquet" || ending === "orc") return `spark.read.${ending}(place)`;
  if (ending === "json" || ending === "jsonl") return "spark.read.json(place)";
  return "spark.read.text(place)";
}

function spark(place: Path, lines: readonly string[], does: string, origin: URL): Piece[] {
  return [
    login(origin, "python"),
    { does, into: "Python", text: ["from pyspark.sql import SparkSession", "", "spark = SparkSession.builder.getOrCreate()", `place = ${pythonText(place)}`, ...lines].join("\n") },
  ];
}

function pydoop(place: Path, lines: readonly string[], does: string, origin: URL): Piece[] {
  return [login(origin, "python"), { does, into: "Python", text: ["import pydoop.hdfs as hdfs", "", `place = ${pythonText(place)}`, ...lines].join("\n") }];
}

function hdfs(place: Path, lines: readonly string[], does: string, origin: URL): Piece[] {
  return [
    {
      does,
      into: "Python",
      text: ["import os", "from hdfs import TokenClient", "", `client = TokenClient(${pythonText(origin.origin)}, ${token})`, `place = ${pythonText(place)}`, ...lines].join("\n"),
    },
  ];
}

function curl(path: Path, query: string, flags: string, origin: URL): string {
  return `curl -sS --fail-with-body ${flags}${bearer} ${shellWord(`${origin.origin}/webhdfs/v1/${encodePath(path)}?${query}`)}`;
}

/** The ways to use files from programs, with lines that work as they are once GRANARY_TOKEN is in the environment. */
export const ways: readonly Way[] = [
  {
    name: "pandas",
    install: "pip install pandas fsspec requests",
    read: pandas,
    write: (dir, origin) => [
      {
        does: "A new CSV file",
        into: "Python",
        text: [
          "import os", "import pandas", "", `place = ${webhdfs(below(dir, "ages.csv"), origin)}`, `options = ${options(origin)}`,
          `frame = pandas.DataFrame({"name": ["Ada", "Grace"], "age": [36, 45]})`, "frame.to_csv(place, index=False, storage_options=options)",
        ].join("\n"),
      },
    ],
  },
  {
    name: "PySpark",
    install: "pip install pyspark",
    besides: "Java, and the program granary from those who run this server",
    read: ({ path, directory }, origin) =>
      directory
        ? spark(path, [`spark.read.format("binaryFile").load(place).select("path", "length").show(truncate=False)`], "The files in it, with their lengths", origin)
        : spark(path, [`${sparkReader(path)}.show()`], "The file as a frame", origin),
    write: (dir, origin) => spark(below(dir, "numbers.parquet"), [`spark.range(1000).write.parquet(place)`], "A new table", origin),
  },
  {
    name: "pydoop",
    install: "pip install pydoop",
    besides: "Java, Hadoop, and the program granary from those who run this server",
    read: ({ path, directory }, origin) =>
      directory
        ? pydoop(path, ["for name in hdfs.ls(place):", "    print(name)"], "What is in it", origin)
        : pydoop(path, ["with hdfs.open(place) as file:", "    print(file.read(200))"], "The beginning of the file", origin),
    write: (dir, origin) => pydoop(below(dir, "hello.txt"), [`hdfs.dump("hello\\n", place)`], "A new file", origin),
  },
  {
    name: "hdfs",
    install: "pip install hdfs",
    read: ({ path, directory }, origin) =>
      directory
        ? hdfs(path, ["for name in client.list(place):", "    print(name)"], "What is in it", origin)
        : hdfs(path, ["with client.read(place, length=200) as file:", "    print(file.read())"], "The beginning of the file", origin),
    write: (dir, origin) => hdfs(below(dir, "hello.txt"), [`client.write(place, "hello\\n", encoding="utf-8")`], "A new file", origin),
  },
  {
    name: "TensorBoard",
    install: "pip install tensorboard fsspec requests",
    besides: "no TensorFlow",
    read: ({ path, directory }, origin) => [
      { does: "The event files in it, followed while they grow", into: "a terminal", text: tensorBoardCommand(directory ? path : parentOf(path), origin) },
    ],
  },
  {
    name: "curl",
    read: ({ path, directory }, origin) => [
      directory
        ? { does: "What is in it", into: "a terminal", text: curl(path, "op=LISTSTATUS", "", origin) }
        : { does: "The file, into this folder", into: "a terminal", text: curl(path, "op=OPEN", `-L -o ${shellWord(nameOf(path))} `, origin) },
    ],
    write: (dir, origin) => [
      {
        does: "A file of this folder, as a new one",
        into: "a terminal",
        text: ["echo hello > hello.txt", curl(below(dir, "hello.txt"), "op=CREATE", "-T hello.txt ", origin)].join("\n"),
      },
    ],
  },
];

/** Puts a token into the environment without leaving it in the history of the shell. */
export const intoEnvironment = "read -rsp 'Token: ' GRANARY_TOKEN && export GRANARY_TOKEN";

/** Why a way cannot use a path, in words; undefined: it can. */
export function cannot(way: Way, path: Path): string | undefined {
  const byAddress = way.name === "pandas" || way.name === "TensorBoard";
  if (byAddress && /[?*[\]]/.test(path)) return "fsspec takes ?, * and [ in names for patterns, so it does not find this path. hdfs and curl do.";
  return undefined;
}
