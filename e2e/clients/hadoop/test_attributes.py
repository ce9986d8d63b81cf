"""hadoop fs: the commands that deal with what is known of files. What they must print was compared with a real HDFS 3.4.2."""

import dataclasses
import re
from pathlib import Path

import pytest
from hadoop import VERSIONS

CLIENT = "hadoop fs"
VERSION = ", ".join(VERSIONS)


@pytest.fixture
def file(sh, here):
    sh("-put", "-", f"{here}/file", stdin=b"12345")
    sh("-touch", "-t", "20200229:010203", f"{here}/file")
    return f"{here}/file"


def test_chmod(sh, as_bob, here, file):
    for mode, is_ in [("600", "600"), ("u+x,g=r", "740"), ("a+r", "744"), ("go-r", "700"), ("0644", "644")]:
        assert sh("-chmod", mode, file) == ""
        assert sh("-stat", "%a", file) == f"{is_}\n", mode
    sh("-mkdir", f"{here}/folder")
    sh("-chmod", "1777", f"{here}/folder")
    assert sh("-ls", "-d", f"{here}/folder").split()[0] == "drwxrwxrwt"
    sh("-chmod", "-R", "go-rwx", here)
    assert sh("-stat", "%a %A", file) == "600 rw-------\n"
    sh("-chmod", "755", here)
    assert (
        as_bob.refused("-chmod", "777", file)
        == f"chmod: changing permissions of '{file}': Permission denied. user=bob is not the owner of inode={file}\n"
    )
    assert as_bob.refused("-cat", file).startswith("cat: Permission denied: user=bob, access=READ, inode=")
    assert sh.refused("-chmod", "600", f"{here}/none") == f"chmod: `{here}/none': No such file or directory\n"


def test_chgrp_and_chown(sh, as_bob, here, file):
    assert sh("-chgrp", "staff", file) == ""
    assert sh("-chown", "alice:staff", file) == ""
    assert sh("-chown", "-R", ":staff", here) == ""
    assert sh("-stat", "%u %g", file, here) == "alice staff\nalice staff\n"
    assert (
        sh.refused("-chown", "bob", file)
        == f"chown: changing ownership of '{file}': User alice is not a super user (non-super user cannot change owner).\n"
    )
    assert (
        sh.refused("-chgrp", "nobodys", file)
        == f"chgrp: changing ownership of '{file}': User alice does not belong to nobodys\n"
    )
    assert (
        as_bob.refused("-chgrp", "bob", file)
        == f"chgrp: changing ownership of '{file}': Permission denied. user=bob is not the owner of inode={file}\n"
    )


@pytest.mark.parametrize("authentication", ["user.name"])
def test_chown_by_the_superuser(sh, as_bob, as_root, here, file):
    assert as_root("-chown", "bob:staff", file) == ""
    assert sh("-stat", "%u %g", file) == "bob staff\n"
    assert as_bob("-chmod", "600", file) == ""
    assert sh.refused("-cat", file).startswith("cat: Permission denied: user=alice, access=READ")


def test_acl(sh, as_bob, here, file):
    sh("-chgrp", "staff", file)
    sh("-chmod", "600", file)
    assert sh("-setfacl", "-m", "user:bob:rw-,group:guests:r--", file) == ""
    assert sh("-getfacl", file) == (
        f"# file: {file}\n# owner: alice\n# group: staff\nuser::rw-\nuser:bob:rw-\ngroup::---\ngroup:guests:r--\n"
        "mask::rw-\nother::---\n\n"
    )
    assert as_bob("-cat", file) == "12345"
    assert sh("-ls", file).split()[0] == "-rw-rw----+"
    sh("-chmod", "640", file)
    assert "user:bob:rw-\t#effective:r--\n" in sh("-getfacl", file)
    assert as_bob.refused("-appendToFile", "-", file).startswith("appendToFile: Permission denied: user=bob, access=WRITE")
    sh("-setfacl", "-x", "group:guests", file)
    assert "guests" not in sh("-getfacl", file)
    sh("-setfacl", "--set", "user::rw-,user:bob:---,group::r--,other::---", file)
    assert as_bob.refused("-cat", file).startswith("cat: Permission denied: user=bob, access=READ")
    sh("-setfacl", "-b", file)
    assert sh("-getfacl", file) == f"# file: {file}\n# owner: alice\n# group: staff\nuser::rw-\ngroup::r--\nother::---\n\n"
    assert sh.misused("-setfacl", "-m", "user:bob:rwz", file) == "-setfacl: Invalid permission in <aclSpec> : user:bob:rwz\n"


