"""DistCp between Granary and a real HDFS, both ways, and within Granary. It compares the checksums of both servers."""

import os
import random
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from hadoop import VERSIONS, Hadoop

CLIENT = "DistCp"
VERSION = ", ".join(VERSIONS)

# The project's script that starts a real HDFS.
HDFS = Path(__file__).parents[3] / "bench" / "hdfs"


def free_ports(count):
    """The first of as many free ports in a row."""
    for first in range(29_000, 32_000, count):
        held = []
        try:
            for port in range(first, first + count):
                held.append(socket.create_server(("127.0.0.1", port)))
            return first
        except OSError:
            continue
        finally:
            for s in held:
                s.close()
    raise OSError(f"no {count} free ports in a row")


@pytest.fixture(scope="session")
def hdfs(tmp_path_factory):
    """The address of a real HDFS for Hadoop's clients, in which everybody may write into /tmp."""
    folder = tmp_path_factory.mktemp("hdfs")
    port = free_ports(6)
    settings = {"HDFS_PORT": str(port), "HDFS_HEAP": "512m", "HADOOP_JARS": f"{sys.prefix}/hdfs"}
    try:
        subprocess.run([HDFS / "start.sh", folder], env={**os.environ, **settings}, check=True)
        yield f"hdfs://127.0.0.1:{port + 1}"
    finally:
        subprocess.run([HDFS / "stop.sh", folder], check=True)


@pytest.fixture(scope="session")
def clients(tmp_path_factory):
    """Returns Hadoop of a version for whoever logged in. It stays for the next scenario."""
    running = {}

    def client(version, login):
        if (version, login) not in running:
            folder = tmp_path_factory.mktemp("hadoop")
            settings = {
                "fs.defaultFS": f"webhdfs://{login.host}:{login.port}",
                "hadoop.tmp.dir": folder / "tmp",
                "dfs.replication": 1,  # the HDFS has one DataNode
            }
            # To HDFS, alice is who says so.
            who = {"HADOOP_USER_NAME": login.user, **login.hadoop}
            running[version, login] = Hadoop(version, folder / login.user, settings, who)
        return running[version, login]

    yield client
    for c in running.values():
        c.close()


@pytest.fixture
def hadoop(clients, version, alice):
    """Hadoop in alice's hands."""
    return clients(version, alice)


@pytest.fixture
def granary(hadoop, name):
    """The path of a new folder of alice's in Granary, which is the default file system."""
    fs(hadoop, "-mkdir", f"/user/alice/{name}")
    return f"/user/alice/{name}"


@pytest.fixture
def there(hadoop, hdfs, name):
    """The URI of a new folder of alice's in HDFS."""
    fs(hadoop, "-mkdir", f"{hdfs}/tmp/{name}")
    return f"{hdfs}/tmp/{name}"


@pytest.fixture
def tree(tmp_path):
    """A local tree of files of all sizes."""
    folder = tmp_path / "tree"
    for i, size in enumerate([0, 1, 513, 65_536, 65_537, 1_000_000, 5_000_000]):
        path = folder / f"folder{i % 3}" / f"file {i}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(random.Random(i).randbytes(size))
    (folder / "empty").mkdir()
    return folder


def fs(hadoop, *arguments, stdin=b""):
    reply = hadoop.run("fs", *map(str, arguments), stdin=stdin)
    assert reply.status == 0, f"{arguments}: {reply}"
    return reply.out


def distcp(hadoop, *arguments):
    """Copies, and returns how many files were copied and how many were left as they were."""
    reply = hadoop.run("distcp", *map(str, arguments))
    assert reply.status == 0, f"{arguments}: {reply}"
    counters = dict(re.findall(r"^\s*(Files Copied|Files Skipped)=(\d+)$", reply.err, re.M))
    assert "DistCp Counters" in reply.err, reply
    return int(counters.get("Files Copied", 0)), int(counters.get("Files Skipped", 0))


def check(hadoop, folder, tree, tmp_path):
    """Fetches a folder and compares it with the local tree."""
    back = tmp_path / f"back{len(list(tmp_path.iterdir()))}"
    fs(hadoop, "-get", folder, back)
    found, wanted = (sorted(str(p.relative_to(top)) for p in top.rglob("*")) for top in (back, tree))
    assert found == wanted
    for file in filter(lambda f: (tree / f).is_file(), wanted):
        assert (back / file).read_bytes() == (tree / file).read_bytes(), file


@pytest.mark.parametrize("way", ["to HDFS", "from HDFS", "within"])
def test_copy(hadoop, granary, there, tree, tmp_path, way):
    source, target = {"to HDFS": (granary, there), "from HDFS": (there, granary), "within": (granary, granary)}[way]
    source, target = f"{source}/source", f"{target}/target"
    fs(hadoop, "-put", tree, source)
    assert distcp(hadoop, source, target) == (7, 0)
    check(hadoop, target, tree, tmp_path)

    assert distcp(hadoop, "-update", source, target) == (0, 7), "the checksums differ"

    # As long as before, so that only the checksum tells.
    changed = random.Random("changed").randbytes(65_537)
    (tree / "folder1" / "file 4").write_bytes(changed)
    fs(hadoop, "-put", "-f", tree / "folder1" / "file%204", f"{source}/folder1/file 4")
    (tree / "folder0" / "file 0").unlink()
    fs(hadoop, "-rm", "-skipTrash", f"{source}/folder0/file 0")
    assert distcp(hadoop, "-update", "-delete", source, target) == (1, 5)
    check(hadoop, target, tree, tmp_path)


def test_growing(hadoop, granary, there, tree, tmp_path):
    """-append sends only what has come since, and compares the checksum of what was there."""
    fs(hadoop, "-put", tree, f"{there}/source")
    distcp(hadoop, "-update", f"{there}/source", f"{granary}/target")
    with open(tree / "folder0" / "file 6", "ab") as f:
        f.write(b"more")
    fs(hadoop, "-appendToFile", "-", f"{there}/source/folder0/file 6", stdin=b"more")
    assert distcp(hadoop, "-update", "-append", f"{there}/source", f"{granary}/target") == (1, 6)
    check(hadoop, f"{granary}/target", tree, tmp_path)


def test_preserving(hadoop, granary, there, tree):
    fs(hadoop, "-put", tree, f"{there}/source")
    file = "folder1/file 1"
    fs(hadoop, "-chmod", "640", f"{there}/source/{file}")
    fs(hadoop, "-setrep", "2", f"{there}/source/{file}")
    fs(hadoop, "-setfattr", "-n", "user.tag", "-v", "blue", f"{there}/source/{file}")
    fs(hadoop, "-setfacl", "-m", "user:bob:r--", f"{there}/source/{file}")
    fs(hadoop, "-touch", "-t", "20200229:010203", f"{there}/source/{file}")
    distcp(hadoop, "-prbpaxt", f"{there}/source", f"{granary}/target")
    for command in [["-stat", "%a %r %o %y"], ["-getfattr", "-d"], ["-getfacl"]]:
        ours, theirs = (fs(hadoop, *command, f"{top}/{file}") for top in (f"{granary}/target", f"{there}/source"))
        assert without_names(ours) == without_names(theirs)


def without_names(text):
    """Leaves out the lines about which file it is and whose."""
    return [line for line in text.splitlines() if not line.startswith("#")]
