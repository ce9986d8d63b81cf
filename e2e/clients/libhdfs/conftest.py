"""What libhdfs looks for in the environment. It starts a JVM in the process of its client, which takes alice's token to the
server that it is for, and says to the other that it is alice.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HADOOP = Path(sys.prefix) / "hadoop"

os.environ |= {
    "JAVA_HOME": str(Path(shutil.which("javac")).resolve().parents[1]),
    "HADOOP_HOME": str(HADOOP),
    "PATH": f"{HADOOP}/bin:{os.environ['PATH']}",
    "ARROW_LIBHDFS_DIR": f"{sys.prefix}/libhdfs",
    "CLASSPATH": subprocess.check_output([HADOOP / "bin" / "hadoop", "classpath", "--glob"], text=True),
    "LIBHDFS_OPTS": "-Xmx512m -XX:+UseSerialGC",
    "HADOOP_TOKEN_FILE_LOCATION": os.environ["GRANARY_TOKEN_FILE_ALICE"],
    "HADOOP_USER_NAME": "alice",
    "LOGNAME": "alice",  # whom pydoop takes for its user
    "LC_ALL": "C.UTF-8",  # or the JVM would take local names for ASCII
}

pytest.register_assert_rewrite("pydoop_scenarios")


def configure(folder, login):
    """Makes a server the default file system of this process, and of those that it starts."""
    folder.mkdir()
    (folder / "core-site.xml").write_text(
        f"<configuration><property><name>fs.defaultFS</name><value>webhdfs://{login.host}:{login.port}</value></property>"
        "</configuration>"
    )
    (folder / "log4j.properties").write_text(
        "log4j.rootLogger=ERROR,err\nlog4j.appender.err=org.apache.log4j.ConsoleAppender\n"
        "log4j.appender.err.target=System.err\nlog4j.appender.err.layout=org.apache.log4j.SimpleLayout\n"
    )
    os.environ["HADOOP_CONF_DIR"] = str(folder)


@pytest.fixture
def hdfs(alice, tmp_path_factory):
    """The module pydoop.hdfs, for which alice's server is the default. It knows one default in a process."""
    if "pydoop" not in sys.modules:
        configure(tmp_path_factory.getbasetemp() / "configuration", alice)
    import pydoop.hdfs

    assert pydoop.hadoop_params()["fs.defaultFS"] == f"webhdfs://{alice.host}:{alice.port}"
    return pydoop.hdfs
