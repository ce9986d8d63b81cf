"""What of the client is ours and not the generator's, against a server that answers whatever a test says."""

import asyncio
import io
import itertools
import json
import os
import pickle
import tarfile
import threading
import urllib.parse
from contextlib import aclosing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from granary_client import AuthenticatedClient, streaming
from granary_client.api.credentials import who_am_i
from granary_client.api.files import archive, batch_read, create, open_
from granary_client.errors import Failed, UnexpectedStatus
from granary_client.models import BatchRead, MadeLink, MadeToken, NewLink, NewPassword, NewUser, Problem, SignIn
from granary_client.types import File, Response

SECRET = "gr_secret"

MADE_TOKEN = {
    "created": "2026-01-02T03:04:05Z",
    "expires": "2026-01-03T03:04:05Z",
    "id": "3f6c1a7e-7f0e-4d1c-8d4e-2b8a6a1f5b11",
    "kind": "personal",
    "label": "",
    "revoked": False,
    "token": SECRET,
    "user": "ada",
}

MADE_LINK = {
    "created": "2026-01-02T03:04:05Z",
    "expires": "2026-01-03T03:04:05Z",
    "fileId": 16402,
    "id": "3f6c1a7e-7f0e-4d1c-8d4e-2b8a6a1f5b11",
    "label": "",
    "locked": False,
    "revoked": False,
    "url": f"http://granary.example.org/d/{SECRET}",
    "uses": 0,
}


PROBLEM = b'{"type":"about:blank","title":"Not found","status":404,"detail":"There is no /f.","requestId":"1"}'


@contextmanager
def serving(answer):
    """Runs a server whose every request is handed to answer, and gives its address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            answer(self)

        do_POST = do_PUT = do_GET

        def log_message(self, *args):
            pass

        def reply(self, status, content=b"", kind="application/json"):
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def client_of(origin, token="token", **settings):
    return AuthenticatedClient(base_url=origin, token=token, **settings)


@pytest.mark.parametrize(
    "thing",
    [
        AuthenticatedClient(
            base_url="http://granary.example.org",
            token=SECRET,
            headers={"Proxy-Authorization": SECRET},
            cookies={"session": SECRET},
            httpx_args={"proxy": f"http://user:{SECRET}@proxy.example.org"},
        ),
        MadeToken.from_dict(MADE_TOKEN),
        MadeLink.from_dict(MADE_LINK),
        SignIn(user="ada", password=SECRET),
        NewPassword(password=SECRET),
        NewUser(name="ada", password=SECRET),
        NewLink(path="/f", password=SECRET),
        Response(status_code=201, content=SECRET.encode(), headers={"Set-Cookie": SECRET}, parsed=None),
    ],
    ids=lambda thing: type(thing).__name__,
)
def test_secrets_are_not_printed(thing):
    assert SECRET not in repr(thing)


@pytest.mark.parametrize(
    ("status", "content", "kind"),
    [
        (502, b"<h1>Bad Gateway</h1>", "text/html"),
        (301, b"", "text/html"),
        (413, b"", "text/plain"),
        (502, b'{"message":"no upstream"}', "application/json"),
        (502, b'{"message":"no upstream"}', "application/problem+json"),
        (502, b"no upstream", "application/problem+json"),
        (404, PROBLEM, "application/json"),
        (520, PROBLEM, "application/problem+json"),
        (200, b"<h1>Please sign in</h1>", "text/html"),
        (200, b"[]", "application/json"),
    ],
)
def test_an_answer_that_is_not_granarys(status, content, kind):
    with serving(lambda request: request.reply(status, content, kind)) as origin, client_of(origin) as client:
        with pytest.raises(UnexpectedStatus) as unexpected:
            who_am_i.sync(client=client)
        assert (unexpected.value.status_code, unexpected.value.content) == (status, content)

        async def ask():
            async with client:
                await who_am_i.asyncio(client=client)

        with pytest.raises(UnexpectedStatus):
            asyncio.run(ask())


def test_an_unexpected_status_goes_from_process_to_process():
    unexpected = pickle.loads(pickle.dumps(UnexpectedStatus(502, b"x" * 5000)))
    assert (unexpected.status_code, len(unexpected.content)) == (502, 5000)
    assert len(str(unexpected)) < 1100


def test_what_granary_refuses_is_a_problem():
    answer = lambda request: request.reply(404, PROBLEM, "application/problem+json; charset=utf-8")
    with serving(answer) as origin, client_of(origin) as client:
        refused = open_.sync(client=client, path="/f")
        assert isinstance(refused, Problem)
        assert refused.detail == "There is no /f."


def test_without_a_setting_waiting_ends():
    client = client_of("http://granary.example.org")
    assert client.get_httpx_client().timeout == httpx.Timeout(300, connect=10)
    assert client.get_async_httpx_client().timeout == httpx.Timeout(300, connect=10)


def test_waiting_ends():
    over = threading.Event()
    with serving(lambda request: over.wait(30)) as origin:
        try:
            with client_of(origin, timeout=0.1) as client, pytest.raises(httpx.TimeoutException):
                who_am_i.sync(client=client)
        finally:
            over.set()


def headers_of(noted):
    """The headers of the last request, by small letters."""
    return {name.lower(): value for name, value in noted[1][-1][1].items()}


@pytest.fixture
def noted():
    """The address of a server that notes each request's peer, and its headers, and what it has noted."""
    heard = []

    def answer(request):
        heard.append((request.client_address, request.headers))
        request.reply(404, PROBLEM, "application/problem+json")

    with serving(answer) as origin:
        yield origin, heard


