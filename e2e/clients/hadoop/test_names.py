"""hadoop fs: the commands that deal with names. What they must print was compared with a real HDFS 3.4.2."""

from urllib.parse import quote

import pytest
from hadoop import VERSIONS

CLIENT = "hadoop fs"
VERSION = ", ".join(VERSIONS)

# A time that does not pass.
THEN = "20200229:010203"


@pytest.fixture
def tree(sh, alice, here):
    """a and b/c, b/d/e with 1, 2 and 3 bytes, all of one time."""
    sh("-mkdir", "-p", f"{here}/b/d")
    for path, text in [("a", b"1"), ("b/c", b"22"), ("b/d/e", b"333")]:
        sh("-put", "-", f"{here}/{path}", stdin=text)
    for path in ["a", "b/c", "b/d/e", "b/d", "b"]:  # -touch of 3.3 refuses folders
        alice.ask("PUT", f"{here}/{path}", op="SETTIMES", modificationtime=1_582_938_123_000)
    sh("-chgrp", "-R", "staff", here)
    return here


def names(sh, *arguments):
    """What ls -C prints, as a list."""
    return sh("-ls", "-C", *arguments).splitlines()


def test_mkdir(sh, here):
    assert sh("-mkdir", f"{here}/a", f"{here}/b") == ""
    assert sh.refused("-mkdir", f"{here}/a") == f"mkdir: `{here}/a': File exists\n"
    assert sh("-mkdir", "-p", f"{here}/a", f"{here}/x/y/z") == ""
    assert sh.refused("-mkdir", f"{here}/no/such") == f"mkdir: `{here}/no': No such file or directory\n"
    sh("-touchz", f"{here}/file")
    assert sh.refused("-mkdir", f"{here}/file") == f"mkdir: `{here}/file': Is not a directory\n"
    assert names(sh, here) == [f"{here}/a", f"{here}/b", f"{here}/file", f"{here}/x"]


def test_rmdir(sh, here):
    sh("-mkdir", "-p", f"{here}/a", f"{here}/b/c")
    assert sh("-rmdir", f"{here}/a") == ""
    assert sh.refused("-rmdir", f"{here}/b") == f"rmdir: `{here}/b': Directory is not empty\n"
    assert sh("-rmdir", "--ignore-fail-on-non-empty", f"{here}/b") == ""
    assert sh.refused("-rmdir", f"{here}/a") == f"rmdir: `{here}/a': No such file or directory\n"
    sh("-touchz", f"{here}/file")
    assert sh.refused("-rmdir", f"{here}/file") == f"rmdir: `{here}/file': Is not a directory\n"
    assert names(sh, here) == [f"{here}/b", f"{here}/file"]


def test_ls(sh, tree):
    assert sh("-ls", tree) == (
        "Found 2 items\n"
        f"-rw-r--r--   3 alice staff          1 2020-02-29 01:02 {tree}/a\n"
        f"drwxr-xr-x   - alice staff          0 2020-02-29 01:02 {tree}/b\n"
    )
    assert sh("-ls", "-R", f"{tree}/b") == (
        f"-rw-r--r--   3 alice staff          2 2020-02-29 01:02 {tree}/b/c\n"
        f"drwxr-xr-x   - alice staff          0 2020-02-29 01:02 {tree}/b/d\n"
        f"-rw-r--r--   3 alice staff          3 2020-02-29 01:02 {tree}/b/d/e\n"
    )
    assert sh("-ls", "-d", f"{tree}/b") == f"drwxr-xr-x   - alice staff          0 2020-02-29 01:02 {tree}/b\n"
    assert sh("-ls", f"{tree}/a") == f"-rw-r--r--   3 alice staff          1 2020-02-29 01:02 {tree}/a\n"
    assert names(sh, "-R", tree) == [f"{tree}/{n}" for n in ("a", "b", "b/c", "b/d", "b/d/e")]
    assert sh("-ls", f"{tree}/b/*/e") == f"-rw-r--r--   3 alice staff          3 2020-02-29 01:02 {tree}/b/d/e\n"
    assert sh.refused("-ls", f"{tree}/none") == f"ls: `{tree}/none': No such file or directory\n"
    assert sh("-ls", "-e", f"{tree}/a") == f"-rw-r--r--   3 alice staff Replicated          1 2020-02-29 01:02 {tree}/a\n"


