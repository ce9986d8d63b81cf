"""Hadoop's Java client: hadoop fs after granary login, a token file alone, OAuth2, and distcp -p from a dataset that others
share. Three JVMs do it all, one for each way to say who asks."""

import os
from pathlib import Path

import pytest
import requests
from hadoop import VERSIONS, Hadoop

VERSION = VERSIONS[0]
CLIENT = "after granary login: Hadoop's Java client"

# What a token for the project vision alone is told elsewhere.
DENIED = "org.apache.hadoop.security.AccessControlException: "
OUTSIDE = "/user/alice/file is outside it"


class Shell:
    """The commands of Hadoop in a JVM with settings of its own, or with those in a folder."""

    def __init__(self, folder, settings, environment):
        self._hadoop = Hadoop(VERSION, folder, settings, environment)
        self.close = self._hadoop.close

    def __call__(self, *command, stdin=b""):
        """Runs a command that must succeed, and returns what it printed."""
        reply = self._hadoop.run(*map(str, command), stdin=stdin)
        assert reply.status == 0, f"{command}: {reply}"
        return reply.out

    def refused(self, *command, stdin=b""):
        """Runs a command that must fail, and returns what it said."""
        reply = self._hadoop.run(*map(str, command), stdin=stdin)
        assert reply.status != 0, f"{command}: {reply}"
        return reply.err


@pytest.fixture(scope="session")
def sh(home):
    """alice's shell after granary login, with a token for her project."""
    shell = Shell(Path(home.environment["HADOOP_CONF_DIR"]), None, home.environment)
    yield shell
    shell.close()


@pytest.fixture
def at(service):
    """The service as a file system."""
    return f"webhdfs://{service.host}:{service.port}"


@pytest.fixture
def ask(service):
    """Asks the API as somebody."""

    def ask(method, path, body=None, /, token=service.token, status=200, **query):
        headers = {"Authorization": f"Bearer {token}"}
        reply = requests.request(method, f"{service.url}/api/v1{path}", params=query, json=body, headers=headers, timeout=30)
        assert reply.status_code == status, f"{method} {path}: {reply.status_code} {reply.text}"
        return reply.json() if reply.content else None

    return ask


def test_hadoop_fs(sh, service, inside, tmp_path):
    """The service is the default file system, and the token is shown to it."""
    (tmp_path / "local").write_bytes(b"0123456789")
    sh("fs", "-put", tmp_path / "local", f"{inside}/file")
    assert service.alice.content(f"{inside}/file") == b"0123456789"
    assert sh("fs", "-cat", f"{inside}/file") == "0123456789"
    assert sh("fs", "-ls", "-C", inside) == f"{inside}/file\n"
    refused = sh.refused("fs", "-put", tmp_path / "local", "/user/alice/file")
    assert "Permission denied" in refused and OUTSIDE in refused


def test_token_file(service, inside, at, tmp_path, log_in):
    """The file that granary login made, where nothing else is set: until logout ends the token."""
    home = log_in(service.url, service.token, tmp_path / "home", "--project", "vision")
    token_file = {"HADOOP_TOKEN_FILE_LOCATION": str(home.path / ".config/granary/hadoop.token")}
    shell = Shell(tmp_path / "settings", {}, token_file)
    try:
        shell("create", f"{at}{inside}/file", stdin=b"content")
        assert shell("open", f"{at}{inside}/file") == "content"
        service.alice.put("/user/alice/file", b"private")
        for command in ("open", "create"):
            refused = shell.refused(command, f"{at}/user/alice/file")
            assert refused.startswith(DENIED) and OUTSIDE in refused
        home.granary("logout")
        for command in ("open", "create"):
            refused = shell.refused(command, f"{at}{inside}/file")
            assert refused.startswith("org.apache.hadoop.security.token.SecretManager$InvalidToken: ") and "revoked" in refused
    finally:
        shell.close()
    assert service.alice.content(f"{inside}/file") == b"content"


@pytest.fixture(scope="session")
def oauth(tmp_path_factory):
    """A shell that has no token."""
    shell = Shell(tmp_path_factory.mktemp("oauth") / "settings", {}, {})
    yield shell
    shell.close()


def mode(service, token, provider="Credential"):
    """The options for OAuth2 with a personal token of alice's."""
    settings = {
        "enabled": "true",
        "access.token.provider": f"org.apache.hadoop.hdfs.web.oauth2.Conf{provider}BasedAccessTokenProvider",
        "refresh.url": f"{service.url}/oauth2/token",
        "client.id": "alice",
    }
    if provider == "Credential":
        settings["credential"] = token
    else:
        settings |= {"refresh.token": token, "refresh.token.expires.ms.since.epoch": "0"}
    return [o for name, value in settings.items() for o in ("-D", f"dfs.webhdfs.oauth2.{name}={value}")]


