"""The command lines of Hadoop's clients, run in a JVM that stays."""

import os
import struct
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

VERSIONS = (Path(__file__).parent / "versions.txt").read_text().split()
if os.environ.get("QUICK") == "1":
    VERSIONS = VERSIONS[:1]

# Hadoop's libraries reach into these packages, which Java keeps closed.
OPENS = [f"--add-opens=java.base/java.{name}=ALL-UNNAMED" for name in ("lang", "lang.reflect", "io", "net", "nio", "util")]

# Warnings and the counters of a job go to standard error, as they do for whoever sits at a terminal.
LOG = """
log4j.rootLogger=WARN,err
log4j.appender.err=org.apache.log4j.ConsoleAppender
log4j.appender.err.target=System.err
log4j.appender.err.follow=true
log4j.appender.err.layout=org.apache.log4j.PatternLayout
log4j.appender.err.layout.ConversionPattern=%p %c{1}: %m%n
log4j.logger.org.apache.hadoop.util.NativeCodeLoader=ERROR
log4j.logger.org.apache.hadoop.metrics2=ERROR
log4j.logger.org.apache.hadoop.mapreduce.Job=INFO
"""


def configuration(settings):
    """A Hadoop configuration file."""
    lines = [f"<property><name>{name}</name><value>{value}</value></property>" for name, value in settings.items()]
    return "\n".join(["<configuration>", *lines, "</configuration>"])


@dataclass(frozen=True)
class Reply:
    status: int
    out: str
    err: str


class Hadoop:
    """Hadoop of one version in the hands of one user, with settings in a new folder, or with those that are in one."""

    def __init__(self, version, folder, settings, environment):
        if settings is not None:
            folder.mkdir()
            (folder / "core-site.xml").write_text(configuration(settings))
            (folder / "log4j.properties").write_text(LOG)
        home = Path(sys.prefix) / f"hadoop-{version}"
        self._java = ["java", "-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Duser.timezone=UTC", *OPENS]
        self._java += ["-cp", f"{folder}:{home}/classes:{home}/lib/*"]
        self._environment = {**os.environ, "LC_ALL": "C.UTF-8", **environment}  # or local names would be ASCII
        self._jvm = None

    def start(self, *arguments, **pipes):
        """Runs a main class in a JVM of its own."""
        return subprocess.Popen([*self._java, *arguments], env=self._environment, **pipes)

    def run(self, *line, stdin=b""):
        """Runs a command line, such as ("fs", "-ls", "/"), in the JVM for all of them."""
        if self._jvm is None:
            self._jvm = self.start("Commands", stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        request = struct.pack(">i", len(line))
        for text in [*(argument.encode() for argument in line), stdin]:
            request += struct.pack(">i", len(text)) + text
        self._jvm.stdin.write(request)
        self._jvm.stdin.flush()
        status = self._number()
        out, err = (self._read(self._number()).decode() for _ in range(2))
        return Reply(status, out, err)

    def _number(self):
        return struct.unpack(">i", self._read(4))[0]

    def _read(self, size):
        text = self._jvm.stdout.read(size)
        assert len(text) == size, f"the JVM ended: {self._jvm.wait()}"
        return text

    def close(self):
        """Ends the JVM."""
        if self._jvm is not None:
            self._jvm.stdin.close()
            status = self._jvm.wait(60)
            assert status == 0, f"the JVM ended with {status}"
