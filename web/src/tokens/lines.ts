import { tensorBoardCommand } from "../curves/tensorboard";
import { encodePath, nameOf, parentOf, type Path } from "../path";
import { pythonText, shellWord } from "./quote";

/** The file or directory that code is for. */
export interface Spot {
  path: Path;
  directory: boolean;
}

/** A piece of code to copy. */
export interface Piece {
  /** What it does, in words. */
  does: string;
  into: "a terminal" | "Python";
  text: string;
}

/** A program, or a library, to use files with. */
export interface Way {
  name: string;
  /** What has to be installed: a command, and further requirements in words. */
  install?: string;
  besides?: string;
  /** Code that reads a file or directory. */
  read: (spot: Spot, origin: URL) => readonly Piece[];
  /** Code that writes a file into a directory; absent for programs that only read. */
  write?: (dir: Path, origin: URL) => readonly Piece[];
}

const token = `os.environ["GRANARY_TOKEN"]`;
const bearer = `-H "Authorization: Bearer $GRANARY_TOKEN"`;

function portOf(origin: URL): string {
  if (origin.port !== "") return origin.port;
  return origin.protocol === "https:" ? "443" : "80";
}

/** The address of a path for fsspec, as a Python string. */
function webhdfs(path: Path, origin: URL): string {
  return pythonText(`webhdfs://${origin.hostname}:${portOf(origin)}${path}`);
}

/** The options of fsspec for this server, as a Python dict. */
function options(origin: URL): string {
  return origin.protocol === "https:" ? `{"token": ${token}, "use_https": True}` : `{"token": ${token}}`;
}

function below(dir: Path, name: string): Path {
  return dir === "/" ? `/${name}` : `${dir}/${name}`;
}

/** The pandas call that reads a file, by its extension; undefined if pandas does not read it. */
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
        does: "Read each CSV file in the folder",
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
    return [{ does: "Read the file as a data frame", into: "Python", text: ["import os", "import pandas", "", ...start, `frame = pandas.${reader}`, "print(frame)"].join("\n") }];
  }
  return [
    {
      does: "Read the file with fsspec, which pandas uses",
      into: "Python",
      text: ["import os", "import fsspec", "", ...start, `with fsspec.open(place, "rb", **options) as file:`, "    print(file.read(200))"].join("\n"),
    },
  ];
}

/** The settings that Hadoop's clients need first. */
function login(origin: URL, then: string): Piece {
  return {
    does: "Set up Hadoop’s clients, once per machine",
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

/** The programs and libraries, with code that works unchanged once GRANARY_TOKEN is in the environment. */
export const ways: readonly Way[] = [
  {
    name: "pandas",
    install: "pip install pandas fsspec requests",
    read: pandas,
    write: (dir, origin) => [
      {
        does: "Write a CSV file",
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
    besides: "Java, and the granary program from your administrator",
    read: ({ path, directory }, origin) =>
      directory
        ? spark(path, [`spark.read.format("binaryFile").load(place).select("path", "length").show(truncate=False)`], "List the files with their sizes", origin)
        : spark(path, [`${sparkReader(path)}.show()`], "Read the file as a data frame", origin),
    write: (dir, origin) => spark(below(dir, "numbers.parquet"), [`spark.range(1000).write.parquet(place)`], "Write a table", origin),
  },
  {
    name: "pydoop",
    install: "pip install pydoop",
    besides: "Java, Hadoop, and the granary program from your administrator",
    read: ({ path, directory }, origin) =>
      directory
        ? pydoop(path, ["for name in hdfs.ls(place):", "    print(name)"], "List the folder", origin)
        : pydoop(path, ["with hdfs.open(place) as file:", "    print(file.read(200))"], "Read the beginning of the file", origin),
    write: (dir, origin) => pydoop(below(dir, "hello.txt"), [`hdfs.dump("hello\\n", place)`], "Write a file", origin),
  },
  {
    name: "hdfs",
    install: "pip install hdfs",
    read: ({ path, directory }, origin) =>
      directory
        ? hdfs(path, ["for name in client.list(place):", "    print(name)"], "List the folder", origin)
        : hdfs(path, ["with client.read(place, length=200) as file:", "    print(file.read())"], "Read the beginning of the file", origin),
    write: (dir, origin) => hdfs(below(dir, "hello.txt"), [`client.write(place, "hello\\n", encoding="utf-8")`], "Write a file", origin),
  },
  {
    name: "TensorBoard",
    install: "pip install tensorboard fsspec requests",
    besides: "but not TensorFlow",
    read: ({ path, directory }, origin) => [
      { does: "Show the event files, following them as they grow", into: "a terminal", text: tensorBoardCommand(directory ? path : parentOf(path), origin) },
    ],
  },
  {
    name: "curl",
    read: ({ path, directory }, origin) => [
      directory
        ? { does: "List the folder", into: "a terminal", text: curl(path, "op=LISTSTATUS", "", origin) }
        : { does: "Download the file to the current folder", into: "a terminal", text: curl(path, "op=OPEN", `-L -o ${shellWord(nameOf(path))} `, origin) },
    ],
    write: (dir, origin) => [
      {
        does: "Upload a file from the current folder",
        into: "a terminal",
        text: ["echo hello > hello.txt", curl(below(dir, "hello.txt"), "op=CREATE", "-T hello.txt ", origin)].join("\n"),
      },
    ],
  },
];

/** Puts a token into the environment without leaving it in the history of the shell. */
export const intoEnvironment = "read -rsp 'Token: ' GRANARY_TOKEN && export GRANARY_TOKEN";

/** Why a program cannot use a path, in words; undefined if it can. */
export function cannot(way: Way, path: Path): string | undefined {
  const byAddress = way.name === "pandas" || way.name === "TensorBoard";
  if (byAddress && /[?*[\]]/.test(path)) return "fsspec treats ?, * and [ in names as patterns, so it cannot find this path. Use hdfs or curl instead.";
  return undefined;
}
