"""What of the client is ours and not the generator's, against a server that answers whatever a test says."""

import asyncio
import importlib
import io
import os
import pathlib
import pickle
import pkgutil
import re
import signal
import tarfile
import threading
from urllib.parse import quote

import httpx
import pytest

from answering import PROBLEM, SENT, client_of, serving
from granary_client import AuthenticatedClient, api, streaming
from granary_client.api.credentials import who_am_i
from granary_client.api.files import archive, create, open_, set_owner
from granary_client.api.projects import remove_member
from granary_client.errors import UnexpectedStatus
from granary_client.models import MadeLink, MadeToken, NewLink, NewPassword, NewUser, Problem, SignIn
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


@pytest.mark.parametrize(
    ("operation", "arguments"),
    [(open_, {}), (archive, {}), (create, {"body": b"content"}), (set_owner, {"owner": "ada"})],
    ids=["a file", "an archive", "being written", "being done"],
)
def test_a_page_to_sign_in_is_not_taken_for(operation, arguments):
    page = b"<h1>Please sign in</h1>"

    async def ask(client):
        async with client:
            await operation.asyncio_detailed(client=client, path="/f", **arguments)

    status = 201 if operation is create else 200

    def answer(request):
        request.rfile.read(int(request.headers.get("Content-Length", 0)))  # or closing resets the connection
        request.reply(status, page, "Text/HTML; charset=utf-8")

    with serving(answer) as origin, client_of(origin) as client:
        with pytest.raises(UnexpectedStatus) as unexpected:
            operation.sync_detailed(client=client, path="/f", **arguments)
        assert (unexpected.value.status_code, unexpected.value.content) == (status, page)
        with pytest.raises(UnexpectedStatus):
            asyncio.run(ask(client))


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


def test_a_token_is_shown_as_the_line_of_a_file(noted):
    with client_of(noted[0], f"{SECRET}\n") as client:
        who_am_i.sync(client=client)
    assert headers_of(noted)["authorization"] == f"Bearer {SECRET}"


@pytest.mark.parametrize("token", [f"{SECRET}\n{SECRET}", f"{SECRET}\0"])
def test_a_token_that_no_header_can_hold_is_not_printed(noted, token):
    with client_of(noted[0], token) as client, pytest.raises(ValueError, match="the token holds") as refused:
        who_am_i.sync(client=client)
    assert SECRET not in str(refused.value)
    with client_of(noted[0], token) as client, pytest.raises(ValueError, match="the token holds"):
        next(streaming.events(client=client, project="maps", after=0))
    assert noted[1] == []


def test_one_event_loop_after_the_other_uses_a_client(noted):
    client = client_of(noted[0])

    async def ask():
        for _ in range(2):
            assert (await who_am_i.asyncio(client=client)).status == 404

    for _ in range(2):
        asyncio.run(ask())
    peers = [peer for peer, _ in noted[1]]
    assert peers[0] == peers[1] != peers[2] == peers[3]

    async def ask_once_more():
        async with client:
            pass

    asyncio.run(ask_once_more())
    with pytest.raises(RuntimeError, match="closed"):  # it was on purpose
        asyncio.run(ask())


def test_an_httpx_client_that_was_set_stays_for_the_next_event_loop(noted):
    class Noting(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request):
            return httpx.Response(404, headers={"Content-Type": "application/problem+json"}, content=PROBLEM)

    client = client_of("http://granary.example.org")
    client.set_async_httpx_client(httpx.AsyncClient(base_url="http://granary.example.org", transport=Noting()))
    for _ in range(2):
        assert asyncio.run(who_am_i.asyncio(client=client)).status == 404


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


def test_threads_that_begin_together_share_connections(monkeypatch):
    client, make, made = client_of("http://granary.example.org"), httpx.Client, []
    another, twice = threading.Event(), threading.Event()

    def slow(**settings):
        made.append(make(**settings))
        if len(made) > 1:
            twice.set()
        another.wait(5)
        twice.wait(0.3)
        return made[-1]

    monkeypatch.setattr(httpx, "Client", slow)

    def begin():
        another.set()
        client.get_httpx_client()

    threads = [threading.Thread(target=client.get_httpx_client), threading.Thread(target=begin)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1


def test_a_fork_while_another_thread_makes_connections(noted, monkeypatch):
    make, begun, forked = httpx.Client, threading.Event(), threading.Event()

    def slow(**settings):
        begun.set()
        forked.wait(10)
        return make(**settings)

    with client_of(noted[0]) as other:
        monkeypatch.setattr(httpx, "Client", slow)
        thread = threading.Thread(target=client_of(noted[0]).get_httpx_client)
        thread.start()
        assert begun.wait(5)
        child = os.fork()
        if child == 0:
            try:
                httpx.Client = make
                signal.alarm(10)  # ends a process that waits for a lock
                who_am_i.sync(client=other)
                os._exit(0)
            finally:
                os._exit(1)
        forked.set()
        thread.join()
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


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


@pytest.mark.parametrize("name", ["", ".", ".."])
def test_a_name_leads_to_no_other_operation(name):
    asked = []

    def answer(request):
        asked.append(f"{request.command} {request.path}")
        request.reply(204)

    with serving(answer) as origin, client_of(origin) as client:
        with pytest.raises(ValueError, match="no name that an address can hold"):
            remove_member.sync("maps", name, client=client)
        with pytest.raises(ValueError, match="no name that an address can hold"):
            next(streaming.events(client=client, project=name, after=0))
    assert asked == []


def test_a_name_is_a_part_of_the_address():
    with client_of("http://granary.example.org") as client:
        for name in ("a/../b", "..%2F", "é 😀", "...", "a?b#c"):
            request = client.get_httpx_client().build_request(**remove_member._get_kwargs("maps", name))
            assert request.url.raw_path == b"/api/v1/projects/maps/members/" + quote(name, safe="").encode()


def test_each_argument_is_described():
    modules = [module.name for module in pkgutil.walk_packages(api.__path__, api.__name__ + ".") if not module.ispkg]
    assert len(modules) > 100
    for name in modules:
        text = importlib.import_module(name).sync_detailed.__doc__
        assert not re.findall(r"^        (?!body )\w+ \([^)]*\): *(?:Default: .*)?$", text, re.MULTILINE), name
