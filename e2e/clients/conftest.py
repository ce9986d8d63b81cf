"""What the scenarios of all environments share: where the servers are, who may ask them, a folder of one's own for each
scenario, and what is reported of it.

Each file of scenarios says at its top which CLIENT it is about, and in which VERSION, which it asks the client itself.
"""

import json
import os
import re
import secrets
import subprocess
from dataclasses import dataclass
from pathlib import Path
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
    def alice(self):
        """alice past all clients."""
        return Login(self.url, "alice", self.token)

    @property
    def host(self):
        return urlsplit(self.url).hostname

    @property
    def port(self):
        return urlsplit(self.url).port

    def uri(self, path, scheme="webhdfs"):
        """The address of a file for whoever goes through fsspec."""
        return f"{scheme}://{self.host}:{self.port}{path}"


@dataclass(frozen=True)
class Login:
    """A person at one of the servers."""

    url: str
    user: str
    token: str | None  # where names are believed there is none

    @property
    def host(self):
        return urlsplit(self.url).hostname

    @property
    def port(self):
        return urlsplit(self.url).port

    @property
    def query(self):
        """What says who asks, as parameters of WebHDFS."""
        return {"delegation": self.token} if self.token else {"user.name": self.user}

    @property
    def fsspec(self):
        """The same for fsspec, as storage_options."""
        return {"token": self.token} if self.token else {"user": self.user}

    @property
    def hadoop(self):
        """The same for Hadoop's clients, as environment variables."""
        if self.token:
            return {"HADOOP_TOKEN_FILE_LOCATION": os.environ[f"GRANARY_TOKEN_FILE_{self.user.upper()}"]}
        return {"HADOOP_USER_NAME": self.user}

    def uri(self, path, scheme="webhdfs"):
        """The address of a file for whoever goes through fsspec."""
        return f"{scheme}://{self.host}:{self.port}{path}"

    def ask(self, method, path, body=None, **parameters):
        """Sends a request past the client, to prepare things or to see what has become of them."""
        reply = requests.request(method, f"{self.url}/webhdfs/v1{path}", params=parameters | self.query, data=body, timeout=30)
        reply.raise_for_status()
        return reply

    def put(self, path, content):
        """Makes a file of what is given, over one that is there."""
        self.ask("PUT", path, op="CREATE", overwrite="true", data="true", body=content)

    def content(self, path):
        """What is in a file."""
        return self.ask("GET", path, op="OPEN").content


@dataclass(frozen=True)
class Home:
    """The home folder of somebody who logged in with granary login, and has nothing else there."""

    path: Path
    environment: dict  # of a shell that has read env.sh

    @property
    def token(self):
        return (self.path / ".config/granary/token").read_text().strip()

    def granary(self, *arguments, stdin=""):
        """Runs a command of granary there."""
        command = [os.environ["GRANARY_BINARY"], *arguments]
        return subprocess.run(command, env=self.environment, input=stdin, capture_output=True, text=True, check=True)

    def run(self, *command, **more):
        """Runs a client there, which must succeed, and returns what it printed."""
        done = subprocess.run(command, env=self.environment | more, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, f"{command}: {done}"
        return done.stdout


def _log_in(url, token, path, *flags):
    """Logs in with a token in a new home. Clients there are told nothing else of the service."""
    about_it = ("GRANARY_", "HADOOP_", "HDFSCLI_", "FSSPEC_", "XDG_")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(about_it)} | {"HOME": str(path)}
    path.mkdir()
    home = Home(path, environment)
    home.granary("login", url, "--token-file", "-", *flags, stdin=token)
    variables = home.run("sh", "-c", '. "$HOME/.config/granary/env.sh"; env -0').split("\0")
    return Home(path, dict(variable.split("=", 1) for variable in variables if variable))


@pytest.fixture
def log_in():
    """Returns what logs in with a token in a new home, and returns that."""
    return _log_in


