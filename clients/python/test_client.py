"""What of the client is ours and not the generator's, against a server that answers whatever a test says."""

import pytest

from granary_client import AuthenticatedClient
from granary_client.models import MadeLink, MadeToken, NewLink, NewPassword, NewUser, SignIn
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
