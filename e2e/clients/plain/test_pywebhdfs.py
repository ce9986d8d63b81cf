"""pywebhdfs: one method for each operation. It knows nothing of tokens, but requests does, whose options it takes."""

import json
import random
from importlib.metadata import version

import pytest
import requests
from pywebhdfs.errors import BadRequest, FileNotFound, PyWebHdfsException, Unauthorized
from pywebhdfs.webhdfs import PyWebHdfsClient

CLIENT = "pywebhdfs"
VERSION = version("pywebhdfs")


class Bearer(requests.auth.AuthBase):
    """What users give it to send their token."""

    def __init__(self, token):
        self.token = token

    def __call__(self, request):
        request.headers["Authorization"] = f"Bearer {self.token}"
        return request


def log_in(person):
    if person.token:
        return PyWebHdfsClient(host=person.host, port=str(person.port), request_extra_opts={"auth": Bearer(person.token)})
    return PyWebHdfsClient(host=person.host, port=str(person.port), user_name=person.user)


@pytest.fixture
def client(alice):
    return log_in(alice)


@pytest.mark.parametrize("size", [0, 1, 65_537, 3_000_000])
def test_write_and_read(client, place, size):
    data = random.Random(0).randbytes(size)
    assert client.create_file(f"{place}/file", data)
    assert client.read_file(f"{place}/file") == data
    status = client.get_file_dir_status(f"{place}/file")["FileStatus"]
    assert (status["length"], status["type"], status["owner"]) == (size, "FILE", "alice")


def test_create(client, place, tmp_path):
    client.create_file(f"{place}/file", b"first")
    with pytest.raises(PyWebHdfsException, match="FileAlreadyExistsException"):
        client.create_file(f"{place}/file", b"second")
    assert client.read_file(f"{place}/file") == b"first"
    client.create_file(f"{place}/file", b"second", overwrite=True, permission=640, replication=2, blocksize=1 << 20)
    status = client.get_file_dir_status(f"{place}/file")["FileStatus"]
    assert (status["permission"], status["replication"], status["blockSize"]) == ("640", 2, 1 << 20)
    (tmp_path / "local").write_bytes(b"from a file" * 10_000)
    with open(tmp_path / "local", "rb") as f:
        client.create_file(f"{place}/streamed", f)
    assert client.read_file(f"{place}/streamed") == b"from a file" * 10_000


def test_append(client, place):
    client.create_file(f"{place}/file", b"one")
    for part in [b", two", b", three"]:
        assert client.append_file(f"{place}/file", part)
    assert client.read_file(f"{place}/file") == b"one, two, three"
    with pytest.raises(FileNotFound):
        client.append_file(f"{place}/missing", b"x")


def test_ranges(client, place):
    data = random.Random(1).randbytes(200_000)
    client.create_file(f"{place}/file", data)
    for offset, length in [(0, 10), (65_530, 12), (199_990, 10), (199_990, 100)]:
        assert client.read_file(f"{place}/file", offset=offset, length=length) == data[offset : offset + length]
    assert client.read_file(f"{place}/file", offset=100_000) == data[100_000:]


def test_folders(client, place):
    assert client.make_dir(f"{place}/folder/deep", permission=750)
    for name in ["b", "a", "ä ö&=+;%"]:
        client.create_file(f"{place}/folder/{name}", name.encode())
    assert [s["pathSuffix"] for s in client.list_dir(f"{place}/folder")["FileStatuses"]["FileStatus"]] == [
        "a",
        "b",
        "deep",
        "ä ö&=+;%",
    ]
    assert client.read_file(f"{place}/folder/ä ö&=+;%") == "ä ö&=+;%".encode()
    summary = client.get_content_summary(f"{place}/folder")["ContentSummary"]
    assert (summary["fileCount"], summary["directoryCount"], summary["length"]) == (3, 2, 2 + len("ä ö&=+;%".encode()))
    assert client.exists_file_dir(f"{place}/folder") and not client.exists_file_dir(f"{place}/missing")


def test_rename_and_delete(client, place):
    client.create_file(f"{place}/a", b"a")
    assert client.rename_file_dir(f"{place}/a", f"{place}/b") == {"boolean": True}
    assert client.rename_file_dir(f"{place}/a", f"{place}/c") == {"boolean": False}
    client.make_dir(f"{place}/folder")
    assert client.rename_file_dir(f"{place}/b", f"{place}/folder") == {"boolean": True}
    with pytest.raises(PyWebHdfsException, match="PathIsNotEmptyDirectoryException"):
        client.delete_file_dir(f"{place}/folder")
    assert client.delete_file_dir(f"{place}/folder", recursive=True)
    assert not client.exists_file_dir(f"{place}/folder/b")


def test_checksum(client, place):
    client.create_file(f"{place}/file", b"Hello, world!")
    assert client.get_file_checksum(f"{place}/file")["FileChecksum"] == {
        "algorithm": "MD5-of-0MD5-of-512CRC32C",
        "bytes": "00000200000000000000000015d668e7eb6669112f678662964b0a6500000000",
        "length": 28,
    }


def test_attributes(client, place):
    client.create_file(f"{place}/file", b"x")
    client.set_xattr(f"{place}/file", "user.important", "very")
    client.set_xattr(f"{place}/file", "user.other", "a b&c")
    assert sorted(json.loads(client.list_xattrs(f"{place}/file")["XAttrNames"])) == ["user.important", "user.other"]
    with pytest.raises(PyWebHdfsException, match="already exists"):
        client.set_xattr(f"{place}/file", "user.important", "not at all")
    client.set_xattr(f"{place}/file", "user.important", "somewhat", replace=True)
    client.delete_xattr(f"{place}/file", "user.other")
    assert client.list_xattrs(f"{place}/file") == {"XAttrNames": '["user.important"]'}
    # It does not say in which form it wants values. HttpFS writes text then, in quotes, and a NameNode refuses.
    found = client.get_xattr(f"{place}/file", "user.important")
    assert found == {"XAttrs": [{"name": "user.important", "value": '"somewhat"'}]}


def test_what_is_refused(client, bob, place):
    client.create_file(f"{place}/file", b"x")
    with pytest.raises(FileNotFound, match="does not exist"):
        client.get_file_dir_status(f"{place}/missing")
    with pytest.raises(FileNotFound):
        client.read_file(f"{place}/missing")
    with pytest.raises(FileNotFound):
        client.list_dir(f"{place}/missing")
    with pytest.raises(BadRequest, match="replication"):
        client.create_file(f"{place}/other", b"x", replication="many")
    intruder = log_in(bob)
    for attempt in [
        lambda: intruder.read_file(f"{place}/file"),
        lambda: intruder.create_file(f"{place}/new", b"x"),
        lambda: intruder.append_file(f"{place}/file", b"x"),
        lambda: intruder.delete_file_dir(f"{place}/file"),
    ]:
        with pytest.raises(PyWebHdfsException, match="AccessControlException.*user=bob"):
            attempt()
    assert client.read_file(f"{place}/file") == b"x"


def test_ways_to_send_a_token(service, folder):
    """As the password of a login, too; and without any nothing is to be had."""
    basic = PyWebHdfsClient(host=service.host, port=str(service.port), request_extra_opts={"auth": ("alice", service.token)})
    basic.create_file(f"{folder}/file", b"by password")
    assert basic.read_file(f"{folder}/file") == b"by password"
    nobody = PyWebHdfsClient(host=service.host, port=str(service.port), user_name="alice")
    with pytest.raises(Unauthorized):
        nobody.read_file(f"{folder}/file")
