"""fsspec's webhdfs filesystem, as whatever stands on it uses it."""

import random

import fsspec
import pytest
import requests

CLIENT = "fsspec"
VERSION = fsspec.__version__


@pytest.fixture
def fs(service):
    # Instances are cached by their arguments; a scenario gets a new one, with nothing remembered.
    return fsspec.filesystem("webhdfs", host=service.host, port=service.port, token=service.token, skip_instance_cache=True)


@pytest.fixture
def bob(service):
    return fsspec.filesystem("webhdfs", host=service.host, port=service.port, token=service.bob, skip_instance_cache=True)


def content(size, seed=0):
    return random.Random(seed).randbytes(size)


@pytest.mark.parametrize("size", [0, 1, 65_536, 65_537, 1_000_000, 3 * (1 << 20) + 17])
def test_write_and_read(fs, folder, size):
    data = content(size)
    # It creates an empty file and appends once for each block of its own.
    with fs.open(f"{folder}/file", "wb", block_size=1 << 20) as f:
        f.write(data)
    assert fs.info(f"{folder}/file")["size"] == size
    with fs.open(f"{folder}/file", "rb", block_size=1 << 18) as f:
        assert f.read() == data
    assert fs.cat_file(f"{folder}/file") == data


def test_seeks(fs, folder):
    data = content(500_000)
    fs.pipe_file(f"{folder}/file", data)
    with fs.open(f"{folder}/file", "rb", block_size=10_000, cache_type="none") as f:
        for position, n in [(0, 10), (499_990, 10), (65_530, 12), (123_456, 70_000), (499_990, 100)]:
            f.seek(position)
            assert f.read(n) == data[position : position + n]
        f.seek(-5, 2)
        assert f.read() == data[-5:]
        assert f.read() == b""
    starts, ends = [0, 65_535, 499_999], [3, 65_538, 500_000]
    assert fs.cat_ranges([f"{folder}/file"] * 3, starts, ends) == [data[a:b] for a, b in zip(starts, ends)]
    assert fs.head(f"{folder}/file", 7) == data[:7]
    assert fs.tail(f"{folder}/file", 7) == data[-7:]


def test_text(fs, folder):
    with fs.open(f"{folder}/text", "wt", encoding="utf-8") as f:
        f.write("eins\nzwölf\n")
    with fs.open(f"{folder}/text", "rt", encoding="utf-8") as f:
        assert f.readlines() == ["eins\n", "zwölf\n"]


@pytest.fixture
def tree(fs, folder):
    for path in ["a.csv", "b.txt", "sub/c.csv", "sub/deep/d.csv", "ä ö +;%&=.csv"]:
        fs.makedirs(f"{folder}/{path}".rsplit("/", 1)[0], exist_ok=True)
        fs.pipe_file(f"{folder}/{path}", path.encode())
    return folder


def test_looking_around(fs, tree):
    assert fs.ls(tree) == [f"{tree}/{n}" for n in ["a.csv", "b.txt", "sub", "ä ö +;%&=.csv"]]
    assert [(e["name"].removeprefix(tree), e["type"], e["size"]) for e in fs.ls(tree, detail=True)] == [
        ("/a.csv", "file", 5),
        ("/b.txt", "file", 5),
        ("/sub", "directory", 0),
        ("/ä ö +;%&=.csv", "file", 15),
    ]
    assert fs.glob(f"{tree}/*.csv") == [f"{tree}/a.csv", f"{tree}/ä ö +;%&=.csv"]
    assert fs.glob(f"{tree}/**/*.csv") == [f"{tree}/{n}" for n in ["a.csv", "sub/c.csv", "sub/deep/d.csv", "ä ö +;%&=.csv"]]
    assert list(fs.walk(tree)) == [
        (tree, ["sub"], ["a.csv", "b.txt", "ä ö +;%&=.csv"]),
        (f"{tree}/sub", ["deep"], ["c.csv"]),
        (f"{tree}/sub/deep", [], ["d.csv"]),
    ]
    assert len(fs.find(tree)) == 5
    assert fs.du(tree) == sum(len(n.encode()) for n in ["a.csv", "b.txt", "sub/c.csv", "sub/deep/d.csv", "ä ö +;%&=.csv"])
    assert fs.content_summary(tree)["fileCount"] == 5
    assert fs.exists(f"{tree}/sub") and fs.isdir(f"{tree}/sub") and not fs.isfile(f"{tree}/sub")
    assert fs.isfile(f"{tree}/a.csv") and not fs.exists(f"{tree}/missing")
    assert fs.cat(f"{tree}/*.csv") == {f"{tree}/{n}": n.encode() for n in ["a.csv", "ä ö +;%&=.csv"]}
    assert fs.home_directory() == "/user/alice"


def test_copy_move_and_remove(fs, tree):
    fs.cp(f"{tree}/a.csv", f"{tree}/copy.csv")
    assert fs.cat_file(f"{tree}/copy.csv") == b"a.csv"
    # Not with recursive=True: this filesystem then reads a directory as if it were a file, on HDFS as well.
    fs.makedirs(f"{tree}/twin/deep")
    fs.cp([f"{tree}/sub/c.csv", f"{tree}/sub/deep/d.csv"], [f"{tree}/twin/c.csv", f"{tree}/twin/deep/d.csv"])
    assert [f.removeprefix(f"{tree}/twin") for f in fs.find(f"{tree}/twin")] == ["/c.csv", "/deep/d.csv"]

    fs.mv(f"{tree}/copy.csv", f"{tree}/moved.csv")
    assert fs.exists(f"{tree}/moved.csv") and not fs.exists(f"{tree}/copy.csv")
    fs.mv(f"{tree}/twin", f"{tree}/triplet")
    assert fs.cat_file(f"{tree}/triplet/deep/d.csv") == b"sub/deep/d.csv"

    fs.rm(f"{tree}/moved.csv")
    assert not fs.exists(f"{tree}/moved.csv")
    with pytest.raises(RuntimeError, match="non empty"):
        fs.rm(f"{tree}/triplet")
    fs.rm(f"{tree}/triplet", recursive=True)
    assert not fs.exists(f"{tree}/triplet")


