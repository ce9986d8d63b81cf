"""What of the client is ours and not the generator's, against a server that answers whatever a test says."""

import asyncio
import importlib
import json
import pickle
import pkgutil
import re
import threading
from urllib.parse import quote

import httpx
import pytest

from answering import PROBLEM, client_of, serving
from granary_client import AuthenticatedClient, api, streaming
from granary_client.api.credentials import who_am_i
from granary_client.api.files import archive, create, open_, set_owner
from granary_client.api.jobs import list_jobs
from granary_client.api.projects import remove_member
from granary_client.errors import Failed, UnexpectedStatus, answered
from granary_client.models import JobKind, JobState, MadeLink, MadeToken, NewLink, NewPassword, NewUser, Problem, SignIn
from granary_client.types import Response

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


def test_a_failure_is_raised_for_who_asks():
    replies = [(404, PROBLEM, "application/problem+json"), (200, b'{"items":[]}', "application/json"), (200, b"", "text/plain")]
    with serving(lambda request: request.reply(*replies.pop(0))) as origin, client_of(origin) as client:
        with pytest.raises(Failed, match="There is no /f"):
            answered(list_jobs.sync(client=client))
        assert answered(list_jobs.sync(client=client)).items == []
        assert answered(set_owner.sync(client=client, path="/f", owner="ada")) is None


def test_a_newer_server_says_more():
    job = {
        "bytes": 1,
        "bytesDone": 0,
        "created": "2026-01-02T03:04:05Z",
        "files": 1,
        "filesDone": 0,
        "id": "3f6c1a7e-7f0e-4d1c-8d4e-2b8a6a1f5b11",
        "kind": "compress",
        "sources": ["/f"],
        "state": "running",
        "target": "/g",
        "user": "ada",
        "priority": 7,
    }
    page = json.dumps({"items": [job], "total": 1}).encode()
    with serving(lambda request: request.reply(200, page)) as origin, client_of(origin) as client:
        shown = pickle.loads(pickle.dumps(list_jobs.sync(client=client))).items[0]
    assert shown.kind == JobKind("compress") == "compress"
    assert isinstance(shown.kind, JobKind)
    assert shown.state is JobState.RUNNING
    assert shown.to_dict().items() >= {"kind": "compress", "state": "running"}.items()
    assert "compress" not in [kind.value for kind in JobKind]
    with pytest.raises(ValueError, match="7"):
        JobKind(7)


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