def test_a_client_made_of_another_leaves_it_alone(noted):
    with client_of(noted[0]) as client:
        who_am_i.sync(client=client)
        timeout = client.get_httpx_client().timeout
        with client.with_headers({"X-A": "a"}).with_cookies({"b": "b"}).with_timeout(7) as other:
            who_am_i.sync(client=other)
            assert headers_of(noted)["x-a"] == "a"
            assert headers_of(noted)["cookie"] == "b=b"
            assert other.get_httpx_client().timeout == httpx.Timeout(7)
        who_am_i.sync(client=client)
        assert not {"x-a", "cookie"} & headers_of(noted).keys()
        assert client.get_httpx_client().timeout == timeout


def test_a_renewed_token_is_shown(noted):
    async def ask():
        async with client_of(noted[0], "first") as client:
            for token in ("first", "second"):
                client.token = token
                await who_am_i.asyncio(client=client)
                assert headers_of(noted)["authorization"] == f"Bearer {token}"

    asyncio.run(ask())
    with client_of(noted[0], "first") as client:
        for token in ("first", "second"):
            client.token = token
            who_am_i.sync(client=client)
            assert headers_of(noted)["authorization"] == f"Bearer {token}"


def test_a_used_client_goes_to_another_process_by_pickling(noted):
    with client_of(noted[0], timeout=7, headers={"X-A": "a"}) as client:
        who_am_i.sync(client=client)
        other = pickle.loads(pickle.dumps(client))
        assert other == client
        with other:
            who_am_i.sync(client=other)
    assert noted[1][0][0] != noted[1][1][0]
    assert headers_of(noted)["authorization"] == "Bearer token"
    assert headers_of(noted)["x-a"] == "a"


def test_an_httpx_client_that_was_set_is_not_lost_by_pickling():
    with httpx.Client() as own, pytest.raises(TypeError, match="was set"):
        pickle.dumps(client_of("http://granary.example.org").set_httpx_client(own))


def test_processes_share_no_connection(noted):
    with client_of(noted[0]) as client:
        who_am_i.sync(client=client)
        child = os.fork()
        if child == 0:
            try:
                who_am_i.sync(client=client)
                os._exit(0)
            finally:
                os._exit(1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        who_am_i.sync(client=client)
    before, in_child, after = (peer for peer, _ in noted[1])
    assert before == after != in_child


SENT = bytes(range(256)) * 4096  # a megabyte: more than one part


@pytest.fixture
def kept():
    """The address of a server that keeps what it is sent, each with its Content-Length; /away sends requests on to itself."""
    came = []

    def answer(request):
        length = request.headers.get("Content-Length")
        if length is not None:
            body = request.rfile.read(int(length))
        else:
            body = b""
            while size := int(request.rfile.readline(), 16):
                body += request.rfile.read(size)
                request.rfile.readline()
            request.rfile.readline()
        if request.path.startswith("/away"):
            request.send_response(307)
            request.send_header("Location", request.path.removeprefix("/away"))
            request.send_header("Content-Length", "0")
            request.end_headers()
            return
        came.append((length, body))
        request.reply(201)

    with serving(answer) as origin:
        yield origin, came


class Pipe(io.RawIOBase):
    """Bytes that can be read once, and nobody knows how many there are."""

    def __init__(self, content):
        self._content = io.BytesIO(content)

    def readable(self):
        return True

    def readinto(self, buffer):
        return self._content.readinto(buffer)


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
        (lambda: b"", "0", b""),
        (lambda: io.BytesIO(), "0", b""),
        (lambda: Pipe(SENT), None, SENT),
    ],
    ids=["File", "file", "from the middle", "bytes", "no bytes", "empty file", "pipe"],
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


def test_an_upload_that_is_sent_on(kept):
    origin, came = kept[0] + "/away", kept[1]
    with client_of(origin, follow_redirects=True) as client:
        assert create.sync_detailed(client=client, path="/f", body=behind(SENT, 1000)).status_code == 201

    async def upload():
        async with client_of(origin, follow_redirects=True) as client:
            return await create.asyncio_detailed(client=client, path="/f", body=behind(SENT, 1000))

    assert asyncio.run(upload()).status_code == 201
    assert came == [(str(len(SENT) - 1000), SENT[1000:])] * 2


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
    [(open_, {"path": "/f"}), (archive, {"path": ["/d"]}), (batch_read, {"body": BatchRead(paths=["/f"])})],
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
        with pytest.raises(httpx.TransportError), streaming.stream(open_, client=client, path="/f") as answer:
            answer.read()
        with pytest.raises(httpx.TransportError):
            asyncio.run(read(client))


@pytest.mark.parametrize(
    ("status", "content", "kind", "failure"),
    [
        (404, PROBLEM, "application/problem+json", Failed),
        (502, b"<h1>Bad Gateway</h1>", "text/html", UnexpectedStatus),
        (301, b"", "text/html", UnexpectedStatus),
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
def test_events_are_given_up(feed, monkeypatch, asynchronously):
    origin, streams, _ = feed
    monkeypatch.setattr(streaming, "_FIRST_WAIT", 0.01)
    streams += [[message(1)], *itertools.repeat((502, b"", "text/html"), 9)]
    found, end = followed(origin, asynchronously, project="maps", after=0, patience=0.1)
    assert found == [(1, "/f")]
    assert (type(end), end.status_code) == (UnexpectedStatus, 502)
    assert 0 < len(streams) < 8


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