@pytest.fixture(scope="session")
def home(service, tmp_path_factory):
    """alice's, with a token for her project vision."""
    return _log_in(service.url, service.token, tmp_path_factory.mktemp("login") / "home", "--project", "vision")


@pytest.fixture
def inside(service, name):
    """A new folder in alice's project."""
    path = f"/Projects/vision/{name}"
    service.alice.ask("PUT", path, op="MKDIRS")
    return path


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


@pytest.fixture(params=["token", "user.name"])
def authentication(request):
    """How the scenario says who asks: it is run once for each way."""
    return request.param


@pytest.fixture
def alice(authentication, service, simple_url):
    return Login(service.url, "alice", service.token) if authentication == "token" else Login(simple_url, "alice", None)


@pytest.fixture
def bob(authentication, service, simple_url):
    """Somebody else at alice's server."""
    return Login(service.url, "bob", service.bob) if authentication == "token" else Login(simple_url, "bob", None)


@pytest.fixture
def shown(service, inside):
    """Returns the lines that the file manager shows for a way and a deed, in pieces, about the new folder in alice's project.
    lines.json is what web/src/tokens/lines.ts makes; a test of the file manager sees to that."""

    def pieces(way, deed):
        [found] = [e["pieces"] for e in json.loads((Path(__file__).parent / "lines.json").read_text()) if (e["way"], e["deed"]) == (way, deed)]
        here = lambda text: text.replace("granary.example.org:9870", f"{service.host}:{service.port}").replace("/Projects/vision/lines", inside)
        return [here(piece["text"]) for piece in found]

    return pieces


@pytest.fixture
def name(request):
    """The scenario's name, fit for a file, with something that makes it new on a server that is used again."""
    return re.sub(r"\W+", "-", request.node.name).strip("-") + "-" + secrets.token_hex(3)


@pytest.fixture
def folder(service, name):
    """A new folder of alice's on the server that asks for tokens, closed to others."""
    path = f"/user/alice/{name}"
    Login(service.url, "alice", service.token).ask("PUT", path, op="MKDIRS", permission="700")
    return path


@pytest.fixture
def place(alice, name):
    """A new folder of alice's on her server. Others do not get there, because her home is closed to them."""
    path = f"/user/alice/{name}"
    alice.ask("PUT", path, op="MKDIRS")
    return path


def pytest_collection_modifyitems(config, items):
    """Takes out what a file leaves out of published tests, by their names, and adds to each scenario's report of which client
    it is and how the client said who asks."""
    found = {item: re.sub(r"\[(token|user\.name)(-|\])", lambda m: "[" if m[2] == "-" else "", item.name) for item in items}
    left_out = {name for item in items for name in getattr(item.module, "LEFT_OUT", ())}
    unknown = left_out - set(found.values())
    if unknown and not any("::" in argument for argument in config.args):
        raise pytest.UsageError(f"there are no tests to leave out named {', '.join(sorted(unknown))}")
    items[:] = [item for item in items if found[item] not in left_out]
    for item in items:
        ways = {"token"} if {"service", "folder"} & set(item.fixturenames) else set()
        ways |= {"user.name"} if "simple_url" in item.fixturenames else set()
        if hasattr(item, "callspec") and "authentication" in item.callspec.params:
            ways = {item.callspec.params["authentication"]}
        # Tests that others wrote do not use our fixtures.
        if way := getattr(item.cls, "authentication", getattr(item.module, "AUTHENTICATION", None)):
            ways = {way}
        try:
            item.user_properties += [("client", item.module.CLIENT), ("version", item.module.VERSION)]
        except AttributeError as e:
            raise pytest.UsageError(f"{item.path.name} must say of what CLIENT it is, and of which VERSION: {e}") from e
        item.user_properties += [(way, "yes") for way in sorted(ways)]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """A scenario that is skipped has not shown what it is there for."""
    report = yield
    if report.skipped:
        report.outcome, report.longrepr = "failed", f"{item.nodeid} was skipped: {report.longrepr}"
    return report
