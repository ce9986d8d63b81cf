"""The hdfs package (hdfscli): once with a token, once as somebody who is believed."""

import os
import random
from concurrent.futures import ThreadPoolExecutor

import hdfs
import pytest
from hdfs import HdfsError, InsecureClient, TokenClient

CLIENT = "hdfs (hdfscli)"
VERSION = hdfs.__version__

# Around the size up to which content is kept in the database (64 KiB), and of several packages of encryption.
SIZES = [0, 1, 65_536, 65_537, 3_000_000]


@pytest.fixture
def client(alice, place):
    """A client whose relative paths are in a new folder of alice's."""
    return log_in(alice, place)


@pytest.fixture
def other(client, bob):
    """Bob, at the same server as client. Meanwhile he may pass through alice's home, which is her own otherwise."""
    client.set_acl("/user/alice", "user:bob:--x", clear=False)
    yield log_in(bob, client.root)
    client.remove_acl_entries("/user/alice", "user:bob:")


def log_in(person, root):
    if person.token:
        return TokenClient(person.url, token=person.token, root=root)
    return InsecureClient(person.url, user=person.user, root=root)


def content(size, seed=0):
    return random.Random(seed).randbytes(size)


def read(client, path, **options):
    with client.read(path, **options) as reader:
        return reader.read()


@pytest.fixture
def tree(tmp_path):
    """A local folder with files at several depths, one of them with a name that needs escaping everywhere."""
    root = tmp_path / "tree"
    for i, path in enumerate(["a.bin", "b/c.bin", "b/d/e.bin", "b/d/f.bin", "ä ö +;%&=#?.bin"]):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content(SIZES[i], seed=i))
    return root


def files(root):
    """What is in the files of a local folder, by their paths below it."""
    return {str(f.relative_to(root)): f.read_bytes() for f in root.rglob("*") if f.is_file()}


@pytest.mark.parametrize("size", SIZES)
def test_upload_and_download(client, tmp_path, size):
    local, back = tmp_path / "local.bin", tmp_path / "back.bin"
    local.write_bytes(content(size))
    seen = []
    assert client.upload("file", str(local), progress=lambda _, n: seen.append(n)) == f"{client.root}/file"
    assert seen[-1] == -1 and max(seen) == (size or -1)
    assert client.status("file")["length"] == size
    client.download("file", str(back))
    assert back.read_bytes() == local.read_bytes()


def test_upload_to_what_exists(client, tmp_path):
    local = tmp_path / "local.bin"
    local.write_bytes(b"first")
    client.upload("file", str(local))
    local.write_bytes(b"second")
    with pytest.raises(HdfsError, match="already exists"):
        client.upload("file", str(local))
    assert read(client, "file") == b"first"

    client.upload("file", str(local), overwrite=True)
    assert read(client, "file") == b"second"
    assert client.list(".") == ["file"], "the temporary file of the upload is still there"

    client.makedirs("folder")
    assert client.upload("folder", str(local)) == f"{client.root}/folder/local.bin"


@pytest.mark.parametrize("n_threads", [1, 4])
def test_folders(client, tree, tmp_path, n_threads):
    client.upload("tree", str(tree), n_threads=n_threads)
    walked = {
        (os.path.relpath(path, f"{client.root}/tree"), tuple(sorted(dirs)), tuple(sorted(names)))
        for path, dirs, names in client.walk("tree")
    }
    local = {
        (os.path.relpath(path, tree), tuple(sorted(dirs)), tuple(sorted(names))) for path, dirs, names in os.walk(tree)
    }
    assert walked == local

    back = tmp_path / "back"
    back.mkdir()
    client.download("tree", str(back), n_threads=n_threads)
    assert files(back / "tree") == files(tree)

    # Again, over what is there: the client uploads beside it, deletes and renames.
    (tree / "a.bin").write_bytes(b"changed")
    (tree / "b" / "c.bin").unlink()
    client.upload(".", str(tree), n_threads=n_threads, overwrite=True)
    client.download("tree", str(back), n_threads=n_threads, overwrite=True)
    assert files(back / "tree") == files(tree)
    assert client.list(".") == ["tree"]

    summary = client.content("tree")
    assert (summary["fileCount"], summary["directoryCount"]) == (4, 3)
    assert summary["length"] == sum(map(len, files(tree).values()))


