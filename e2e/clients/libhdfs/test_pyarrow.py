"""pyarrow's own file system for Hadoop."""

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from pyarrow import fs

CLIENT = "pyarrow HadoopFileSystem"
VERSION = pa.__version__


@pytest.fixture
def hadoop(alice):
    """alice's server. What is named in extra_conf is what the configuration of Hadoop would say."""
    return fs.HadoopFileSystem("default", extra_conf={"fs.defaultFS": f"webhdfs://{alice.host}:{alice.port}"})


def base_names(infos):
    return sorted(info.base_name for info in infos)


def test_files(hadoop, alice, place):
    with hadoop.open_output_stream(f"{place}/file") as f:
        f.write(b"0123456789" * 100_000)
    assert alice.content(f"{place}/file") == b"0123456789" * 100_000
    with hadoop.open_input_stream(f"{place}/file") as f:
        assert f.read() == b"0123456789" * 100_000
    with hadoop.open_input_file(f"{place}/file") as f:
        assert f.size() == 1_000_000
        f.seek(777_777)
        assert f.read(5) == b"78901"
        assert f.read_at(3, 999_997) == b"789"
    with hadoop.open_append_stream(f"{place}/file") as f:
        f.write(b"more")
    assert hadoop.get_file_info(f"{place}/file").size == 1_000_004
    with pytest.raises(FileNotFoundError):
        hadoop.open_input_file(f"{place}/none")


def test_names(hadoop, place):
    hadoop.create_dir(f"{place}/a/b", recursive=True)
    for path in ["a/file", "a/b/file"]:
        hadoop.open_output_stream(f"{place}/{path}").close()
    assert base_names(hadoop.get_file_info(fs.FileSelector(f"{place}/a"))) == ["b", "file"]
    assert base_names(hadoop.get_file_info(fs.FileSelector(place, recursive=True))) == ["a", "b", "file", "file"]
    info, none = hadoop.get_file_info([f"{place}/a", f"{place}/none"])
    assert (info.type, none.type) == (fs.FileType.Directory, fs.FileType.NotFound)
    hadoop.move(f"{place}/a/file", f"{place}/moved")
    hadoop.copy_file(f"{place}/moved", f"{place}/copy")
    hadoop.delete_file(f"{place}/moved")
    hadoop.delete_dir_contents(f"{place}/a")
    assert base_names(hadoop.get_file_info(fs.FileSelector(place, recursive=True))) == ["a", "copy"]
    hadoop.delete_dir(f"{place}/a")
    assert base_names(hadoop.get_file_info(fs.FileSelector(place))) == ["copy"]
    with pytest.raises(FileNotFoundError):
        hadoop.get_file_info(fs.FileSelector(f"{place}/a"))


def test_parquet(hadoop, place):
    table = pa.table({"id": range(100_000), "square": [i * i for i in range(100_000)]})
    pq.write_table(table, f"{place}/file.parquet", filesystem=hadoop, row_group_size=10_000)
    assert pq.read_table(f"{place}/file.parquet", filesystem=hadoop).equals(table)
    part = pq.read_table(f"{place}/file.parquet", filesystem=hadoop, columns=["square"], filters=[("id", "==", 77_777)])
    assert part.to_pydict() == {"square": [77_777**2]}


def test_dataset(hadoop, place):
    table = pa.table({"part": [i % 3 for i in range(3000)], "id": range(3000)})
    ds.write_dataset(table, f"{place}/set", filesystem=hadoop, format="parquet", partitioning=["part"])
    found = ds.dataset(f"{place}/set", filesystem=hadoop, partitioning=["part"])
    assert found.to_table().sort_by("id").select(["part", "id"]).cast(table.schema).equals(table)
    assert found.count_rows(filter=ds.field("part") == 1) == 1000


def test_strangers_files(hadoop, bob, name):
    bob.ask("PUT", f"/tmp/{name}", op="MKDIRS", permission="700")
    with pytest.raises(OSError):
        hadoop.get_file_info(fs.FileSelector(f"/tmp/{name}"))