def test_ls_sorted(sh, here):
    for size, (name, time) in enumerate([("old", "20200101:000000"), ("new", "20220101:000000"), ("mid", "20210101:000000")]):
        sh("-put", "-", f"{here}/{name}", stdin=b"x" * 2000 * size)
        sh("-touch", "-t", time, f"{here}/{name}")
    sh("-touch", "-a", "-t", "20230101:000000", f"{here}/old")
    assert names(sh, "-t", here) == [f"{here}/{n}" for n in ("new", "mid", "old")]
    assert names(sh, "-t", "-r", here) == [f"{here}/{n}" for n in ("old", "mid", "new")]
    assert names(sh, "-t", "-u", here) == [f"{here}/{n}" for n in ("old", "new", "mid")]
    assert names(sh, "-S", here) == [f"{here}/{n}" for n in ("mid", "new", "old")]
    assert [line.split()[4:6] for line in sh("-ls", "-h", here).splitlines()[1:]] == [
        ["3.9", "K"],
        ["2.0", "K"],
        ["0", "2020-01-01"],
    ]


def test_ls_of_many(sh, here, tmp_path):
    """A listing of more than one page."""
    local = tmp_path / "many"
    local.mkdir()
    for i in range(1101):
        (local / f"{i:04}").touch()
    sh("-put", "-t", "8", local, here)
    assert names(sh, f"{here}/many") == [f"{here}/many/{i:04}" for i in range(1101)]
    assert sh("-count", f"{here}/many").split()[:3] == ["1", "1101", "0"]


def test_odd_names(sh, here, tmp_path):
    odd = ["with space", "größe", "日本", "a+b&c=d", "per%20cent", "semi;colon", "hash#tag", "quote'\"", "~tilde@"]
    for n in odd:
        (tmp_path / n).write_text(n)
        sh("-put", f"{tmp_path}/{quote(n)}", here)  # the argument is a URI
    assert sorted(names(sh, here)) == sorted(f"{here}/{n}" for n in odd)
    for n in odd:
        assert sh("-cat", f"{here}/{n}") == n


def test_mv(sh, tree):
    assert sh("-mv", f"{tree}/a", f"{tree}/b") == ""
    assert sh("-mv", f"{tree}/b/a", f"{tree}/b/c", f"{tree}/b/d") == ""
    assert sorted(names(sh, f"{tree}/b/d")) == [f"{tree}/b/d/{n}" for n in "ace"]
    assert sh("-mv", f"{tree}/b/d", f"{tree}/renamed") == ""
    assert names(sh, tree) == [f"{tree}/b", f"{tree}/renamed"]
    sh("-touchz", f"{tree}/there")
    assert sh.refused("-mv", f"{tree}/renamed/a", f"{tree}/there") == f"mv: `{tree}/there': File exists\n"
    assert sh.refused("-mv", f"{tree}/none", f"{tree}/x") == f"mv: `{tree}/none': No such file or directory\n"
    assert (
        sh.refused("-mv", f"{tree}/renamed", f"{tree}/renamed/inside")
        == f"mv: `{tree}/renamed' to `{tree}/renamed/inside': is a subdirectory of itself\n"
    )
    assert (
        sh.refused("-mv", f"{tree}/there", f"{tree}/no/such")
        == f"mv: `{tree}/no/such': No such file or directory: `{tree}/no/such'\n"
    )
    assert sh("-cat", f"{tree}/renamed/*") == "122333"