def test_default_acl(sh, as_bob, here):
    sh("-mkdir", f"{here}/folder")
    sh("-chgrp", "staff", f"{here}/folder")
    sh("-setfacl", "-m", "default:user:bob:r-x", f"{here}/folder")
    sh("-mkdir", f"{here}/folder/in")
    sh("-put", "-", f"{here}/folder/in/file", stdin=b"x")
    assert sh("-getfacl", "-R", f"{here}/folder") == (
        f"# file: {here}/folder\n# owner: alice\n# group: staff\nuser::rwx\ngroup::r-x\nother::r-x\n"
        "default:user::rwx\ndefault:user:bob:r-x\ndefault:group::r-x\ndefault:mask::r-x\ndefault:other::r-x\n\n"
        f"# file: {here}/folder/in\n# owner: alice\n# group: staff\nuser::rwx\nuser:bob:r-x\ngroup::r-x\nmask::r-x\nother::r-x\n"
        "default:user::rwx\ndefault:user:bob:r-x\ndefault:group::r-x\ndefault:mask::r-x\ndefault:other::r-x\n\n"
        f"# file: {here}/folder/in/file\n# owner: alice\n# group: staff\nuser::rw-\nuser:bob:r-x\t#effective:r--\n"
        "group::r-x\t#effective:r--\nmask::r--\nother::r--\n\n"
    )
    sh("-setfacl", "-R", "-k", f"{here}/folder")
    assert "default:" not in sh("-getfacl", "-R", f"{here}/folder")


def test_extended_attributes(sh, here, file):
    assert sh("-setfattr", "-n", "user.colour", "-v", "blue", file) == ""
    sh("-setfattr", "-n", "user.raw", "-v", "0x00ff", file)
    sh("-setfattr", "-n", "user.nothing", file)
    assert sh("-getfattr", "-n", "user.colour", file) == f'# file: {file}\nuser.colour="blue"\n'
    assert sh("-getfattr", "-n", "user.raw", "-e", "hex", file) == f"# file: {file}\nuser.raw=0x00ff\n"
    assert sh("-getfattr", "-n", "user.colour", "-e", "base64", file) == f"# file: {file}\nuser.colour=0sYmx1ZQ==\n"
    assert sorted(sh("-getfattr", "-R", "-d", "-e", "hex", here).splitlines()) == sorted(
        [f"# file: {here}", f"# file: {file}", "user.colour=0x626c7565", "user.nothing", "user.raw=0x00ff"]
    )
    sh("-setfattr", "-x", "user.colour", file)
    assert sh.refused("-getfattr", "-n", "user.colour", file, out=f"# file: {file}\n") == (
        "getfattr: At least one of the attributes provided was not found.\n"
    )
    assert sh.refused("-setfattr", "-x", "user.colour", file) == "setfattr: No matching attributes found for remove operation\n"


def test_setrep(sh, here, file):
    assert sh("-setrep", "2", file) == f"Replication 2 set: {file}\n"
    assert sh("-stat", "%r", file) == "2\n"
    assert sh("-setrep", "-R", "1", here) == f"Replication 1 set: {file}\n"
    assert sh("-setrep", "-w", "1", file) == f"Replication 1 set: {file}\nWaiting for {file} ... done\n"
    assert sh("-ls", file).split()[1] == "1"


def test_stat(sh, here, file):
    sh("-chgrp", "staff", file)
    assert sh("-stat", "%F|%a|%A|%b|%g|%n|%o|%r|%u|%x|%X|%y|%Y", file) == (
        "regular file|644|rw-r--r--|5|staff|file|134217728|3|alice|"
        "2020-02-29 01:02:03|1582938123000|2020-02-29 01:02:03|1582938123000\n"
    )
    assert sh("-stat", "%F|%b|%n|%r", here) == f"directory|0|{here.rpartition('/')[2]}|0\n"
    assert sh("-stat", file) == "2020-02-29 01:02:03\n"
    assert sh.refused("-stat", f"{here}/none") == f"stat: `{here}/none': No such file or directory\n"


