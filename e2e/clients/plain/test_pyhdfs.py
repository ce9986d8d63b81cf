"""PyHDFS: one method for each operation. It follows no redirects but reads the Location itself, and takes nothing else for an
answer where HDFS redirects. It knows nothing of tokens, but takes a session of requests."""

import random
from importlib.metadata import version

import pyhdfs
import pytest
import requests

CLIENT = "PyHDFS"
VERSION = version("pyhdfs")


def log_in(person):
    session = requests.Session()
    if person.token:
        session.headers["Authorization"] = f"Bearer {person.token}"
    return pyhdfs.HdfsClient(hosts=f"{person.host}:{person.port}", user_name=person.user, requests_session=session)


@pytest.fixture
def client(alice):
    return log_in(alice)


@pytest.mark.parametrize("size", [0, 1, 65_537, 3_000_000])
def test_write_and_read(client, place, size):
    data = random.Random(0).randbytes(size)
    client.create(f"{place}/file", data)
    assert client.open(f"{place}/file").read() == data
    status = client.get_file_status(f"{place}/file")
    assert (status.length, status.type, status.owner) == (size, "FILE", "alice")


def test_create(client, place, tmp_path):
    client.create(f"{place}/file", b"first")
    with pytest.raises(pyhdfs.HdfsFileAlreadyExistsException):
        client.create(f"{place}/file", b"second")
    assert client.open(f"{place}/file").read() == b"first"
    client.create(f"{place}/file", b"second", overwrite=True, permission=640, replication=2, blocksize=1 << 20)
    status = client.get_file_status(f"{place}/file")
    assert (status.permission, status.replication, status.blockSize) == ("640", 2, 1 << 20)
    (tmp_path / "local").write_bytes(b"from a file" * 10_000)
    client.copy_from_local(str(tmp_path / "local"), f"{place}/streamed")
    client.copy_to_local(f"{place}/streamed", str(tmp_path / "back"))
    assert (tmp_path / "back").read_bytes() == b"from a file" * 10_000


def test_append_and_concat(client, place):
    client.create(f"{place}/file", b"one")
    for part in [b", two", b", three"]:
        client.append(f"{place}/file", part)
    assert client.open(f"{place}/file").read() == b"one, two, three"
    with pytest.raises(pyhdfs.HdfsFileNotFoundException):
        client.append(f"{place}/missing", b"x")
    client.create(f"{place}/more", b", four")
    client.concat(f"{place}/file", [f"{place}/more"])
    assert client.open(f"{place}/file").read() == b"one, two, three, four"


def test_the_beginning(client, place):
    """A piece from elsewhere needs granary serve --redirect-reads: who asks for one looks like other clients."""
    client.create(f"{place}/file", bytes(range(256)) * 1000)
    assert client.open(f"{place}/file", length=300).read() == (bytes(range(256)) * 2)[:300]


def test_checksum(client, place):
    client.create(f"{place}/file", b"Hello, world!")
    found = client.get_file_checksum(f"{place}/file")
    assert (found.algorithm, found.length) == ("MD5-of-0MD5-of-512CRC32C", 28)
    assert found.bytes == "00000200000000000000000015d668e7eb6669112f678662964b0a6500000000"


def test_folders(client, place):
    assert client.mkdirs(f"{place}/folder/deep", permission=750)
    for name in ["b", "a", "ä ö&=+;%"]:
        client.create(f"{place}/folder/{name}", name.encode())
    assert client.listdir(f"{place}/folder") == ["a", "b", "deep", "ä ö&=+;%"]
    assert client.open(f"{place}/folder/ä ö&=+;%").read() == "ä ö&=+;%".encode()
    assert list(client.walk(f"{place}/folder"))[0] == (f"{place}/folder", ["deep"], ["a", "b", "ä ö&=+;%"])
    summary = client.get_content_summary(f"{place}/folder")
    assert (summary.fileCount, summary.directoryCount, summary.length) == (3, 2, 2 + len("ä ö&=+;%".encode()))
    assert client.exists(f"{place}/folder") and not client.exists(f"{place}/missing")
    assert client.get_home_directory() == "/user/alice"


def test_rename_and_delete(client, place):
    client.create(f"{place}/a", b"a")
    assert client.rename(f"{place}/a", f"{place}/b")
    assert not client.rename(f"{place}/a", f"{place}/c")
    client.mkdirs(f"{place}/folder")
    assert client.rename(f"{place}/b", f"{place}/folder")
    with pytest.raises(pyhdfs.HdfsPathIsNotEmptyDirectoryException):
        client.delete(f"{place}/folder")
    assert client.delete(f"{place}/folder", recursive=True)
    assert not client.exists(f"{place}/folder/b")


def test_attributes(client, place):
    client.create(f"{place}/file", b"x")
    client.set_permission(f"{place}/file", permission=600)
    client.set_times(f"{place}/file", modificationtime=1_000_000, accesstime=2_000_000)
    assert client.set_replication(f"{place}/file", replication=2)
    status = client.get_file_status(f"{place}/file")
    assert (status.permission, status.modificationTime, status.replication) == ("600", 1_000_000, 2)
    client.set_xattr(f"{place}/file", "user.important", "very", "CREATE")
    assert client.list_xattrs(f"{place}/file") == ["user.important"]
    for encoding, value in {"text": "very", "hex": b"very", "base64": b"very"}.items():
        assert client.get_xattrs(f"{place}/file", "user.important", encoding=encoding) == {"user.important": value}
    client.remove_xattr(f"{place}/file", "user.important")
    assert client.list_xattrs(f"{place}/file") == []


def test_what_is_refused(client, bob, place):
    client.create(f"{place}/file", b"x")
    for missing in [client.get_file_status, client.open, client.get_file_checksum, client.list_status]:
        with pytest.raises(pyhdfs.HdfsFileNotFoundException):
            missing(f"{place}/missing")
    with pytest.raises(pyhdfs.HdfsIllegalArgumentException, match="replication"):
        client.set_replication(f"{place}/file", replication="many")
    intruder = log_in(bob)
    for attempt in [
        lambda: intruder.open(f"{place}/file"),
        lambda: intruder.get_file_checksum(f"{place}/file"),
        lambda: intruder.create(f"{place}/new", b"x"),
        lambda: intruder.append(f"{place}/file", b"x"),
        lambda: intruder.delete(f"{place}/file"),
    ]:
        with pytest.raises(pyhdfs.HdfsAccessControlException, match="user=bob"):
            attempt()
    assert client.open(f"{place}/file").read() == b"x"