def test_walk_with_status_and_depth(client):
    for path in ["a", "b/c", "b/d/e"]:
        client.write(path, data=b"x")
    walked = [(d, [n for n, _ in dirs], [n for n, _ in names]) for (d, _), dirs, names in client.walk(".", depth=2, status=True)]
    assert walked == [(client.root, ["b"], ["a"]), (f"{client.root}/b", ["d"], ["c"])]


def test_append(client):
    client.write("log", data=b"")
    expected = b""
    for i, size in enumerate([10, 300, 511, 65_000, 200_000, 1]):
        part = content(size, seed=i)
        expected += part
        client.write("log", data=part, append=True)
        assert client.status("log")["length"] == len(expected)
    assert read(client, "log") == expected
    with pytest.raises(HdfsError, match="(?i)does not exist|not found"):
        client.write("missing", data=b"x", append=True)


def test_append_of_many_at_once(client):
    """HDFS lets one writer append at a time, and so may Granary; what it accepted is there once and whole."""
    client.write("log", data=b"")

    def append(i):
        try:
            client.write("log", data=f"{i:09d}\n".encode(), append=True)
        except HdfsError:
            return None
        return i

    with ThreadPoolExecutor(8) as pool:
        accepted = sorted(i for i in pool.map(append, range(40)) if i is not None)
    assert accepted
    assert sorted(int(line) for line in read(client, "log").split()) == accepted


def test_streamed_writes(client):
    client.write("generated", data=(content(70_000, seed=i) for i in range(20)))
    assert read(client, "generated") == b"".join(content(70_000, seed=i) for i in range(20))

    with client.write("text", encoding="utf-8") as writer:
        for i in range(1000):
            writer.write(f"Zeile {i}: größer\n")
    assert read(client, "text", encoding="utf-8") == "".join(f"Zeile {i}: größer\n" for i in range(1000))

    client.write("options", data=b"x", permission="640", replication=2, blocksize=1 << 20)
    status = client.status("options")
    assert (status["permission"], status["replication"], status["blockSize"]) == ("640", 2, 1 << 20)

    with pytest.raises(HdfsError, match="already exists|overwrite"):
        client.write("options", data=b"y")
    client.write("options", data=b"y", overwrite=True)
    assert read(client, "options") == b"y"


def test_reading_of_parts(client):
    data = content(1_000_000)
    client.write("file", data=data)
    for offset, length in [(0, 1), (0, 1_000_000), (65_535, 2), (65_536, 131_072), (999_999, 1), (999_000, 5_000)]:
        assert read(client, "file", offset=offset, length=length) == data[offset : offset + length]
    assert read(client, "file", offset=777_777) == data[777_777:]
    with client.read("file", chunk_size=4096) as chunks:
        assert b"".join(chunks) == data
    with pytest.raises(HdfsError, match="out of the range"):
        read(client, "file", offset=1_000_000)

    client.write("lines", data=b"one\ntwo\nthree")
    with client.read("lines", encoding="utf-8", delimiter="\n") as lines:
        assert list(lines) == ["one", "two", "three"]


def test_rename(client):
    client.write("a", data=b"a")
    client.rename("a", "b")
    assert client.list(".") == ["b"]
    client.makedirs("folder")
    client.rename("b", "folder")
    assert client.list("folder") == ["b"]
    client.write("folder/c", data=b"c")
    for source, target in [("missing", "x"), ("folder/b", "folder/c"), ("folder", "folder/inside"), ("folder/b", "no/such/b")]:
        with pytest.raises(HdfsError, match="Unable to rename"):
            client.rename(source, target)
    assert client.list("folder") == ["b", "c"]


def test_checksum(client):
    # Recorded from a real HDFS 3.4.2.
    client.write("hello.txt", data=b"Hello, world!")
    assert client.checksum("hello.txt") == {
        "algorithm": "MD5-of-0MD5-of-512CRC32C",
        "bytes": "00000200000000000000000015d668e7eb6669112f678662964b0a6500000000",
        "length": 28,
    }
    # The same bytes, written otherwise, in the same blocks.
    client.write("hello.parts", data=b"Hello")
    client.write("hello.parts", data=b", world!", append=True)
    assert client.checksum("hello.parts") == client.checksum("hello.txt")
    client.write("hello.parts", data=b"!", append=True)
    assert client.checksum("hello.parts") != client.checksum("hello.txt")


