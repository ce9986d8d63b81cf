"""What the scenarios share: where the servers are, who may ask them, and a folder of one's own for each scenario."""

import os
import re
import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
import requests


@dataclass(frozen=True)
class Service:
    """A running Granary that asks for tokens, as its users see it."""

    url: str
    token: str  # alice's
    read_only: str  # alice's, and nothing can be changed with it
    bob: str  # bob's

    @property
    def host(self):
        return urlsplit(self.url).hostname

    @property
    def port(self):
        return urlsplit(self.url).port

    def uri(self, path, scheme="webhdfs"):
        """The address of a file for whoever goes through fsspec."""
        return f"{scheme}://{self.host}:{self.port}{path}"


@pytest.fixture(scope="session")
def service():
    return Service(
        url=os.environ["GRANARY_URL"],
        token=os.environ["GRANARY_TOKEN"],
        read_only=os.environ["GRANARY_TOKEN_READ_ONLY"],
        bob=os.environ["GRANARY_TOKEN_BOB"],
    )


@pytest.fixture(scope="session")
def simple_url():
    """A second Granary, which believes names."""
    return os.environ["GRANARY_SIMPLE_URL"]


@pytest.fixture
def name(request):
    """The scenario's name, fit for a file, with something that makes it new on a server that is used again."""
    return re.sub(r"\W+", "-", request.node.name).strip("-") + "-" + secrets.token_hex(3)


@pytest.fixture
def folder(service, name):
    """A new folder of alice's, closed to others."""
    path = f"/user/alice/{name}"
    reply = requests.put(
        f"{service.url}/webhdfs/v1{path}",
        params={"op": "MKDIRS", "permission": "700"},
        headers={"Authorization": f"Bearer {service.token}"},
        timeout=30,
    )
    reply.raise_for_status()
    return path
