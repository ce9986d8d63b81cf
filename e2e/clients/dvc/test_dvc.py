"""DVC, the program, with a remote on webhdfs."""

import os
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

CLIENT = "DVC"
VERSION = f"{version('dvc')}, dvc-webhdfs {version('dvc-webhdfs')}"


class Failed(Exception):
    """What dvc says when it fails."""


class Project:
    """A project of somebody's in a local folder, whose remote is a folder of the service."""

    def __init__(self, folder, person, place):
        self.folder = folder
        self.folder.mkdir()
        self.dvc("init", "--no-scm")
        self.dvc("remote", "add", "--default", "store", person.uri(place))
        for name, value in person.fsspec.items():
            self.dvc("remote", "modify", "--local", "store", name, value)

    def dvc(self, *arguments):
        done = subprocess.run(
            [sys.executable, "-m", "dvc", *arguments],
            cwd=self.folder,
            env=os.environ | {"DVC_NO_ANALYTICS": "1", "DVC_SITE_CACHE_DIR": str(self.folder.parent / "site")},
            capture_output=True,
            text=True,
            timeout=120,
        )
        if done.returncode != 0:
            raise Failed(done.stdout + done.stderr)
        return done.stdout + done.stderr

    def forget(self):
        """Removes all content from here, as in a new clone."""
        for file in sorted([*(self.folder / ".dvc" / "cache").rglob("*"), *(self.folder / "data").rglob("*")], reverse=True):
            file.chmod(0o700)
            file.rmdir() if file.is_dir() else file.unlink()


@pytest.fixture
def project(tmp_path, alice, place):
    return Project(tmp_path / "project", alice, f"{place}/store")


FILES = {"a.csv": b"a,b\n1,2\n" * 50_000, "sub/b.bin": bytes(range(256)) * 300, "sub/empty": b"", "sub/zw\u00f6lf": b"12"}


def write(folder, files):
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def contents(folder):
    return {str(f.relative_to(folder)): f.read_bytes() for f in folder.rglob("*") if f.is_file()}


def stored(alice, place):
    """The MD5s under which content is in the store."""
    found = []
    for start in alice.ask("GET", f"{place}/store/files/md5", op="LISTSTATUS").json()["FileStatuses"]["FileStatus"]:
        below = f"{place}/store/files/md5/{start['pathSuffix']}"
        found += [
            start["pathSuffix"] + f["pathSuffix"]
            for f in alice.ask("GET", below, op="LISTSTATUS").json()["FileStatuses"]["FileStatus"]
        ]
    return found


def test_push_and_pull(project, alice, place):
    write(project.folder / "data", FILES)
    project.dvc("add", "data")
    assert "new" in project.dvc("status", "--cloud")
    assert "5 files pushed" in project.dvc("push")
    assert len(stored(alice, place)) == len(FILES) + 1, "each content, and the list of them"
    assert "in sync" in project.dvc("status", "--cloud")
    assert "up to date" in project.dvc("push")

    project.forget()
    assert contents(project.folder / "data") == {}
    project.dvc("pull", "--force")
    assert contents(project.folder / "data") == FILES


def test_gc(project, alice, place):
    """What no version in the workspace needs goes from here. From a store on webhdfs, HDFS's too, DVC removes nothing: it
    hands a list of files to fsspec, which takes one there."""
    write(project.folder / "data", FILES)
    project.dvc("add", "data")
    project.dvc("push")
    (project.folder / "data" / "a.csv").unlink()
    (project.folder / "data" / "a.csv").write_bytes(b"shorter\n")
    project.dvc("add", "data")
    project.dvc("push")
    before = stored(alice, place)
    assert "Removed 2 objects" in project.dvc("gc", "--workspace", "--force")
    with pytest.raises(Failed, match="got 'list'"):
        project.dvc("gc", "--workspace", "--cloud", "--force")
    assert stored(alice, place) == before
    project.forget()
    project.dvc("pull", "--force")
    assert contents(project.folder / "data") == FILES | {"a.csv": b"shorter\n"}


def test_import(project, alice, place):
    """Follows a file of the service: by its checksum DVC knows when there is another."""
    project.dvc("remote", "modify", "store", "url", alice.uri(place))
    alice.put(f"{place}/source.csv", b"first\n")
    project.dvc("import-url", "remote://store/source.csv", "local.csv")
    seen = set()
    for content in (b"first\n", b"second\n", b"second\n"):
        alice.put(f"{place}/source.csv", content)
        project.dvc("update", "local.csv.dvc")
        assert (project.folder / "local.csv").read_bytes() == content
        seen.add(re.search(r"^- checksum: ([0-9a-f]{64})$", (project.folder / "local.csv.dvc").read_text(), re.MULTILINE)[1])
    assert len(seen) == 2


def test_what_is_refused(project, tmp_path, bob, place):
    write(project.folder / "data", {"file": b"x"})
    project.dvc("add", "data")
    project.dvc("push")
    stranger = Project(tmp_path / "other", bob, f"{place}/store")
    write(stranger.folder / "data", {"file": b"stolen"})
    stranger.dvc("add", "data")
    with pytest.raises(Failed, match="user=bob|403"):
        stranger.dvc("push")
    Path(stranger.folder / "data.dvc").write_text(Path(project.folder / "data.dvc").read_text())
    with pytest.raises(Failed):
        stranger.dvc("pull", "--force")
    project.forget()
    project.dvc("pull", "--force")
    assert contents(project.folder / "data") == {"file": b"x"}
