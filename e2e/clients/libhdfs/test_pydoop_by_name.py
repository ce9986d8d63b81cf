"""pydoop by name."""

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from pydoop_scenarios import *  # noqa: F403

CLIENT = "pydoop"
VERSION = version("pydoop")

pytestmark = pytest.mark.parametrize("authentication", ["user.name"])


def test_published_tests(hdfs):
    """The tests of hdfs in pydoop's source, in a process of their own, in which they leave things. Some name the user, to whom
    libhdfs does not give the token of whoever started the process."""
    source = Path(sys.prefix) / "pydoop" / "test" / "hdfs"
    script = Path(__file__).parent / "published.py"
    done = subprocess.run([sys.executable, script], cwd=source, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
