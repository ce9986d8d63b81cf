"""What is installed on the machine of somebody who logs in: a JDK, and Hadoop as pydoop takes it for one."""

import os
import shutil
import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def installed():
    """The variables that an installation of Hadoop sets. None says anything of a service."""
    hadoop = Path(sys.prefix) / "hadoop"
    return {
        "JAVA_HOME": str(Path(shutil.which("javac")).resolve().parents[1]),
        "HADOOP_HOME": str(hadoop),
        "PATH": f"{hadoop}/bin:{os.environ['PATH']}",
        "LIBHDFS_OPTS": "-Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1",
        "LC_ALL": "C.UTF-8",
    }
