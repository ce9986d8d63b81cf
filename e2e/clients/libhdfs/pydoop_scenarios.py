"""The scenarios of pydoop: all that its module hdfs offers."""

import os
import random
import stat
import time

import pytest


def content(size):
    return random.Random(size).randbytes(size)


def test_new_files(hdfs, place):
    """Each opening of a new file is at once followed by a question for its status, which has to find it."""
    for i in range(20):
        assert not hdfs.path.exists(f"{place}/{i}")
        hdfs.dump(f"file {i}".encode(), f"{place}/{i}")
    assert [hdfs.load(f"{place}/{i}") for i in range(20)] == [f"file {i}".encode() for i in range(20)]


def test_an_open_file_is_seen(hdfs, alice, place):
    with hdfs.open(f"{place}/file", "w") as f:
        f.write(b"x")
        assert hdfs.path.isfile(f"{place}/file")
        assert alice.ask("GET", f"{place}/file", op="GETFILESTATUS").json()["FileStatus"]["length"] == 0
    assert hdfs.path.getsize(f"{place}/file") == 1


@pytest.mark.parametrize("size", [0, 1, 65_536, 65_537, 5_000_000])
def test_dump_and_load(hdfs, alice, place, size):
    hdfs.dump(content(size), f"{place}/file")
    assert hdfs.load(f"{place}/file") == content(size) == alice.content(f"{place}/file")


def test_text(hdfs, alice, place):
    hdfs.dump("größer\nund mehr\n", f"{place}/file")
    assert hdfs.load(f"{place}/file", mode="rt") == "größer\nund mehr\n"
    assert alice.content(f"{place}/file") == "größer\nund mehr\n".encode()
    with hdfs.open(f"{place}/file", "rt") as f:
        assert (f.readline(), f.read(3)) == ("größer\n", "und")


def test_overwrite_and_append(hdfs, place):
    hdfs.dump(b"first", f"{place}/file")
    hdfs.dump(b"second", f"{place}/file")
    with hdfs.open(f"{place}/file", "a") as f:
        f.write(b" and third")
    assert hdfs.load(f"{place}/file") == b"second and third"
    with hdfs.open(f"{place}/file", "a") as f:
        f.write(content(100_000))
    assert hdfs.load(f"{place}/file") == b"second and third" + content(100_000)
    with pytest.raises(OSError):
        hdfs.open(f"{place}/none", "r")


def test_reading_of_parts(hdfs, place):
    data = content(1_000_000)
    hdfs.dump(data, f"{place}/file")
    with hdfs.open(f"{place}/file") as f:
        assert f.size == 1_000_000 and f.name.endswith(f"{place}/file")
        assert f.read(10) == data[:10] and f.tell() == 10
        f.seek(700_000)
        assert f.read(100_000) == data[700_000:800_000]
        f.seek(-5, os.SEEK_END)
        assert f.read() == data[-5:]
        assert f.pread(65_530, 20) == data[65_530:65_550]
        chunk = bytearray(1000)
        f.seek(3)
        assert f.read_chunk(chunk) > 0 and chunk[:100] == data[3:103]
        assert f.available() >= 0
    hdfs.dump(b"".join(b"%09d\n" % i for i in range(10_000)), f"{place}/lines")
    with hdfs.open(f"{place}/lines") as f:
        assert [int(line) for line in f] == list(range(10_000))


def test_flush(hdfs, place):
    with hdfs.open(f"{place}/file", "w") as f:
        f.write(b"flushed")
        f.flush()
    assert hdfs.load(f"{place}/file") == b"flushed"