def test_count(sh, here, file):
    sh("-mkdir", f"{here}/a", f"{here}/b")
    assert sh("-count", here) == f"           3            1                  5 {here}\n"
    assert (
        sh("-count", "-q", here)
        == f"        none             inf            none             inf            3            1                  5 {here}\n"
    )
    assert sh("-count", "-q", "-h", "-v", here) == (
        "       QUOTA       REM_QUOTA     SPACE_QUOTA REM_SPACE_QUOTA    DIR_COUNT   FILE_COUNT       CONTENT_SIZE PATHNAME\n"
        f"        none             inf            none             inf            3            1                  5 {here}\n"
    )
    assert sh("-count", "-u", here) == f"        none             inf            none             inf {here}\n"
    # How wide the columns of storage types are differs from version to version.
    assert sh("-count", "-q", "-t", "DISK", "-v", here).split() == [
        "DISK_QUOTA",
        "REM_DISK_QUOTA",
        "PATHNAME",
        "none",
        "inf",
        here,
    ]
    assert sh("-count", "-q", "-t", "-h", here).split()[-3:] == ["none", "inf", here]
    assert sh("-count", "-e", here).split() == ["3", "1", "5", "EC:", here]
    assert sh("-count", "-x", "-s", here).split() == ["3", "1", "5", "0", "0", "0", "0", here]
    assert sh.refused("-count", f"{here}/none") == f"count: `{here}/none': No such file or directory\n"


@pytest.mark.parametrize("authentication", ["user.name"])
def test_count_of_a_limited_folder(sh, alice, here, file):
    root = dataclasses.replace(alice, user="root")
    root.ask("PUT", here, op="SETQUOTA", namespacequota=3, storagespacequota=1 << 30)
    assert sh("-count", "-q", here) == (
        f"           3               1      1073741824      1073741809            1            1                  5 {here}\n"
    )
    assert sh("-count", "-u", "-h", here) == f"           3               1             1 G           1.0 G {here}\n"
    sh("-mkdir", f"{here}/a")
    exceeded = f"The NameSpace quota (directories and files) of directory {here} is exceeded: quota=3 file count=4\n"
    assert sh.refused("-mkdir", f"{here}/b") == f"mkdir: {exceeded}"
    assert sh.refused("-touchz", f"{here}/c") == f"touchz: {exceeded}"


def test_du(sh, here, file):
    sh("-mkdir", f"{here}/folder")
    sh("-put", "-", f"{here}/folder/large", stdin=b"x" * 2048)
    assert sh("-du", here) == f"5     15    {file}\n2048  6144  {here}/folder\n"
    assert sh("-du", "-s", here) == f"2053  6159  {here}\n"
    assert sh("-du", "-s", "-h", here) == f"2.0 K  6.0 K  {here}\n"
    assert sh("-du", "-v", "-x", f"{here}/folder") == (
        f"SIZE  DISK_SPACE_CONSUMED_WITH_ALL_REPLICAS  FULL_PATH_NAME\n"
        f"2048  6144                                   {here}/folder/large\n"
    )


def test_df(sh):
    head, line = sh("-df", "/").splitlines()
    assert head.split() == ["Filesystem", "Size", "Used", "Available", "Use%"]
    size, used, available = map(int, line.split()[-4:-1])
    assert used >= 0 and 0 < used + available <= size
    assert line.endswith("%")


def test_no_command_is_forgotten(sh):
    """These files have each command that the client offers, but for those that explain the others."""
    use = sh.refused("-none", status=-1)
    offered = set(re.findall(r"^\t\[(-\w+)", use, re.M)) - {"-help", "-usage"}
    text = "".join(file.read_text() for file in Path(__file__).parent.glob("test_*.py"))
    assert len(offered) > 40 and {command for command in offered if f'"{command}"' not in text} == set()