def test_cp(sh, tree):
    assert sh("-cp", f"{tree}/a", f"{tree}/copy") == ""
    assert sh.refused("-cp", f"{tree}/b/c", f"{tree}/copy") == f"cp: `{tree}/copy': File exists\n"
    assert sh("-cp", "-f", f"{tree}/b/c", f"{tree}/copy") == ""
    assert sh("-cat", f"{tree}/copy") == "22"
    assert sh("-cp", "-f", "-d", f"{tree}/b/d/e", f"{tree}/copy") == ""
    assert sh("-cat", f"{tree}/copy") == "333"
    assert sh("-cp", f"{tree}/b", f"{tree}/tree") == ""
    assert sorted(n.removeprefix(f"{tree}/tree/") for n in names(sh, "-R", f"{tree}/tree")) == ["c", "d", "d/e"]
    assert sh.refused("-cp", f"{tree}/b", f"{tree}/b/d") == f"cp: `{tree}/b' to `{tree}/b/d/b': is a subdirectory of itself\n"
    assert sh.refused("-cp", f"{tree}/none", f"{tree}/x") == f"cp: `{tree}/none': No such file or directory\n"
    assert names(sh, tree) == [f"{tree}/{n}" for n in ("a", "b", "copy", "tree")]


def test_cp_preserving(sh, tree):
    sh("-chmod", "640", f"{tree}/a")
    sh("-setfacl", "-m", "user:bob:r--", f"{tree}/a")
    sh("-setfattr", "-n", "user.tag", "-v", "blue", f"{tree}/a")
    assert sh("-cp", "-p", f"{tree}/a", f"{tree}/copy") == ""
    assert sh("-stat", "%u %g %a %y", f"{tree}/copy") == sh("-stat", "%u %g %a %y", f"{tree}/a")
    sh("-cp", "-ptopax", f"{tree}/a", f"{tree}/all")
    for command in ["-getfacl", "-getfattr"]:
        more = ["-d"] if command == "-getfattr" else []
        assert sh(command, *more, f"{tree}/all") == sh(command, *more, f"{tree}/a").replace(f"{tree}/a", f"{tree}/all")


def test_rm(sh, tree):
    assert sh("-rm", "-skipTrash", f"{tree}/a") == f"Deleted {tree}/a\n"
    assert sh.refused("-rm", "-skipTrash", f"{tree}/b") == f"rm: `{tree}/b': Is a directory\n"
    assert sh.refused("-rm", f"{tree}/none") == f"rm: `{tree}/none': No such file or directory\n"
    assert sh("-rm", "-f", f"{tree}/none") == ""
    assert sh("-rm", "-r", "-skipTrash", f"{tree}/b/*") == f"Deleted {tree}/b/c\nDeleted {tree}/b/d\n"
    assert names(sh, tree) == [f"{tree}/b"]


def test_rm_safely(sh, tree):
    few = ["-D", "hadoop.shell.safely.delete.limit.num.files=1"]
    question = "Proceed deleting 3 files? (Y or N) "
    aborted = f"{question}Delete aborted at user request.\n\n"
    assert sh(*few, "-rm", "-r", "-safely", "-skipTrash", tree, stdin=b"N\n", err=aborted) == ""
    assert names(sh, tree) == [f"{tree}/a", f"{tree}/b"]
    assert sh(*few, "-rm", "-r", "-safely", "-skipTrash", tree, stdin=b"Y\n", err=question) == f"Deleted {tree}\n"
    assert sh.refused("-ls", tree) == f"ls: `{tree}': No such file or directory\n"


def test_trash(sh, tree):
    trash = "/user/alice/.Trash/Current"
    assert sh("-rm", f"{tree}/a") == ""
    assert sh("-cat", f"{trash}{tree}/a") == "1"
    sh("-rm", "-r", f"{tree}/b")
    assert sh("-cat", f"{trash}{tree}/b/d/e") == "333"
    sh("-mv", f"{trash}{tree}/a", tree)
    assert names(sh, tree) == [f"{tree}/a"]