def test_put_get_cp(hdfs, place, tmp_path):
    (tmp_path / "tree" / "in").mkdir(parents=True)
    (tmp_path / "tree" / "file").write_bytes(content(100_000))
    (tmp_path / "tree" / "in" / "file").write_bytes(b"inside")
    hdfs.put(str(tmp_path / "tree" / "file"), f"{place}/file")
    hdfs.cp(f"{place}/file", f"{place}/copy")
    hdfs.get(f"{place}/copy", str(tmp_path / "back"))
    assert (tmp_path / "back").read_bytes() == content(100_000)
    with pytest.raises(OSError, match="already exists"):
        hdfs.cp(f"{place}/file", f"{place}/copy")
    with pytest.raises(OSError, match="no such file or directory"):
        hdfs.cp(f"{place}/none", f"{place}/other")
    hdfs.mkdir(f"{place}/folder")
    hdfs.cp(f"{place}/file", f"{place}/folder")
    assert hdfs.load(f"{place}/folder/file") == content(100_000)


def test_uris_of_other_schemes(hdfs, place, tmp_path):
    """pydoop itself refuses every scheme but hdfs:, and so cannot copy folders, whose entries it asks for by URI."""
    hdfs.mkdir(f"{place}/folder")
    hdfs.dump(b"x", f"{place}/folder/file")
    with pytest.raises(ValueError, match="unsupported scheme 'webhdfs'"):
        hdfs.cp(f"{place}/folder", f"{place}/copy")
    with pytest.raises(ValueError, match="unsupported scheme 'webhdfs'"):
        hdfs.load(hdfs.ls(f"{place}/folder")[0])


def test_folders(hdfs, alice, place):
    hdfs.mkdir(f"{place}/a/b")
    for path in ["a/file", "a/b/file"]:
        hdfs.dump(path.encode(), f"{place}/{path}")
    uri = f"webhdfs://{alice.host}:{alice.port}{place}"
    assert hdfs.ls(f"{place}/a") == [f"{uri}/a/b", f"{uri}/a/file"]
    assert sorted(hdfs.ls(place, recursive=True)) == [f"{uri}/{n}" for n in ("a", "a/b", "a/b/file", "a/file")]
    folder, file = hdfs.lsl(f"{place}/a")
    assert (folder["kind"], folder["size"], folder["owner"], folder["permissions"]) == ("directory", 0, "alice", 0o755)
    assert (file["kind"], file["size"], file["owner"], file["permissions"]) == ("file", 6, "alice", 0o644)
    assert file["replication"] == 1 and file["block_size"] == 128 << 20
    assert abs(file["last_mod"] - time.time()) < 600
    assert [f["name"] for f in hdfs.lsl(f"{place}/a/file")] == [f"{uri}/a/file"]

    with pytest.raises(OSError):
        hdfs.rm(f"{place}/a", recursive=False)
    hdfs.rm(f"{place}/a/file", recursive=False)
    hdfs.rmr(f"{place}/a")
    assert hdfs.ls(place) == []
    with pytest.raises(OSError):
        hdfs.ls(f"{place}/a")


def test_renames(hdfs, place):
    hdfs.dump(b"x", f"{place}/a")
    hdfs.rename(f"{place}/a", f"{place}/b")
    hdfs.renames(f"{place}/b", f"{place}/new/folder/c")
    hdfs.move(f"{place}/new/folder/c", f"{place}/d")
    assert hdfs.load(f"{place}/d") == b"x"
    assert not hdfs.path.exists(f"{place}/a") and not hdfs.path.exists(f"{place}/new/folder/c")
    with pytest.raises(OSError):
        hdfs.rename(f"{place}/none", f"{place}/e")
    hdfs.dump(b"y", f"{place}/e")
    with pytest.raises(OSError):
        hdfs.rename(f"{place}/d", f"{place}/e")
    assert hdfs.load(f"{place}/e") == b"y"


def test_attributes(hdfs, place):
    file = f"{place}/file"
    hdfs.dump(b"12345", file)
    hdfs.chmod(file, 0o604)
    assert hdfs.stat(file).st_mode == 0o604
    hdfs.chmod(file, "g+rw")
    assert hdfs.stat(file).st_mode == 0o664
    hdfs.chown(file, group="staff")
    hdfs.utime(file, times=(1_600_000_000, 1_500_000_000))
    status = hdfs.lstat(file)
    assert (status.st_uid, status.st_gid, status.st_size) == ("alice", "staff", 5)
    assert (status.st_atime, status.st_mtime) == (1_600_000_000, 1_500_000_000)
    assert (status.kind, status.replication, status.st_blksize, status.st_blocks) == ("file", 1, 128 << 20, 1)
    assert hdfs.access(file, os.R_OK) and hdfs.access(file, os.W_OK) and not hdfs.access(file, os.X_OK)
    with pytest.raises(OSError):
        hdfs.chown(file, user="bob")
    with pytest.raises(OSError):
        hdfs.stat(f"{place}/none")


