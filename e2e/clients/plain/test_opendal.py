"""OpenDAL's webhdfs service. It asks for the place of the data with noredirect=true, instead of being redirected."""

import asyncio
import random
from importlib.metadata import version

import opendal
import pytest
from opendal.exceptions import IsADirectory, NotFound, PermissionDenied, Unexpected

CLIENT = "OpenDAL (Python)"
VERSION = version("opendal")


def log_in(person, root, **options):
    who = {"delegation": person.token} if person.token else {"user_name": person.user}
    return {"endpoint": person.url, "root": root} | who | options


@pytest.fixture
def operator(alice, place):
    return opendal.Operator("webhdfs", **log_in(alice, place))


def content(size, seed=0):
    return random.Random(seed).randbytes(size)


def names(entries):
    return [e.path for e in entries]


@pytest.mark.parametrize("size", [1, 65_536, 65_537, 3_000_000])
def test_write_and_read(operator, size):
    data = content(size)
    operator.write("file", data)
    assert operator.read("file") == data
    status = operator.stat("file")
    assert (status.content_length, status.mode.is_file()) == (size, True)


def test_nothing(operator):
    """An empty file is written by whoever opens one and writes nothing."""
    with operator.open("file", "wb"):
        pass
    assert operator.stat("file").content_length == 0
    assert operator.read("file") == b""


def test_overwrite_and_append(operator):
    operator.write("file", b"first and longer")
    operator.write("file", b"second")
    assert operator.read("file") == b"second"
    operator.write("file", b", third", append=True)
    operator.write("new", b"appended to nothing", append=True)
    assert operator.read("file") == b"second, third"
    assert operator.read("new") == b"appended to nothing"


def test_ranges(operator):
    data = content(200_000)
    operator.write("file", data)
    for offset, size in [(0, 1), (65_530, 20), (199_999, 1), (0, 200_000), (100_000, 100_000)]:
        assert operator.read("file", offset=offset, size=size) == data[offset : offset + size]
    assert operator.read("file", offset=150_000) == data[150_000:]
    with operator.open("file", "rb") as f:
        f.seek(65_000)
        assert f.read(1_000) == data[65_000:66_000]
        f.seek(-10, 2)
        assert f.read() == data[-10:]
        f.seek(0)
        assert f.read() == data


def test_names(operator):
    for name in ["a b", "ä ö", "100%", "a+b", "a&b=c", "a;b", "a,b"]:
        operator.write(f"names/{name}", name.encode())
        assert operator.read(f"names/{name}") == name.encode()
    assert sorted(names(operator.list("names/"))) == sorted(
        ["names/"] + [f"names/{n}" for n in ["a b", "ä ö", "100%", "a+b", "a&b=c", "a;b", "a,b"]]
    )


def test_list(operator):
    operator.write("tree/a", b"1")
    operator.write("tree/sub/b", b"22")
    operator.create_dir("tree/empty/")
    assert sorted(names(operator.list("tree/"))) == ["tree/", "tree/a", "tree/empty/", "tree/sub/"]
    everything = ["tree/", "tree/a", "tree/empty/", "tree/sub/", "tree/sub/b"]
    assert sorted(names(operator.scan("tree/"))) == everything
    assert sorted(names(operator.list("tree/", recursive=True))) == everything
    assert operator.stat("tree/sub/").mode.is_dir()
    assert operator.stat("tree/sub/b").content_length == 2
    assert list(operator.list("missing/")) == []


@pytest.mark.parametrize("batch", [True, False])
def test_list_many(operator, alice, place, batch):
    """More than a listing in pieces has in one: LISTSTATUS_BATCH is continued after the last name of a piece."""
    asked = opendal.AsyncOperator("webhdfs", **log_in(alice, place))

    async def write():
        for i in range(0, 1_100, 10):
            await asyncio.gather(*(asked.write(f"many/file {j:04d}", b"x") for j in range(i, i + 10)))

    asyncio.run(write())
    lister = opendal.Operator("webhdfs", **log_in(alice, place, disable_list_batch="false" if batch else "true"))
    # It gives the folder itself at some place among the files.
    assert sorted(names(lister.list("many/"))) == ["many/"] + [f"many/file {j:04d}" for j in range(1_100)]


def test_delete(operator):
    operator.write("folder/file", b"x")
    operator.delete("folder/file")
    operator.delete("folder/file")  # is no mistake
    assert not operator.exists("folder/file") and operator.exists("folder/")
    operator.write("folder/deep/file", b"x")
    operator.remove_all("folder/")
    assert not operator.exists("folder/deep/file") and not operator.exists("folder/")


def test_written_whole(alice, place):
    """With atomic_write_dir it writes parts elsewhere, makes one file of them with CONCAT, and renames it."""
    operator = opendal.Operator("webhdfs", **log_in(alice, place, atomic_write_dir=".parts/"))
    operator.create_dir(".parts/")
    data = content(1_000_000)
    operator.write("file", b"older")
    with operator.open("file", "wb", chunk=300_000) as f:
        for i in range(0, len(data), 100_000):
            f.write(data[i : i + 100_000])
        assert operator.read("file") == b"older"
    assert operator.read("file") == data
    assert names(operator.list(".parts/")) == [".parts/"]


def test_what_is_refused(operator, bob, place):
    operator.write("file", b"x")
    with pytest.raises(NotFound, match="FileNotFoundException"):
        operator.read("missing")
    with pytest.raises(NotFound, match="FileNotFoundException"):
        operator.stat("missing")
    with pytest.raises(PermissionDenied, match="ParentNotDirectoryException"):
        operator.write("file/below", b"x")
    with pytest.raises(PermissionDenied, match="out of the range"):
        operator.read("file", offset=2, size=1)
    with pytest.raises(IsADirectory):
        operator.read("/")
    intruder = opendal.Operator("webhdfs", **log_in(bob, place))
    for attempt in [lambda: intruder.read("file"), lambda: intruder.write("file", b"y"), lambda: intruder.delete("file")]:
        with pytest.raises(PermissionDenied, match="AccessControlException.*user=bob"):
            attempt()
    assert operator.read("file") == b"x"


def test_wrong_token(service, folder):
    reader = opendal.Operator("webhdfs", endpoint=service.url, root=folder, delegation=service.read_only)
    with pytest.raises(PermissionDenied):
        reader.write("file", b"x")
    assert not reader.exists("file")
    stranger = opendal.Operator("webhdfs", endpoint=service.url, root=folder, delegation=service.token[:-8] + "AAAAAAAA")
    with pytest.raises((PermissionDenied, Unexpected)):
        stranger.stat("file")
