"""pydoop after granary login."""

import sys
from importlib.metadata import version

CLIENT = "after granary login: pydoop"
VERSION = version("pydoop")

CODE = """
import pydoop.hdfs as hdfs

for i in range(5):
    hdfs.dump(f"file {i}", f"{inside}/{i}")
with hdfs.open(f"{inside}/0", "at") as f:
    f.write(" and more")
print([hdfs.load(f"{inside}/{i}", mode="rt") for i in range(5)])
print(sorted(p.rpartition("/")[2] for p in hdfs.ls(inside)))
try:
    hdfs.ls("/user/alice")
except OSError as e:
    print("refused")
"""


def test_read_and_write(home, service, inside, installed):
    """Inside its project, and not outside it."""
    said = home.run(sys.executable, "-c", f"inside = {inside!r}\n{CODE}", **installed)
    files = ["file 0 and more", "file 1", "file 2", "file 3", "file 4"]
    assert said.splitlines() == [str(files), str(["0", "1", "2", "3", "4"]), "refused"]
    assert service.alice.content(f"{inside}/0") == b"file 0 and more"
