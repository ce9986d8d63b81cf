"""smart_open: files by their address, read from front to back and written in parts."""

import random
from importlib.metadata import version

import pytest
from smart_open import open
from smart_open.webhdfs import WebHdfsException

CLIENT = "smart_open"
VERSION = version("smart_open")


@pytest.fixture
def uri(alice, place):
    """Makes addresses of files in alice's folder. A user is part of them, or a token of the query."""
    return lambda name: address(alice, f"{place}/{name}")


def address(person, path):
    if person.token:
        return f"webhdfs://{person.host}:{person.port}{path}?delegation={person.token}"
    return f"webhdfs://{person.user}@{person.host}:{person.port}{path}"


@pytest.mark.parametrize("size", [0, 1, 65_537, 3_000_000])
def test_write_and_read(uri, size):
    data = random.Random(0).randbytes(size)
    with open(uri("file"), "wb") as f:
        f.write(data)
    with open(uri("file"), "rb") as f:
        assert f.read() == data


def test_parts(uri):
    """Each part is appended; the file is there from the start."""
    data = random.Random(1).randbytes(1_000_000)
    with open(uri("file"), "wb", transport_params={"min_part_size": 150_000}) as f:
        for i in range(0, len(data), 40_000):
            f.write(data[i : i + 40_000])
            if i == 400_000:
                with open(uri("file"), "rb") as so_far:
                    assert data.startswith(so_far.read())
    with open(uri("file"), "rb") as f:
        assert b"".join(iter(lambda: f.read(70_001), b"")) == data


def test_text_and_compression(uri):
    lines = [f"Zeile {i}: zwölf\n" for i in range(5_000)]
    # A query hides the ending from which it would guess.
    for compression, begins in [("disable", b"Ze"), (".gz", b"\x1f\x8b"), (".bz2", b"BZ")]:
        with open(uri(f"lines{compression}"), "w", encoding="utf-8", compression=compression) as f:
            f.writelines(lines)
        with open(uri(f"lines{compression}"), encoding="utf-8", compression=compression) as f:
            assert list(f) == lines
        with open(uri(f"lines{compression}"), "rb", compression="disable") as f:
            assert f.read(2) == begins


def test_overwrite(uri):
    for text in ["first and longer", "second"]:
        with open(uri("file"), "w") as f:
            f.write(text)
    with open(uri("file")) as f:
        assert f.read() == "second"


def test_names(uri):
    for name in ["a%20b", "z%C3%A4hler", "a+b", "a;b=c", "100%25"]:
        with open(uri(name), "w") as f:
            f.write(name)
        with open(uri(name)) as f:
            assert f.read() == name


def test_what_is_refused(uri, bob, place):
    with open(uri("file"), "w") as f:
        f.write("x")
    with pytest.raises(WebHdfsException, match="FileNotFoundException") as e:
        open(uri("missing"))
    assert e.value.status_code == 404
    with pytest.raises(WebHdfsException, match="ParentNotDirectoryException") as e:
        open(uri("file/below"), "w")
    assert e.value.status_code == 403
    for mode in "rb", "wb":
        with pytest.raises(WebHdfsException, match="AccessControlException.*user=bob") as e:
            open(address(bob, f"{place}/file"), mode)
        assert e.value.status_code == 403
    with open(uri("file")) as f:
        assert f.read() == "x"
