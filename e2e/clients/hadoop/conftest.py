"""hadoop fs of each version, and a folder of one's own for each scenario."""

import dataclasses

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


@pytest.fixture(params=VERSIONS)
def version(request):
    return request.param


@pytest.fixture(scope="session")
def shells(tmp_path_factory):
    """Returns the shell of a version for whoever logged in. It stays for the next scenario."""
    running = {}

    def shell(version, login):
        if (version, login) not in running:
            address = f"webhdfs://{login.host}:{login.port}"
            folder = tmp_path_factory.mktemp("hadoop") / login.user
            hadoop = Hadoop(version, folder, {"fs.defaultFS": address}, login.hadoop)
            running[version, login] = Shell(hadoop, address)
        return running[version, login]

    yield shell
    for s in running.values():
        s.close()


@pytest.fixture
def sh(shells, version, alice):
    """alice's shell."""
    return shells(version, alice)


@pytest.fixture
def as_bob(shells, version, bob):
    return shells(version, bob)


@pytest.fixture
def as_root(shells, version, alice):
    """The shell of the superuser, whom only the server that believes names lets in."""
    assert alice.token is None
    return shells(version, dataclasses.replace(alice, user="root"))


@pytest.fixture
def here(sh, name):
    """A new folder of alice's, to which everybody gets."""
    path = f"/tmp/{name}"
    sh("-mkdir", "-p", path)
    return path
