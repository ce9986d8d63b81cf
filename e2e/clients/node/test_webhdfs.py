"""The npm package webhdfs. It writes op in small letters, and a token it only sends as a header of one's own."""

import base64
import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

CLIENT = "webhdfs (npm)"
MODULES = Path(sys.prefix) / "node_modules"
VERSION = json.loads((MODULES / "webhdfs" / "package.json").read_text())["version"]


class HdfsError(Exception):
    """What the client gives to a callback."""


class Client:
    """A Node.js with a client, whose methods are called by their names."""

    def __init__(self, person):
        options = {"host": person.host, "port": person.port}
        requests = {}
        if person.token:
            requests = {"headers": {"Authorization": f"Bearer {person.token}"}}
        else:
            options["user"] = person.user
        self.process = subprocess.Popen(
            [Path(sys.prefix) / "bin" / "node", "drive.js"],
            env=os.environ | {"NODE_PATH": str(MODULES), "NODE_NO_WARNINGS": "1", "CLIENT": json.dumps([options, requests])},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, **what):
        print(json.dumps(what), file=self.process.stdin, flush=True)
        line = self.process.stdout.readline()
        assert line, "Node.js has ended"
        answer = json.loads(line)
        if "error" in answer:
            raise HdfsError(answer["error"])
        result = answer.get("result")
        return base64.b64decode(result["base64"]) if isinstance(result, dict) and "base64" in result else result

    def __getattr__(self, method):
        encoded = lambda a: {"base64": base64.b64encode(a).decode()} if isinstance(a, bytes) else a
        return lambda *arguments: self.ask(call=method, arguments=[encoded(a) for a in arguments])

    def write(self, path, *parts, append=False, how="pipe", **options):
        return self.ask(
            write=path, append=append, options=options, how=how, parts=[base64.b64encode(p).decode() for p in parts]
        )

    def read(self, path, **options):
        return self.ask(read=path, options=options)

    def close(self):
        self.process.stdin.close()
        assert self.process.wait(30) == 0
        self.process.stdout.close()


@pytest.fixture
def client(alice):
    client = Client(alice)
    yield client
    client.close()


@pytest.fixture
def intruder(bob):
    client = Client(bob)
    yield client
    client.close()


@pytest.mark.parametrize("size", [1, 65_537, 3_000_000])
def test_write_and_read(client, alice, place, size):
    data = random.Random(0).randbytes(size)
    client.writeFile(f"{place}/file", data)
    assert alice.content(f"{place}/file") == data
    assert client.readFile(f"{place}/file") == data
    status = client.stat(f"{place}/file")
    assert (status["length"], status["type"], status["owner"], status["permission"]) == (size, "FILE", "alice", "755")


def test_text_and_append(client, place):
    client.writeFile(f"{place}/file", "zwölf")
    client.appendFile(f"{place}/file", ", dreizehn")
    client.appendFile(f"{place}/file", b"!")
    assert client.readFile(f"{place}/file") == "zwölf, dreizehn!".encode()
    client.writeFile(f"{place}/file", "anew")
    assert client.readFile(f"{place}/file") == b"anew"
    client.writeFile(f"{place}/file", "private", False, {"permission": "600"})
    assert client.stat(f"{place}/file")["permission"] == "600"


def test_streams(client, alice, place):
    parts = [random.Random(i).randbytes(70_000) for i in range(20)]
    assert client.write(f"{place}/file", *parts).endswith(f"{place}/file"), "it tells the address of the file"
    assert client.read(f"{place}/file") == b"".join(parts)
    client.write(f"{place}/file", b"more", b" still", append=True)
    assert alice.content(f"{place}/file") == b"".join(parts) + b"more still"


@pytest.mark.parametrize("append", [False, True])
def test_body_first(client, alice, place, append):
    """Who writes to its stream instead of piping into it sends the content with the first request. A NameNode ignores it
    and redirects, and then the client fails: it has nothing left to send."""
    if append:
        client.writeFile(f"{place}/file", "begun")
    parts = [random.Random(i).randbytes(70_000) for i in range(5)]
    client.write(f"{place}/file", *parts, how="write", append=append)
    assert alice.content(f"{place}/file") == b"begun" * append + b"".join(parts)


def test_ranges(client, place):
    data = random.Random(1).randbytes(200_000)
    client.writeFile(f"{place}/file", data)
    for offset, length in [(0, 10), (65_530, 12), (199_990, 10), (100_000, 100_000)]:
        assert client.read(f"{place}/file", offset=offset, length=length) == data[offset : offset + length]
    assert client.read(f"{place}/file", offset=150_000) == data[150_000:]


def test_folders(client, place):
    client.mkdir(f"{place}/folder/deep")
    client.mkdir(f"{place}/closed", "0700")
    for name in ["b", "a", "c d"]:
        client.writeFile(f"{place}/folder/{name}", name)
    found = client.readdir(f"{place}/folder")
    assert [(f["pathSuffix"], f["type"]) for f in found] == [
        ("a", "FILE"),
        ("b", "FILE"),
        ("c d", "FILE"),
        ("deep", "DIRECTORY"),
    ]
    assert client.stat(f"{place}/closed")["permission"] == "700"
    assert client.readdir(f"{place}/closed") == []
    assert client.exists(f"{place}/folder/a") is True and client.exists(f"{place}/missing") is False


def test_rename_and_delete(client, place):
    client.writeFile(f"{place}/a", "a")
    client.rename(f"{place}/a", f"{place}/b")
    assert client.readFile(f"{place}/b") == b"a" and not client.exists(f"{place}/a")
    client.mkdir(f"{place}/folder")
    client.rename(f"{place}/b", f"{place}/folder/c")
    with pytest.raises(HdfsError, match="is non empty"):
        client.unlink(f"{place}/folder")
    assert client.exists(f"{place}/folder/c")
    client.rmdir(f"{place}/folder", True)
    assert not client.exists(f"{place}/folder")


def test_attributes(client, place):
    client.writeFile(f"{place}/file", "x")
    client.chmod(f"{place}/file", "0640")
    client.chown(f"{place}/file", "alice", "staff")
    status = client.stat(f"{place}/file")
    assert (status["permission"], status["owner"], status["group"]) == ("640", "alice", "staff")


def test_what_is_refused(client, intruder, place):
    client.writeFile(f"{place}/file", "x")
    client.chmod(f"{place}/file", "0600")
    with pytest.raises(HdfsError, match=f"File does not exist: {place}/missing"):
        client.stat(f"{place}/missing")
    with pytest.raises(HdfsError, match=f"File {place}/missing not found"):
        client.readFile(f"{place}/missing")
    with pytest.raises(HdfsError, match="is not a directory"):
        client.writeFile(f"{place}/file/below", "x")
    with pytest.raises(HdfsError, match="not found|does not exist"):
        client.appendFile(f"{place}/missing", "x")
    with pytest.raises(HdfsError, match="already exists"):
        client.writeFile(f"{place}/file", "y", False, {"overwrite": False})
    with pytest.raises(HdfsError, match="Symlinks not supported"):
        client.symlink(f"{place}/file", f"{place}/link")
    for attempt in [
        lambda: intruder.readFile(f"{place}/file"),
        lambda: intruder.writeFile(f"{place}/file", "y"),
        lambda: intruder.appendFile(f"{place}/file", "y"),
        lambda: intruder.unlink(f"{place}/file"),
        lambda: intruder.readdir(place),
    ]:
        with pytest.raises(HdfsError, match="Permission denied: user=bob"):
            attempt()
    assert client.readFile(f"{place}/file") == b"x"