def test_expunge(sh, tree):
    sh("-rm", f"{tree}/a")
    sh("-expunge", "-immediate")
    assert sh.run("-ls", "-R", "/user/alice/.Trash").out == ""


def test_find(sh, tree):
    everything = [tree, f"{tree}/a", f"{tree}/b", f"{tree}/b/c", f"{tree}/b/d", f"{tree}/b/d/e"]
    assert sorted(sh("-find", tree).splitlines()) == everything
    assert sh("-find", tree, "-name", "[ce]", "-print") == f"{tree}/b/c\n{tree}/b/d/e\n"
    assert sh("-find", tree, "-iname", "E", "-print0") == f"{tree}/b/d/e\0"
    assert sh("-find", f"{tree}/b", "-name", "c", "-a", "-name", "d") == ""
    assert sh.refused("-find", f"{tree}/none") == f"find: `{tree}/none': No such file or directory\n"


def test_test(sh, as_bob, tree):
    for flag, path, status in [
        ("-e", "a", 0),
        ("-e", "none", 1),
        ("-d", "b", 0),
        ("-d", "a", 1),
        ("-f", "a", 0),
        ("-f", "b", 1),
        ("-s", "a", 0),
        ("-s", "empty", 1),
        ("-z", "empty", 0),
        ("-z", "a", 1),
        ("-r", "a", 0),
        ("-w", "a", 0),
    ]:
        if path == "empty":
            sh("-touchz", f"{tree}/empty")
        assert sh.run("-test", flag, f"{tree}/{path}").status == status, (flag, path)
    assert as_bob.run("-test", "-r", f"{tree}/a").status == 0
    assert as_bob.run("-test", "-w", f"{tree}/a").status == 1
    sh("-chmod", "600", f"{tree}/a")
    assert as_bob.run("-test", "-r", f"{tree}/a").status == 1


def test_touch(sh, here):
    assert sh("-touchz", f"{here}/z") == ""
    assert sh("-touch", "-t", THEN, f"{here}/new") == ""
    assert sh("-stat", "%y %x %b", f"{here}/new") == "2020-02-29 01:02:03 2020-02-29 01:02:03 0\n"
    sh("-touch", "-m", "-t", "20210101:000000", f"{here}/new")
    assert sh("-stat", "%y %x", f"{here}/new") == "2021-01-01 00:00:00 2020-02-29 01:02:03\n"
    sh("-touch", "-a", "-t", "20220101:000000", f"{here}/new")
    assert sh("-stat", "%y %x", f"{here}/new") == "2021-01-01 00:00:00 2022-01-01 00:00:00\n"
    sh("-touch", "-c", f"{here}/none")
    assert names(sh, here) == [f"{here}/new", f"{here}/z"]
    sh("-put", "-", f"{here}/full", stdin=b"x")
    assert sh.refused("-touchz", f"{here}/full") == f"touchz: `{here}/full': Not a zero-length file\n"
    sh("-touch", f"{here}/full")
    assert sh("-cat", f"{here}/full") == "x"
    assert (
        sh.refused("-touchz", f"{here}/no/such") == f"touchz: `{here}/no/such': No such file or directory: `{here}/no/such'\n"
    )


def test_snapshots(sh, here):
    """A directory has to be made snapshottable first, which only an administrator of HDFS can do, and nobody here."""
    refused = f"Directory is not a snapshottable directory: {here}\n"
    assert sh.refused("-createSnapshot", here, "s") == f"createSnapshot: {refused}"
    assert sh.refused("-deleteSnapshot", here, "s") == f"deleteSnapshot: {refused}"
    assert sh.refused("-renameSnapshot", here, "s", "t") == f"renameSnapshot: {refused}"
