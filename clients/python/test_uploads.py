"""Bodies of requests, of every kind that may be given."""

import asyncio
import io
import os
import pathlib
import tarfile
import threading

import httpx
import pytest

from answering import SENT, client_of
from granary_client.api.files import create
from granary_client.types import File


class Pipe(io.RawIOBase):
    """Bytes that can be read once, and nobody knows how many there are."""

    def __init__(self, content):
        self._content = io.BytesIO(content)

    def readable(self):
        return True

    def readinto(self, buffer):
        return self._content.readinto(buffer)


class Growing(io.BytesIO):
    """A file that others write into while it is read."""

    def read(self, size=-1):
        at = self.tell()
        self.seek(0, os.SEEK_END)
        self.write(b"more")
        self.seek(at)
        return super().read(size)


def behind(content, start):
    content = io.BytesIO(content)
    content.seek(start)
    return content


@pytest.mark.parametrize(
    ("body", "length", "content"),
    [
        (lambda: File(payload=io.BytesIO(SENT)), str(len(SENT)), SENT),
        (lambda: io.BytesIO(SENT), str(len(SENT)), SENT),
        (lambda: behind(SENT, 1000), str(len(SENT) - 1000), SENT[1000:]),
        (lambda: SENT, str(len(SENT)), SENT),
        (lambda: memoryview(SENT).cast("I"), str(len(SENT)), SENT),
        (lambda: b"", "0", b""),
        (lambda: io.BytesIO(), "0", b""),
        (lambda: Growing(SENT), str(len(SENT)), SENT),
        (lambda: Pipe(SENT), None, SENT),
    ],
    ids=["File", "file", "from the middle", "bytes", "memory of numbers", "no bytes", "empty file", "growing file", "pipe"],
)
def test_uploads(kept, body, length, content):
    origin, came = kept
    with client_of(origin, follow_redirects=True) as client:
        assert create.sync_detailed(client=client, path="/f", body=body()).status_code == 201

    async def upload():
        async with client_of(origin, follow_redirects=True) as client:
            return await create.asyncio_detailed(client=client, path="/f", body=body())

    assert asyncio.run(upload()).status_code == 201
    assert came == [(length, content)] * 2


def test_members_of_a_tar_stream_are_uploaded_as_they_come(kept):
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        for _ in range(2):
            member = tarfile.TarInfo("a")
            member.size = len(SENT)
            tar.addfile(member, io.BytesIO(SENT))
    archive.seek(0)
    with client_of(kept[0]) as client, tarfile.open(fileobj=archive, mode="r|") as tar:
        for member in tar:
            assert create.sync_detailed(client=client, path="/f", body=tar.extractfile(member)).status_code == 201
    assert [content for _, content in kept[1]] == [SENT] * 2


@pytest.mark.parametrize(
    "body", ["text", pathlib.PurePath("/f"), None, io.StringIO("text"), iter([b"bytes"])], ids=lambda body: type(body).__name__
)
def test_what_holds_no_bytes_is_not_sent(noted, body):
    with client_of(noted[0]) as client, pytest.raises(TypeError, match=f"and no {type(body).__name__}"):
        create.sync(client=client, path="/f", body=body)
    assert noted[1] == []


def test_an_upload_that_is_sent_on(kept):
    origin, came = kept[0] + "/away", kept[1]
    with client_of(origin, follow_redirects=True) as client:
        assert create.sync_detailed(client=client, path="/f", body=behind(SENT, 1000)).status_code == 201

    async def upload():
        async with client_of(origin, follow_redirects=True) as client:
            return await create.asyncio_detailed(client=client, path="/f", body=behind(SENT, 1000))

    assert asyncio.run(upload()).status_code == 201
    assert came == [(str(len(SENT) - 1000), SENT[1000:])] * 2


def test_a_pipe_is_not_sent_on_without_what_was_read(kept):
    origin, came = kept[0] + "/away", kept[1]
    with client_of(origin, follow_redirects=True) as client, pytest.raises(httpx.StreamConsumed):
        create.sync_detailed(client=client, path="/f", body=Pipe(SENT))

    async def upload():
        async with client_of(origin, follow_redirects=True) as client:
            await create.asyncio_detailed(client=client, path="/f", body=Pipe(SENT))

    with pytest.raises(httpx.StreamConsumed):
        asyncio.run(upload())
    assert came == []


def test_an_upload_does_not_stop_the_event_loop(kept):
    async def upload():
        loop = asyncio.get_running_loop()

        class Slow(io.BytesIO):
            def read(self, size=-1):
                goes_on = threading.Event()
                loop.call_soon_threadsafe(goes_on.set)
                assert goes_on.wait(5)
                return super().read(size)

        async with client_of(kept[0]) as client:
            return await create.asyncio_detailed(client=client, path="/f", body=Slow(b"slowly"))

    assert asyncio.run(upload()).status_code == 201
    assert kept[1] == [("6", b"slowly")]