# What makes Hadoop take the options of a command, and not the file system that the last one left.
ANEW = ["-D", "fs.webhdfs.impl.disable.cache=true"]


@pytest.mark.parametrize("host, provider", [("127.0.0.1", "Credential"), ("localhost", "RefreshToken")])
def test_oauth2(oauth, service, inside, ask, host, provider):
    """The client gets its tokens for a personal token: until that is ended. Another host is another file system to Hadoop,
    which keeps those that it has."""
    made = ask("POST", "/tokens", {"project": "vision"}, status=201)
    options = mode(service, made["token"], provider)
    at = f"webhdfs://{host}:{service.port}"
    oauth("create", *options, f"{at}{inside}/file", stdin=b"content")
    assert oauth("open", *options, f"{at}{inside}/file") == "content" == service.alice.content(f"{inside}/file").decode()
    service.alice.put("/user/alice/file", b"private")
    for command in ("open", "create"):
        refused = oauth.refused(command, *options, f"{at}/user/alice/file")
        assert refused.startswith(DENIED) and OUTSIDE in refused
    ask("DELETE", f"/tokens/{made['id']}", status=204)
    for command in ("open", "create"):
        refused = oauth.refused(command, *options, f"{at}{inside}/file")  # with the token that it was given before
        assert refused.startswith(f"{DENIED}Unauthorized\n")
        refused = oauth.refused(command, *options, *ANEW, f"{at}{inside}/file")
        assert refused.startswith("java.io.IOException: ") and "access token" in refused.splitlines()[0]
    assert service.alice.content(f"{inside}/file") == b"content"


def test_distcp_of_a_shared_dataset(sh, oauth, service, inside, ask, at, tmp_path):
    """A copy with its ACLs has those that setfacl made, and nothing of the shares: those who had the dataset by them do not have
    the copy. Before it preserves ACLs DistCp looks at that of /, which a token for one project does not show."""
    carol, dave = (os.environ[f"GRANARY_TOKEN_{who}"] for who in ("CAROL", "DAVE"))
    dataset, copy = f"{inside}/dataset", f"{inside}/copy"
    sh("fs", "-mkdir", dataset, f"{dataset}/folder")
    sh("create", f"{dataset}/folder/file", stdin=b"content")
    sh("fs", "-chmod", "-R", "750", dataset)
    sh("fs", "-setfacl", "-m", "user:bob:r-x,default:user:bob:r-x", f"{dataset}/folder")
    sh("fs", "-setfacl", "-m", "user:bob:r--,group:staff:r--", f"{dataset}/folder/file")
    made = ask("POST", "/projects/vision/datasets", {"path": dataset}, status=201)
    for to, token in (({"project": "guests"}, carol), ({"user": "dave"}, dave)):
        share = ask("POST", f"/datasets/{made['id']}/shares", {"level": "edit", **to}, status=201)
        ask("POST", f"/shares/{share['id']}/accept", {}, token=token)
    for token in (carol, dave):
        assert content(service, token, f"{dataset}/folder/file") == (200, b"content")

    options = [*mode(service, ask("POST", "/tokens", {}, status=201)["token"]), *ANEW]
    work = ["-fs", "file:///", "-D", f"hadoop.tmp.dir={tmp_path}"]  # of the job
    oauth("distcp", *options, *work, "-pugpa", f"{at}{dataset}", f"{at}{copy}")
    for name in ("", "/folder", "/folder/file"):
        copied, original = (sh("fs", "-getfacl", top + name).replace(top, "") for top in (copy, dataset))
        assert copied == original
    assert "user:bob:r--\n" in copied and "group:staff:r--\n" in copied
    assert "carol" not in copied and "dave" not in copied
    for token, who in ((carol, "carol"), (dave, "dave")):
        assert content(service, token, f"{copy}/folder/file")[0] == 403
        assert not ask("GET", "/access/explain", path=f"{copy}/folder/file", user=who)["allowed"]
    through = {}
    for top in (dataset, copy):
        effective = ask("GET", "/access/effective", path=f"{top}/folder/file")
        through[top] = {u["user"]: u["through"] for u in effective["users"]}
    assert {u for u, by in through[dataset].items() if by.startswith("share:")} == {"carol", "dave"}
    assert set(through[copy]) == set(through[dataset]) - {"carol", "dave"} and "bob" in through[copy]


def content(service, token, path):
    """What somebody gets who asks for a file."""
    reply = requests.get(f"{service.url}/webhdfs/v1{path}", {"op": "OPEN"}, headers={"Authorization": f"Bearer {token}"}, timeout=30)
    return reply.status_code, reply.content
