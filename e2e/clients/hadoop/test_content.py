"""hadoop fs: the commands that deal with bytes. What they must print was compared with a real HDFS 3.4.2."""

import getpass
import gzip
import os
import random
import selectors
import time

import pytest
from hadoop import VERSIONS

CLIENT = "hadoop fs"
VERSION = ", ".join(VERSIONS)

# Around what Granary keeps in one row (64 KiB), and what Java sends in one piece.
SIZES = [0, 1, 511, 65_536, 65_537, 3_000_000]


def content(size):
    return random.Random(size).randbytes(size)


@pytest.fixture
def local(tmp_path):
    """A folder with files of all sizes."""
    folder = tmp_path / "local"
    (folder / "in").mkdir(parents=True)
    for size in SIZES:
        (folder / f"{size}").write_bytes(content(size))
    (folder / "in" / "file").write_bytes(b"inside")
    return folder


def same(a, b):
    """Whether two local folders hold the same."""
    files = [sorted(str(p.relative_to(top)) for p in top.rglob("*")) for top in (a, b)]
    return files[0] == files[1] and all((a / f).is_dir() or (a / f).read_bytes() == (b / f).read_bytes() for f in files[0])


@pytest.mark.parametrize("put,get", [("-put", "-get"), ("-copyFromLocal", "-copyToLocal")])
def test_put_and_get(sh, here, local, tmp_path, put, get):
    assert sh(put, local, here) == ""
    assert sh(get, f"{here}/local", tmp_path / "back") == ""
    assert same(local, tmp_path / "back")
    assert sh("-get", "-ignoreCrc", f"{here}/local/3000000", tmp_path / "one") == ""
    assert (tmp_path / "one").read_bytes() == content(3_000_000)
    for size in SIZES:
        assert sh("-stat", "%b", f"{here}/local/{size}") == f"{size}\n"

    assert sh.refused(put, local / "1", f"{here}/local") == f"{put[1:]}: `{here}/local/1': File exists\n"
    assert sh(put, "-f", local / "511", f"{here}/local/1") == ""
    assert sh("-stat", "%b", f"{here}/local/1") == "511\n"
    assert sh.refused(get, f"{here}/local/1", tmp_path / "one") == f"{get[1:]}: `{tmp_path}/one': File exists\n"
    assert sh(get, "-f", f"{here}/local/1", tmp_path / "one") == ""
    assert (tmp_path / "one").read_bytes() == content(511)
    assert sh.refused(get, f"{here}/none", tmp_path) == f"{get[1:]}: `{here}/none': No such file or directory\n"
    assert (
        sh.refused(put, local / "1", f"{here}/no/such")
        == f"{put[1:]}: `{here}/no/such': No such file or directory: `{here}/no/such'\n"
    )


@pytest.mark.parametrize("authentication", ["user.name"])
def test_put_preserving(sh, as_root, here, local):
    """Who owns a file locally owns it there, if who puts it may give files away. This runs as whoever runs the tests."""
    os.chmod(local / "1", 0o640)
    os.utime(local / "1", (1_600_000_000, 1_500_000_000))
    as_root("-put", "-p", local / "1", f"{here}/kept")
    assert as_root("-stat", "%u %a %X %Y", f"{here}/kept") == f"{getpass.getuser()} 640 1600000000000 1500000000000\n"
    said = sh.refused("-put", "-p", local / "1", f"{here}/refused")
    assert said == "put: User alice is not a super user (non-super user cannot change owner).\n"


def test_put_options(sh, here, local):
    sh("-put", "-d", local / "511", f"{here}/direct")
    sh("-put", "-l", local / "511", f"{here}/lazy")
    sh("-put", "-t", "4", "-q", "2", *(local / str(s) for s in SIZES), here)
    for name, size in [("direct", 511), ("lazy", 511), *((s, s) for s in SIZES)]:
        assert sh("-stat", "%b", f"{here}/{name}") == f"{size}\n"


def test_put_from_standard_input(sh, here):
    sh("-put", "-", f"{here}/file", stdin=content(3_000_000))
    assert sh("-stat", "%b", f"{here}/file") == "3000000\n"
    sh("-put", "-f", "-", f"{here}/file", stdin="größer\n".encode())
    assert sh("-cat", f"{here}/file") == "größer\n"


def test_moving(sh, here, local):
    sh("-moveFromLocal", local / "1", local / "in", here)
    assert not (local / "1").exists() and not (local / "in").exists()
    assert sh("-cat", f"{here}/in/file") == "inside"
    assert sh.refused("-moveToLocal", f"{here}/1", local) == "moveToLocal: Option '-moveToLocal' is not implemented yet.\n"


def test_append(sh, here, local):
    sh("-appendToFile", local / "in" / "file", f"{here}/new")
    sh("-appendToFile", "-", f"{here}/new", stdin=b" and more")
    sh("-appendToFile", local / "in" / "file", local / "in" / "file", f"{here}/new")
    assert sh("-cat", f"{here}/new") == "inside and moreinsideinside"
    sh("-appendToFile", local / "65537", local / "3000000", f"{here}/large")
    sh("-get", f"{here}/large", local / "large")
    assert (local / "large").read_bytes() == content(65_537) + content(3_000_000)
    assert sh.refused("-appendToFile", local / "1", here) == (
        f"appendToFile: Cannot append to directory {here}; already exists as a directory.\n"
    )