def test_status_and_list(client):
    assert client.status("missing", strict=False) is None
    assert client.content("missing", strict=False) is None
    with pytest.raises(HdfsError, match="does not exist"):
        client.status("missing")
    client.write("file", data=b"12345")
    client.makedirs("folder", permission="750")
    status = client.status("file")
    assert (status["type"], status["length"], status["owner"], status["pathSuffix"]) == ("FILE", 5, "alice", "")
    assert client.status("folder")["permission"] == "750"
    assert [(n, s["type"]) for n, s in client.list(".", status=True)] == [("file", "FILE"), ("folder", "DIRECTORY")]
    with pytest.raises(HdfsError, match="not a directory"):
        client.list("file")
    assert client.list("folder") == []


def test_delete(client):
    client.write("folder/file", data=b"x")
    with pytest.raises(HdfsError, match="non empty"):
        client.delete("folder")
    assert client.delete("folder", recursive=True) is True
    assert client.delete("folder", recursive=True) is False
    assert client.status("folder", strict=False) is None


def test_parts_of_a_job(client):
    for i in range(3):
        client.write(f"out/part-r-{i:05d}", data=b"x")
    client.write("out/_SUCCESS", data=b"")
    assert client.parts("out") == ["part-r-00000", "part-r-00001", "part-r-00002"]
    assert client.resolve("out/#LATEST").startswith(f"{client.root}/out/")


def test_attributes(client):
    client.write("file", data=b"x")
    client.set_permission("file", "604")
    client.set_times("file", access_time=1_600_000_000_000, modification_time=1_500_000_000_000)
    client.set_replication("file", 5)
    client.set_owner("file", group="staff")
    status = client.status("file")
    assert (status["permission"], status["replication"], status["group"]) == ("604", 5, "staff")
    assert (status["accessTime"], status["modificationTime"]) == (1_600_000_000_000, 1_500_000_000_000)
    client.makedirs("folder")
    with pytest.raises(HdfsError, match="not a file"):
        client.set_replication("folder", 2)
    with pytest.raises(HdfsError, match="not a super user"):
        client.set_owner("file", owner="bob")


def test_acl(client, other):
    client.write("file", data=b"secret", permission="600")
    with pytest.raises(HdfsError, match="Permission denied: user=bob"):
        read(other, "file")

    client.set_acl("file", "user:bob:r--", clear=False)
    assert client.acl_status("file")["entries"] == ["user:bob:r--", "group::---"]
    assert read(other, "file") == b"secret"
    with pytest.raises(HdfsError, match="Permission denied"):
        other.write("file", data=b"x", append=True)

    client.set_permission("file", "600")  # which makes the mask ---
    with pytest.raises(HdfsError, match="Permission denied"):
        read(other, "file")

    client.set_acl("file", "user::rw-,user:bob:rw-,group::---,other::---")
    other.write("file", data=b"!", append=True)
    client.remove_acl_entries("file", "user:bob:")
    with pytest.raises(HdfsError, match="Permission denied"):
        read(other, "file")
    client.remove_acl("file")
    assert client.acl_status("file")["entries"] == []

    client.makedirs("folder", permission="700")
    client.set_acl("folder", "user:bob:r-x,default:user:bob:r-x", clear=False)
    client.write("folder/inherits", data=b"shared", permission="640")
    assert read(other, "folder/inherits") == b"shared"
    client.remove_default_acl("folder")
    client.write("folder/later", data=b"private", permission="640")
    with pytest.raises(HdfsError, match="Permission denied"):
        read(other, "folder/later")
    assert client.acl_status("folder")["entries"] == ["user:bob:r-x", "group::---"]


def test_wrong_token(service):
    stranger = TokenClient(service.url, token=service.token[:-8] + "AAAAAAAA")
    with pytest.raises(HdfsError):
        stranger.list("/")
    reader = TokenClient(service.url, token=service.read_only)
    assert "alice" in reader.list("/user")
    with pytest.raises(HdfsError, match="(?i)read-only|permission denied"):
        reader.write("/user/alice/refused", data=b"x")
    assert reader.status("/user/alice/refused", strict=False) is None
