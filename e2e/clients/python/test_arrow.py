"""pyarrow datasets over fsspec's webhdfs filesystem."""

import fsspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

CLIENT = "pyarrow"
VERSION = pa.__version__


@pytest.fixture
def fs(service):
    return fsspec.filesystem("webhdfs", host=service.host, port=service.port, token=service.token, skip_instance_cache=True)


@pytest.fixture
def table():
    n = 60_000
    random = np.random.default_rng(11)
    return pa.table(
        {
            "id": np.arange(n),
            "year": np.repeat([2024, 2025, 2026], n // 3),
            "split": random.choice(["train", "test"], size=n),
            "value": random.normal(size=n),
            "pixels": [random.integers(0, 255, size=8, dtype=np.uint8).tobytes() for _ in range(n)],
        }
    )


PARTITIONS = ds.partitioning(pa.schema([("year", pa.int64()), ("split", pa.string())]), flavor="hive")


def by_id(table):
    return table.select(["id", "year", "split", "value", "pixels"]).sort_by("id").combine_chunks()


@pytest.mark.parametrize("form", ["parquet", "feather"])
def test_partitions(fs, folder, table, form):
    ds.write_dataset(table, f"{folder}/set", filesystem=fs, format=form, partitioning=PARTITIONS)
    assert sorted(p.removeprefix(f"{folder}/set/") for p in fs.glob(f"{folder}/set/*/*")) == [
        f"year={year}/split={split}" for year in (2024, 2025, 2026) for split in ("test", "train")
    ]
    found = ds.dataset(f"{folder}/set", filesystem=fs, format=form, partitioning=PARTITIONS)
    assert by_id(found.to_table()).equals(by_id(table))

    wanted = (pc.field("year") == 2025) & (pc.field("split") == "test")
    assert len(list(found.get_fragments(filter=wanted))) == 1, "a filter on partitions opens only theirs"
    some = found.to_table(columns=["id", "value"], filter=wanted & (pc.field("value") > 1))
    expected = table.filter(wanted & (pc.field("value") > 1)).select(["id", "value"])
    assert some.num_rows > 0 and some.sort_by("id").equals(expected.sort_by("id").combine_chunks())
    assert found.count_rows(filter=pc.field("year") == 2024) == 20_000


def test_growing(fs, folder, table):
    """New files are in the next listing; those of an earlier write stay."""
    ds.write_dataset(table.slice(0, 100), f"{folder}/set", filesystem=fs, format="parquet", basename_template="first-{i}.parquet")
    ds.write_dataset(
        table.slice(100, 50),
        f"{folder}/set",
        filesystem=fs,
        format="parquet",
        basename_template="second-{i}.parquet",
        existing_data_behavior="overwrite_or_ignore",
    )
    assert by_id(ds.dataset(f"{folder}/set", filesystem=fs).to_table()).equals(by_id(table.slice(0, 150)))
    ds.write_dataset(
        table.slice(0, 7), f"{folder}/set", filesystem=fs, format="parquet", existing_data_behavior="delete_matching"
    )
    assert ds.dataset(f"{folder}/set", filesystem=fs).count_rows() == 7


def test_row_groups(fs, folder, table):
    """A reader takes the footer and the columns it wants, each by a range."""
    with fs.open(f"{folder}/file.parquet", "wb") as f:
        pq.write_table(table, f, row_group_size=10_000)
    with fs.open(f"{folder}/file.parquet", "rb") as f:
        file = pq.ParquetFile(f)
        assert file.metadata.num_row_groups == 6
        group = file.read_row_group(4, columns=["id", "value"])
    assert group.equals(table.slice(40_000, 10_000).select(["id", "value"]).combine_chunks())


def test_read_by_address(service, fs, folder, table):
    with fs.open(f"{folder}/file.parquet", "wb") as f:
        pq.write_table(table.slice(0, 10), f)
    with fsspec.open(service.uri(f"{folder}/file.parquet"), token=service.token) as f:
        assert pq.read_table(f).equals(table.slice(0, 10).combine_chunks())