def test_path(hdfs, place):
    path = hdfs.path
    hdfs.dump(b"12345", f"{place}/file.txt")
    assert path.exists(place) and path.lexists(place) and not path.exists(f"{place}/none")
    assert (path.kind(place), path.kind(f"{place}/file.txt"), path.kind(f"{place}/none")) == ("directory", "file", None)
    assert path.isdir(place) and path.isfile(f"{place}/file.txt") and not path.isfile(place)
    assert not path.islink(place) and not path.ismount(place)
    assert path.getsize(f"{place}/file.txt") == 5
    assert abs(path.getmtime(f"{place}/file.txt") - time.time()) < 600
    assert abs(path.getatime(f"{place}/file.txt") - time.time()) < 600
    assert path.getctime(f"{place}/file.txt") == 0  # which WebHDFS does not know
    hdfs.mkdir(f"{place}/folder")
    assert stat.S_IMODE(path.stat(f"{place}/folder").st_mode) == 0o755
    assert path.samefile(f"{place}/file.txt", f"{place}/./x/../file.txt")
    assert path.expanduser("~/x") == "/user/alice/x"
    assert path.split("x/y") == ("default", 0, "/user/alice/x/y")
    assert path.splitpath(f"{place}/file.txt") == (place, "file.txt")
    assert path.realpath(place) == path.normpath(f"{place}/a/..") == place


def test_relative_names(hdfs, alice, place):
    """The working directory is the home folder."""
    name = place.rpartition("/")[2]
    hdfs.dump(b"x", f"{name}/file")
    assert alice.content(f"{place}/file") == b"x"
    with hdfs.hdfs() as fs:
        assert fs.working_directory() == f"webhdfs://{alice.host}:{alice.port}/user/alice"
        fs.set_working_directory(place)
        assert fs.working_directory().removeprefix(f"webhdfs://{alice.host}:{alice.port}") == place
        fs.set_working_directory("/user/alice")


def test_file_system(hdfs, alice, place):
    with hdfs.hdfs() as fs:
        assert (fs.user, fs.port) == ("alice", alice.port)
        assert fs.capacity() > 0 and fs.used() >= 0
        assert fs.default_block_size() == 128 << 20
        hdfs.dump(content(3 << 20), f"{place}/file", blocksize=1 << 20, replication=2)
        assert fs.get_path_info(f"{place}/file")["block_size"] == 1 << 20
        assert len(fs.get_hosts(f"{place}/file", 0, 3 << 20)) == 3
        fs.set_replication(f"{place}/file", 1)
        assert fs.get_path_info(f"{place}/file")["replication"] == 1
        fs.copy(f"{place}/file", fs, f"{place}/copy")
        assert hdfs.load(f"{place}/copy") == content(3 << 20)
        fs.create_directory(f"{place}/folder")
        fs.move(f"{place}/copy", fs, f"{place}/folder/moved")
        assert [f["name"].rpartition("/")[2] for f in fs.list_directory(f"{place}/folder")] == ["moved"]
        assert len(list(fs.walk(place))) == 4
        assert fs.exists(f"{place}/file") and not fs.exists(f"{place}/none")
        fs.delete(f"{place}/folder", recursive=True)
        assert not fs.exists(f"{place}/folder")


def test_strangers_files(hdfs, bob, name):
    bob.ask("PUT", f"/tmp/{name}", op="MKDIRS", permission="700")
    with pytest.raises(OSError):
        hdfs.ls(f"/tmp/{name}")
    with pytest.raises(OSError):
        hdfs.dump(b"x", f"/tmp/{name}/file")
