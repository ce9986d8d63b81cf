"""Polars: it reads and writes files that fsspec has opened, and scans datasets that pyarrow finds through fsspec. Addresses
of webhdfs it does not know."""

import fsspec
import numpy as np
import polars as pl
import pyarrow.dataset as ds
import pytest
import requests
from polars.testing import assert_frame_equal

CLIENT = "Polars"
VERSION = pl.__version__


@pytest.fixture
def frame():
    random = np.random.default_rng(3)
    n = 50_000
    return pl.DataFrame(
        {"id": np.arange(n), "score": random.normal(size=n), "label": random.choice(["Katze", "Hund", "Vögel, alle"], size=n)}
    )


@pytest.fixture
def open_(alice, place):
    """Opens a file of alice's by its address."""
    return lambda name, mode="rb": fsspec.open(alice.uri(f"{place}/{name}"), mode, **alice.fsspec)


@pytest.mark.parametrize("form", ["parquet", "csv", "ipc", "ndjson", "avro"])
def test_write_and_read(frame, open_, form):
    with open_("frame", "wb") as f:
        getattr(frame, f"write_{form}")(f)
    with open_("frame") as f:
        assert_frame_equal(getattr(pl, f"read_{form}")(f), frame)


def test_scan(frame, alice, open_, place):
    """A filter and a choice of columns go down to what is read, over several files."""
    for i in range(3):
        with open_(f"part-{i}.parquet", "wb") as f:
            frame.filter(pl.col("id") % 3 == i).write_parquet(f, row_group_size=5_000)
    fs = fsspec.filesystem("webhdfs", host=alice.host, port=alice.port, **alice.fsspec)
    scan = pl.scan_pyarrow_dataset(ds.dataset(place, filesystem=fs, format="parquet"))
    found = scan.filter(pl.col("id") >= 49_000).select("id", "label").collect()
    assert_frame_equal(found.sort("id"), frame.filter(pl.col("id") >= 49_000).select("id", "label"))
    assert scan.select(pl.len()).collect().item() == 50_000


def test_scan_an_open_file(frame, open_):
    with open_("frame.parquet", "wb") as f:
        frame.write_parquet(f)
    with open_("frame.parquet") as f:
        some = pl.scan_parquet(f).filter(pl.col("label") == "Hund").select(pl.col("score").sum()).collect().item()
    assert some == pytest.approx(frame.filter(pl.col("label") == "Hund")["score"].sum())


def test_partitions(frame, alice, open_, place):
    """What Polars lets pyarrow write, in folders by a column."""
    fs = fsspec.filesystem("webhdfs", host=alice.host, port=alice.port, **alice.fsspec)
    frame.write_parquet(f"{place}/set", use_pyarrow=True, pyarrow_options={"partition_cols": ["label"], "filesystem": fs})
    assert [n.rsplit("/", 1)[1].split("=")[0] for n in fs.ls(f"{place}/set", detail=False)] == ["label"] * 3
    back = pl.scan_pyarrow_dataset(ds.dataset(f"{place}/set", filesystem=fs, format="parquet", partitioning="hive")).collect()
    assert_frame_equal(back.sort("id"), frame, check_column_order=False)


def test_what_is_refused(frame, bob, open_, place):
    with open_("frame.csv", "wb") as f:
        frame.head(10).write_csv(f)
    with pytest.raises(FileNotFoundError), open_("missing.csv") as f:
        pl.read_csv(f)
    with pytest.raises(PermissionError, match="user=bob"), fsspec.open(bob.uri(f"{place}/frame.csv"), **bob.fsspec) as f:
        pl.read_csv(f)
    with pytest.raises(requests.HTTPError, match="403"), fsspec.open(bob.uri(f"{place}/frame.csv"), "wb", **bob.fsspec) as f:
        frame.write_csv(f)
    with open_("frame.csv") as f:
        assert pl.read_csv(f).height == 10
