"""The lines that the file manager shows, as they are: for pandas, the package hdfs, TensorBoard and curl."""

import os
import subprocess
import sys

import hdfs
import pytest

CLIENT = "lines of the file manager: hdfs (hdfscli), pandas, curl"
VERSION = hdfs.__version__


@pytest.fixture
def run(service, shown, tmp_path):
    """Runs the only piece of a way and a deed, and returns what it printed."""

    def run(way, deed, *program):
        [text] = shown(way, deed)
        environment = {k: v for k, v in os.environ.items() if not k.startswith("GRANARY_")} | {"GRANARY_TOKEN": service.token}
        done = subprocess.run([*program, text], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, f"{text}\n{done}"
        return done.stdout

    return run


def test_pandas(run, service, inside):
    python = (sys.executable, "-c")
    run("pandas", "write", *python)
    assert service.alice.content(f"{inside}/ages.csv") == b"name,age\nAda,36\nGrace,45\n"
    assert run("pandas", "read the folder", *python) == f"{inside}/ages.csv (2, 2)\n"
    assert run("pandas", "read a table", *python).split() == ["name", "age", "0", "Ada", "36", "1", "Grace", "45"]
    service.alice.put(f"{inside}/hello.txt", b"hello\n")
    assert run("pandas", "read a file", *python) == "b'hello\\n'\n"


def test_hdfs(run, service, inside):
    python = (sys.executable, "-c")
    run("hdfs", "write", *python)
    assert service.alice.content(f"{inside}/hello.txt") == b"hello\n"
    assert run("hdfs", "read the folder", *python) == "hello.txt\n"
    assert run("hdfs", "read a file", *python) == "b'hello\\n'\n"


def test_curl(run, service, inside, tmp_path):
    bash = ("bash", "-c")
    run("curl", "write", *bash)
    assert service.alice.content(f"{inside}/hello.txt") == b"hello\n"
    assert '"pathSuffix":"hello.txt"' in run("curl", "read the folder", *bash)
    (tmp_path / "hello.txt").unlink()
    run("curl", "read a file", *bash)
    assert (tmp_path / "hello.txt").read_text() == "hello\n"