def test_cat_head_tail(sh, here):
    text = "".join(f"{i:09}\n" for i in range(500))
    sh("-put", "-", f"{here}/a", stdin=text.encode())
    sh("-put", "-", f"{here}/b", stdin=b"b")
    assert sh("-cat", f"{here}/a") == text
    assert sh("-cat", "-ignoreCrc", f"{here}/*") == text + "b"
    assert sh("-head", f"{here}/a") == text[:1024]
    assert sh("-tail", f"{here}/a") == text[-1024:]
    assert sh("-head", f"{here}/b") == sh("-tail", f"{here}/b") == "b"
    assert sh.refused("-cat", here) == f"cat: `{here}': Is a directory\n"
    assert sh.refused("-tail", f"{here}/none") == f"tail: `{here}/none': No such file or directory\n"


def test_tail_following(sh, here):
    """What is appended appears; the command is stopped as one stops it at a terminal."""
    sh("-put", "-", f"{here}/log", stdin=b"first\n")
    tail = sh.start("org.apache.hadoop.fs.FsShell", "-tail", "-f", "-s", "100", f"{here}/log", stdout=-1)
    try:
        read(tail.stdout, b"first\n")
        for line in [b"second\n", b"third\n"]:
            sh("-appendToFile", "-", f"{here}/log", stdin=line)
            read(tail.stdout, line)
    finally:
        tail.terminate()
        assert tail.wait(30) in (143, -15)
        tail.stdout.close()


def read(pipe, wanted):
    """Waits for exactly this to arrive."""
    found, ready = b"", selectors.DefaultSelector()
    ready.register(pipe, selectors.EVENT_READ)
    end = time.monotonic() + 60
    while found != wanted and ready.select(max(0, end - time.monotonic())):
        more = os.read(pipe.fileno(), 1000)
        assert more, f"it ended after {found}"
        found += more
    assert found == wanted


def test_text(sh, here):
    sh("-put", "-", f"{here}/plain", stdin=b"plain\n")
    sh("-put", "-", f"{here}/packed.gz", stdin=gzip.compress(b"packed\n"))
    assert sh("-text", f"{here}/plain", f"{here}/packed.gz") == "plain\npacked\n"


def test_getmerge(sh, here, tmp_path):
    for name, text in [("1", b"one"), ("2", b""), ("3", b"three")]:
        sh("-put", "-", f"{here}/{name}", stdin=text)
    merged = tmp_path / "merged"
    sh("-getmerge", here, merged)
    assert merged.read_bytes() == b"onethree"
    sh("-getmerge", "-nl", here, merged)
    assert merged.read_bytes() == b"one\n\nthree\n"
    sh("-getmerge", "-nl", "-skip-empty-file", f"{here}/*", merged)
    assert merged.read_bytes() == b"one\nthree\n"


def test_concat(sh, here):
    parts = [content(s) for s in (70_000, 1, 200_000)]
    for i, part in enumerate(parts):
        sh("-put", "-", f"{here}/{i}", stdin=part)
    assert sh("-concat", f"{here}/0", f"{here}/1", f"{here}/2") == ""
    assert sh("-ls", "-C", here) == f"{here}/0\n"
    sh("-put", "-", f"{here}/whole", stdin=b"".join(parts))
    assert sh("-stat", "%b", f"{here}/0") == "270001\n"
    assert sh.refused("-concat", f"{here}/0", f"{here}/none") != ""


@pytest.mark.parametrize("length", [0, 10, 65_536, 299_999, 300_000])
def test_truncate(sh, here, tmp_path, length):
    sh("-put", "-", f"{here}/file", stdin=content(300_000))
    assert sh("-truncate", "-w", str(length), f"{here}/file") in (
        f"Truncated {here}/file to length: {length}\n",
        f"Waiting for {here}/file ...\nTruncated {here}/file to length: {length}\n",
    )
    sh("-get", f"{here}/file", tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == content(300_000)[:length]
    assert sh.misused("-truncate", "300001", f"{here}/file") == (
        f"-truncate: Cannot truncate to a larger file size. Current size: {length}, truncate size: 300001.\n"
    )


def test_checksum(sh, here):
    sh("-put", "-", f"{here}/file", stdin=b"Hello, world!")
    sh("-put", "-", f"{here}/empty", stdin=b"")
    assert sh("-checksum", f"{here}/file") == (
        f"{here}/file\tMD5-of-0MD5-of-512CRC32C\t00000200000000000000000015d668e7eb6669112f678662964b0a65\n"
    )
    sh("-put", "-", f"{here}/grown", stdin=b"Hello")
    sh("-appendToFile", "-", f"{here}/grown", stdin=b", world!")
    assert sh("-checksum", f"{here}/grown").split("\t")[1:] == sh("-checksum", f"{here}/file").split("\t")[1:]
    assert sh("-checksum", "-v", f"{here}/file") == sh("-checksum", f"{here}/file").replace("\n", "\tBlockSize=134217728\n")
    assert sh("-checksum", f"{here}/empty") == (
        f"{here}/empty\tMD5-of-0MD5-of-0CRC32\t00000000000000000000000070bc8f4b72a86921468bf8e8441dce51\n"
    )