def test_folders_there_and_back(fs, folder, tmp_path):
    for i, path in enumerate(["here/a", "here/b/c"]):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content(100_000, seed=i))
    fs.put(str(tmp_path / "here"), f"{folder}/there", recursive=True)
    fs.get(f"{folder}/there", str(tmp_path / "back"), recursive=True)
    for path in ["a", "b/c"]:
        assert (tmp_path / "back" / path).read_bytes() == (tmp_path / "here" / path).read_bytes()


def test_all_or_nothing(fs, folder):
    """Its transactions write elsewhere and rename."""
    fs.tempdir = "/tmp"  # on the server; fsspec takes this machine's folder for temporary files
    with fs.transaction:
        with fs.open(f"{folder}/file", "wb") as f:
            f.write(b"whole")
        assert not fs.exists(f"{folder}/file")
    assert fs.cat_file(f"{folder}/file") == b"whole"


def test_transactions_in_a_project(fs, inside, monkeypatch):
    """As Lightning writes checkpoints, and as docs/clients.md says what is to be set for that."""
    monkeypatch.setattr(type(fs), "tempdir", "/tmp")
    with pytest.raises(RuntimeError, match="copy them instead"), fs.transaction, fs.open(f"{inside}/epoch-1", "wb") as f:
        f.write(b"one")
    monkeypatch.setattr(type(fs), "tempdir", f"{inside}/.tmp")
    for written in (b"one", b"two"):
        with fs.transaction, fs.open(f"{inside}/epoch-1", "wb") as f:
            f.write(written)
        assert fs.cat_file(f"{inside}/epoch-1") == b"one", "the move does not replace a file, as on HDFS"
    fs.rm(f"{inside}/epoch-1")
    with fs.transaction, fs.open(f"{inside}/epoch-1", "wb") as f:
        f.write(b"two")
    assert fs.cat_file(f"{inside}/epoch-1") == b"two"


def test_attributes(fs, folder):
    fs.pipe_file(f"{folder}/file", b"x")
    fs.chmod(f"{folder}/file", "640")
    fs.chown(f"{folder}/file", group="staff")
    fs.set_replication(f"{folder}/file", 2)
    info = fs.info(f"{folder}/file")
    assert (info["permission"], info["group"], info["replication"], info["owner"]) == ("640", "staff", 2, "alice")
    assert fs.modified(f"{folder}/file").timestamp() * 1000 == pytest.approx(info["modificationTime"])


def test_checksum(fs, folder):
    fs.pipe_file(f"{folder}/file", b"Hello, world!")
    assert fs.ukey(f"{folder}/file") == {
        "algorithm": "MD5-of-0MD5-of-512CRC32C",
        "bytes": "00000200000000000000000015d668e7eb6669112f678662964b0a6500000000",
        "length": 28,
    }
    before = fs.ukey(f"{folder}/file")
    fs.pipe_file(f"{folder}/file", b"Hello, World!")
    assert fs.ukey(f"{folder}/file") != before


def test_errors_are_pythons(fs, bob, folder):
    fs.pipe_file(f"{folder}/file", b"x")
    with pytest.raises(FileNotFoundError):
        fs.info(f"{folder}/missing")
    with pytest.raises(FileNotFoundError):
        fs.open(f"{folder}/missing", "rb")
    # What the second request of a write is refused for, this filesystem does not translate.
    with pytest.raises(requests.HTTPError, match="403"):
        bob.pipe_file("/user/alice/intruder", b"x")
    assert not fs.exists("/user/alice/intruder")
    with pytest.raises(PermissionError, match="user=bob"):
        bob.ls("/user/alice")
    with pytest.raises(ValueError):
        fs.chmod(f"{folder}/file", "999")
    with pytest.raises(FileExistsError):
        fs.makedirs(folder)


def test_ways_to_say_who(service, simple_url, folder):
    """The token as a password, as the parameter of an URL's filesystem, and no token at all."""
    basic = fsspec.filesystem("webhdfs", host=service.host, port=service.port, user="alice", password=service.token)
    basic.pipe_file(f"{folder}/file", b"by password")
    with fsspec.open(service.uri(f"{folder}/file"), "rb", token=service.token) as f:
        assert f.read() == b"by password"
    nobody = fsspec.filesystem("webhdfs", host=service.host, port=service.port)
    with pytest.raises((PermissionError, requests.HTTPError)):
        nobody.ls(folder)
    reader = fsspec.filesystem("webhdfs", host=service.host, port=service.port, token=service.read_only)
    assert reader.cat_file(f"{folder}/file") == b"by password"
    with pytest.raises(PermissionError):
        reader.rm(f"{folder}/file")

    port = int(simple_url.rsplit(":", 1)[1])
    believed = fsspec.filesystem("webhdfs", host="127.0.0.1", port=port, user="bob")
    believed.pipe_file("/user/bob/mine", b"x")
    assert believed.info("/user/bob/mine")["owner"] == "bob"
