"""Answers that are read as they come, and events."""

import asyncio
import io
import itertools
import json
import pickle
import tarfile
import threading
import urllib.parse
from contextlib import aclosing

import httpx
import pytest

from answering import PROBLEM, SENT, client_of, serving
from granary_client import streaming
from granary_client.api.files import archive, batch_read, create, open_
from granary_client.errors import Failed, UnexpectedStatus
from granary_client.models import BatchRead


def begin(request, kind="application/octet-stream"):
    """Begins an answer whose length is not known."""
    request.send_response(200)
    request.send_header("Content-Type", kind)
    request.send_header("Transfer-Encoding", "chunked")
    request.end_headers()


def send(request, part):
    """Sends a part of an answer; the end if it is empty."""
    request.wfile.write(b"%x\r\n%b\r\n" % (len(part), part))
    request.wfile.flush()


@pytest.fixture
def slow():
    """The address of a server that answers with one half of SENT, and with the other one when that has been read."""
    half_is_read = threading.Event()

    def answer(request):
        request.rfile.read(int(request.headers.get("Content-Length", 0)))  # or closing resets the connection
        begin(request)
        send(request, SENT[: len(SENT) // 2])
        if half_is_read.wait(5):
            send(request, SENT[len(SENT) // 2 :])
            send(request, b"")
        request.close_connection = True

    with serving(answer) as origin:
        yield origin, half_is_read


@pytest.mark.parametrize(
    ("operation", "arguments"),
    [(open_, {"path": "/f"}), (archive, {"path": "/d"}), (batch_read, {"body": BatchRead(paths=["/f"])})],
    ids=["open", "archive", "batch_read"],
)
def test_an_answer_is_read_as_it_comes(slow, operation, arguments):
    with client_of(slow[0]) as client, streaming.stream(operation, client=client, **arguments) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/octet-stream"
        half = answer.read(len(SENT) // 2)
        slow[1].set()
        assert half + answer.read() == SENT
    assert answer.closed


def test_an_answer_is_read_as_it_comes_by_an_event_loop(slow):
    async def read():
        async with client_of(slow[0]) as client, streaming.astream(open_, client=client, path="/f") as answer:
            content = b""
            async for part in answer.aiter_bytes():
                content += part
                if len(content) >= len(SENT) // 2:
                    slow[1].set()
            return content

    assert asyncio.run(read()) == SENT


def test_an_upload_by_an_event_loop_whose_answer_is_read_as_it_comes(kept):
    async def upload():
        async with client_of(kept[0]) as client:
            async with streaming.astream(create, client=client, path="/f", body=io.BytesIO(SENT)) as answer:
                return answer.status_code

    assert asyncio.run(upload()) == 201
    assert kept[1] == [(str(len(SENT)), SENT)]


def test_a_batch_is_taken_apart_as_it_comes():
    batch = io.BytesIO()
    with tarfile.open(fileobj=batch, mode="w") as tar:
        for name in "ab":
            member = tarfile.TarInfo(name)
            member.size = 5
            tar.addfile(member, io.BytesIO(b"12345"))
    with (
        serving(lambda request: request.reply(200, batch.getvalue(), "application/x-tar")) as origin,
        client_of(origin) as client,
    ):
        with streaming.stream(batch_read, client=client, body=BatchRead(paths=["/a", "/b"])) as answer:
            with tarfile.open(fileobj=answer, mode="r|") as tar:
                assert [(member.name, tar.extractfile(member).read()) for member in tar] == [("a", b"12345"), ("b", b"12345")]


def test_an_answer_that_breaks_off_is_no_whole_one():
    def answer(request):
        begin(request)
        send(request, b"a part")
        request.close_connection = True

    async def read(client):
        async with client, streaming.astream(open_, client=client, path="/f") as answer:
            await answer.aread()

    with serving(answer) as origin, client_of(origin) as client:
        with streaming.stream(open_, client=client, path="/f") as answer:
            for _ in range(2):  # nor does it look like one to who reads on
                with pytest.raises(httpx.TransportError):
                    answer.read()
            with pytest.raises(httpx.TransportError):
                answer.readinto(bytearray(9))
        with pytest.raises(httpx.TransportError):
            asyncio.run(read(client))


@pytest.mark.parametrize(
    ("status", "content", "kind", "failure"),
    [
        (404, PROBLEM, "application/problem+json", Failed),
        (502, b"<h1>Bad Gateway</h1>", "text/html", UnexpectedStatus),
        (301, b"", "text/html", UnexpectedStatus),
        (200, b"<h1>Please sign in</h1>", "Text/HTML; charset=utf-8", UnexpectedStatus),
    ],
)
def test_a_failure_where_an_answer_would_be_read(status, content, kind, failure):
    async def read(client):
        async with client, streaming.astream(open_, client=client, path="/f"):
            pass

    async def follow(client):
        async with client:
            await anext(streaming.aevents(client=client, project="maps", after=0))

    with serving(lambda request: request.reply(status, content, kind)) as origin, client_of(origin) as client:
        with pytest.raises(failure) as failed, streaming.stream(open_, client=client, path="/f"):
            pass
        with pytest.raises(failure):
            asyncio.run(read(client))
        with pytest.raises(failure):
            next(streaming.events(client=client, project="maps", after=0))
        with pytest.raises(failure):
            next(streaming.events(client=client, project="maps"))
        with pytest.raises(failure):
            asyncio.run(follow(client_of(origin)))
    if failure is Failed:
        assert str(failed.value) == "Not found: There is no /f."
        assert pickle.loads(pickle.dumps(failed.value)).problem == failed.value.problem


def test_a_failure_tells_when_to_try_again():
    said = ["7", "Fri, 31 Dec 2027 23:59:59 GMT"]

    def answer(request):
        request.send_response(429)
        request.send_header("Content-Type", "application/problem+json")
        request.send_header("Retry-After", said.pop(0))
        request.send_header("Content-Length", str(len(PROBLEM)))
        request.end_headers()
        request.wfile.write(PROBLEM)

    with serving(answer) as origin, client_of(origin) as client:
        for seconds in (7, None):
            with pytest.raises(Failed) as failed, streaming.stream(open_, client=client, path="/f"):
                pass
            assert pickle.loads(pickle.dumps(failed.value)).retry_after == seconds


def message(seq, path="/f"):
    event = {"seq": seq, "at": "2026-01-02T03:04:05Z", "op": "create", "user": "ada", "fileId": 1, "path": path, "detail": {}}
    return f"id: {seq}\nevent: change\ndata: {json.dumps(event, ensure_ascii=False)}\n\n".encode()


@pytest.fixture
def feed():
    """The address of a server whose streams of events each do what the next of a list says, and after what they were asked for."""
    streams, asked = [], []

    def answer(request):
        place, _, query = request.path.partition("?")
        if place.endswith("/events"):
            request.reply(200, b'{"items":[],"last":4}')
            return
        asked.append((place, dict(urllib.parse.parse_qsl(query)).get("after")))
        begun = streams.pop(0) if streams else (404, PROBLEM, "application/problem+json")
        if isinstance(begun, tuple):
            request.reply(*begun)
            return
        begin(request, "text/event-stream")
        for part in begun:
            send(request, part)
        request.close_connection = True

    with serving(answer) as origin:
        yield origin, streams, asked


def followed(origin, asynchronously, **arguments):
    """Gives the events of a feed up to its end, and that."""
    found = []
    try:
        if asynchronously:

            async def follow():
                async with client_of(origin) as client, aclosing(streaming.aevents(client=client, **arguments)) as events:
                    async for event in events:
                        found.append((event.seq, event.path))

            asyncio.run(follow())
        else:
            with client_of(origin) as client:
                found.extend((event.seq, event.path) for event in streaming.events(client=client, **arguments))
    except (Failed, UnexpectedStatus, httpx.TransportError) as end:
        return found, end


END = b"event: end\ndata: " + PROBLEM + b"\n\n"


@pytest.mark.parametrize("asynchronously", [False, True])
@pytest.mark.parametrize(
    ("project", "place"), [("maps", "/api/v1/projects/maps/events/stream"), (None, "/api/v1/events/stream")]
)
def test_events_go_on_where_they_broke_off(feed, monkeypatch, asynchronously, project, place):
    origin, streams, asked = feed
    monkeypatch.setattr(streaming, "_FIRST_WAIT", 0.01)
    strange = "/a b\u0085c\u2028d"
    first = b": waiting\n\n" + message(5, strange) + message(6)
    streams += [
        [first[:20], first[20:90], first[90:], message(7)[:40]],  # of 7 not all comes
        [b""],  # a server that ends, as it should
        (503, PROBLEM.replace(b"404", b"503"), "application/problem+json"),
        (502, b"<h1>Bad Gateway</h1>", "text/html"),
        [message(7) + b"event: other\ndata: none\n\n" + message(8), END],
    ]
    found, end = followed(origin, asynchronously, project=project)
    assert found == [(5, strange), (6, "/f"), (7, "/f"), (8, "/f")]
    assert (type(end), end.problem.status) == (Failed, 404)
    assert asked == [(place, after) for after in ("4", "6", "6", "6", "6")]


@pytest.mark.parametrize("asynchronously", [False, True])
@pytest.mark.parametrize("status", [401, 403])
def test_events_go_on_with_a_renewed_token(monkeypatch, asynchronously, status):
    monkeypatch.setattr(streaming, "_FIRST_WAIT", 0.01)
    refusal = PROBLEM.replace(b"404", b"%d" % status)
    renewed, shown = threading.Event(), []

    def answer(request):
        token = request.headers["Authorization"]
        shown.append(token)
        begin(request, "text/event-stream")
        send(request, message(len(shown)))
        renewed.wait(5)
        send(request, b"event: end\ndata: " + refusal + b"\n\n")
        request.close_connection = True

    def renew(client, event):
        if event.seq == 1:
            client.token = "second"
            renewed.set()

    async def follow(client):
        async with client, aclosing(streaming.aevents(client=client, project="maps", after=0)) as events:
            async for event in events:
                renew(client, event)

    with serving(answer) as origin, client_of(origin, "first") as client, pytest.raises(Failed) as failed:
        if asynchronously:
            asyncio.run(follow(client))
        for event in streaming.events(client=client, project="maps", after=0):
            renew(client, event)
    assert failed.value.problem.status == status
    assert shown == ["Bearer first", "Bearer second"]


@pytest.mark.parametrize("asynchronously", [False, True])
def test_events_are_given_up(feed, monkeypatch, asynchronously):
    origin, streams, _ = feed
    monkeypatch.setattr(streaming, "_FIRST_WAIT", 0.01)
    streams += [[message(1)], *itertools.repeat((502, b"", "text/html"), 9)]
    found, end = followed(origin, asynchronously, project="maps", after=0, patience=0.1)
    assert found == [(1, "/f")]
    assert (type(end), end.status_code) == (UnexpectedStatus, 502)
    assert 0 < len(streams) < 9  # it was asked again, and not for ever


def test_an_event_comes_before_the_stream_ends():
    over = threading.Event()

    def answer(request):
        if over.is_set():
            return request.reply(404, PROBLEM, "application/problem+json")
        begin(request, "text/event-stream")
        send(request, message(1))
        over.wait(5)
        over.set()
        request.close_connection = True

    with serving(answer) as origin, client_of(origin) as client:
        try:
            event = next(streaming.events(client=client, project="maps", after=0))
            assert not over.is_set()
            assert event.seq == 1
        finally:
            over.set()
