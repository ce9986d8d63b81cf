"""hadoop fs of each version, with a token and by name, and a folder of one's own for each scenario."""

import os
from urllib.parse import urlsplit

import pytest
from hadoop import VERSIONS, Hadoop, Reply


class Shell:
    """hadoop fs in the hands of one user. What it says does not hold the address of the server."""

    def __init__(self, hadoop, address):
        self._hadoop = hadoop
        self._address = address
        self.start = hadoop.start
        self.close = hadoop.close

    def run(self, *arguments, stdin=b""):
        """Runs a command, however it ends."""
        reply = self._hadoop.run("fs", *map(str, arguments), stdin=stdin)
        return Reply(reply.status, reply.out.replace(self._address, ""), reply.err.replace(self._address, ""))

    def __call__(self, *arguments, stdin=b"", err=""):
        """Runs a command that must succeed and say err on standard error; returns what it printed."""
        reply = self.run(*arguments, stdin=stdin)
        assert (reply.status, reply.err) == (0, err), f"{arguments}: {reply}"
        return reply.out

    def refused(self, *arguments, stdin=b"", status=1, out=""):
        """Runs a command that must fail and print out; returns what it said on standard error."""
        reply = self.run(*arguments, stdin=stdin)
        assert (reply.status, reply.out) == (status, out), f"{arguments}: {reply}"
        return reply.err

    def misused(self, *arguments, stdin=b""):
        """Runs a command that the client refuses with an explanation of its use; returns what it said before that."""
        said, _, use = self.refused(*arguments, stdin=stdin, status=-1).partition("Usage: ")
        assert use
        return said


@pytest.fixture(scope="session", params=[f"{v}-{by}" for v in VERSIONS for by in ("token", "name")])
def shells(request, service, simple_url, tmp_path_factory):
    """Returns the shell of a user."""
    version, _, by = request.param.partition("-")
    address = f"webhdfs://{urlsplit(service.url if by == 'token' else simple_url).netloc}"
    running = {}

    def shell(user):
        if user not in running:
            who = {"HADOOP_USER_NAME": user}
            if by == "token":
                who = {"HADOOP_TOKEN_FILE_LOCATION": os.environ[f"GRANARY_TOKEN_FILE_{user.upper()}"]}
            hadoop = Hadoop(version, tmp_path_factory.mktemp("hadoop") / user, {"fs.defaultFS": address}, who)
            running[user] = Shell(hadoop, address)
        return running[user]

    yield shell
    for s in running.values():
        s.close()


@pytest.fixture
def sh(shells):
    """alice's shell."""
    return shells("alice")


@pytest.fixture
def bob(shells):
    """bob's shell."""
    return shells("bob")


@pytest.fixture
def root(shells, request):
    """The superuser's shell, where there is one."""
    if "name" not in request.node.callspec.id:
        pytest.skip("no token is the superuser's")
    return shells("root")


@pytest.fixture
def here(sh, name):
    """A new folder of alice's, to which everybody gets."""
    path = f"/tmp/{name}"
    sh("-mkdir", "-p", path)
    return path
