"""What of the client is ours and not the generator's, against a server that answers whatever a test says."""

import asyncio
import pickle
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from granary_client import AuthenticatedClient
from granary_client.api.credentials import who_am_i
from granary_client.api.files import open_
from granary_client.errors import UnexpectedStatus
from granary_client.models import MadeLink, MadeToken, NewLink, NewPassword, NewUser, Problem, SignIn
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
        with pytest.raises(UnexpectedStatus):
            asyncio.run(who_am_i.asyncio(client=client))


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
