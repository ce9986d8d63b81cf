"""gowfs, a client for Go. What it does stands in gowfs_test.go; each test there is one here, for each way to log in. A token
is the password of a login."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

CLIENT = "gowfs (Go)"
VERSION = re.search(r"^require (github\.com/glutamatt/gowfs v\S+)", Path("go.mod").read_text(), re.MULTILINE)[1]

PROGRAM = Path(sys.prefix) / "bin" / "gowfs.test"


def all_tests():
    listed = subprocess.run([PROGRAM, "-test.list", "."], capture_output=True, text=True, check=True).stdout.split()
    assert listed, "gowfs_test.go has no tests"
    return listed


@pytest.mark.parametrize("test", all_tests())
def test_client(test, alice, bob, place):
    done = subprocess.run(
        [PROGRAM, "-test.run", f"^{test}$", "-test.v"],
        env=os.environ
        | {"GOWFS_ADDRESS": f"{alice.host}:{alice.port}", "GOWFS_FOLDER": place}
        | {"GOWFS_ALICE": alice.token or "", "GOWFS_BOB": bob.token or ""},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0 and f"--- PASS: {test} " in done.stdout, done.stdout + done.stderr


def test_published(simple_url, tmp_path):
    """The program that gowfs is tested with against a real HDFS. It gives files away, which needs a superuser."""
    (tmp_path / "local.txt").write_text("Well, Prince, so Genoa and Lucca are now just family estates.\n" * 10_000)
    done = subprocess.run(
        [Path(sys.prefix) / "bin" / "test-hdfs", "-namenode", simple_url.removeprefix("http://"), "-user", "root"]
        + ["-path", "/user/alice", "-testdata", "local.txt"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0 and "has been removed Ok" in done.stderr, done.stdout + done.stderr
