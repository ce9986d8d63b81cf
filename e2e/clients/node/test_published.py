"""The tests that are published with the npm package webhdfs, see published.js."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from conftest import Login

CLIENT = "webhdfs (npm), its own 20 tests in one"
MODULES = Path(sys.prefix) / "node_modules"
VERSION = json.loads((MODULES / "webhdfs" / "package.json").read_text())["version"]


def mocha(simple_url):
    return subprocess.run(
        [Path(sys.prefix) / "bin" / "node", MODULES / "mocha" / "bin" / "_mocha"]
        + [
            "--require",
            Path(__file__).parent / "published.js",
            "--reporter",
            "json",
            MODULES / "webhdfs" / "test" / "webhdfs.js",
        ],
        env=os.environ | {"GRANARY_SIMPLE_URL": simple_url, "NODE_NO_WARNINGS": "1"},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_mocha(simple_url):
    # A folder in which anybody may write, and a file that is asked about without having been written: their server has
    # neither rights nor missing files.
    root = Login(simple_url, "root", None)
    root.ask("PUT", "/files", op="MKDIRS")
    root.ask("PUT", "/files", op="SETPERMISSION", permission="777")
    root.ask("PUT", "/file-2", op="CREATE", overwrite="true", data="true")
    # Their server has a port of its own, 45000, which for a moment may be that of anybody's connection.
    for _ in range(30):
        done = mocha(simple_url)
        if "EADDRINUSE" not in done.stdout + done.stderr:
            break
        time.sleep(1)
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(done.stdout[done.stdout.index("{") :])["stats"]
    assert (found["tests"], found["passes"], found["failures"], found["pending"]) == (20, 20, 0, 0)
