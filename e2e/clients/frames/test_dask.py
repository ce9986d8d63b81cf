"""dask, whose workers write and read parts of a table at once."""

import dask
import dask.bag
import dask.dataframe as dd
import fsspec
import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

CLIENT = "dask"
VERSION = dask.__version__

PARTS = 6


@pytest.fixture(autouse=True)
def threads():
    """Requests of several workers are under way at once."""
    with dask.config.set(scheduler="threads", num_workers=4):
        yield


@pytest.fixture
def frame():
    random = np.random.default_rng(5)
    n = 60_000
    return pd.DataFrame(
        {
            "id": np.arange(n),
            "year": np.repeat([2024, 2025, 2026], n // 3),
            "score": random.normal(size=n),
            "label": random.choice(["Katze", "Hund", "Vögel, alle"], size=n),
        }
    )


@pytest.fixture
def at(alice, place):
    return lambda name: alice.uri(f"{place}/{name}")


@pytest.fixture
def fs(alice):
    return fsspec.filesystem("webhdfs", host=alice.host, port=alice.port, skip_instance_cache=True, **alice.fsspec)


def sorted_by_id(found):
    return found.sort_values("id").reset_index(drop=True)


def test_parquet(frame, alice, at, fs, place):
    dd.from_pandas(frame, npartitions=PARTS).to_parquet(at("table"), storage_options=alice.fsspec)
    assert len(fs.glob(f"{place}/table/*.parquet")) == PARTS
    table = dd.read_parquet(at("table"), storage_options=alice.fsspec)
    assert table.npartitions == PARTS
    assert_frame_equal(table.compute(), frame, check_dtype=False, check_index_type=False, check_names=False)
    assert table["score"].mean().compute() == pytest.approx(frame["score"].mean())
    counts = table.groupby("label")["id"].count().compute()
    assert counts.to_dict() == frame.groupby("label")["id"].count().to_dict()


def test_partitions(frame, alice, at, fs, place):
    dd.from_pandas(frame, npartitions=PARTS).to_parquet(
        at("table"), partition_on=["year"], write_index=False, storage_options=alice.fsspec
    )
    assert [n.rsplit("/", 1)[1] for n in fs.ls(f"{place}/table", detail=False)] == ["year=2024", "year=2025", "year=2026"]
    some = dd.read_parquet(at("table"), filters=[("year", "==", 2025)], columns=["id", "score"], storage_options=alice.fsspec)
    assert_frame_equal(
        sorted_by_id(some.compute()),
        frame.loc[frame["year"] == 2025, ["id", "score"]].reset_index(drop=True),
        check_dtype=False,
    )


def test_overwrite_and_append(frame, alice, at, fs, place):
    whole = dd.from_pandas(frame, npartitions=PARTS)
    whole.to_parquet(at("table"), write_index=False, storage_options=alice.fsspec)
    part = dd.from_pandas(frame.head(1_000), npartitions=2)
    part.to_parquet(at("table"), write_index=False, overwrite=True, storage_options=alice.fsspec)
    assert len(dd.read_parquet(at("table"), storage_options=alice.fsspec)) == 1_000
    part.to_parquet(at("table"), write_index=False, append=True, ignore_divisions=True, storage_options=alice.fsspec)
    assert len(dd.read_parquet(at("table"), storage_options=alice.fsspec)) == 2_000
    assert len(fs.glob(f"{place}/table/*.parquet")) == 4


def test_csv(frame, alice, at):
    dd.from_pandas(frame, npartitions=PARTS).to_csv(at("table-*.csv"), index=False, storage_options=alice.fsspec)
    # Blocks begin in the middle of lines: each is read from an offset on.
    table = dd.read_csv(at("table-*.csv"), blocksize=100_000, storage_options=alice.fsspec)
    assert table.npartitions > PARTS
    assert_frame_equal(sorted_by_id(table.compute()), frame, check_dtype=False)


def test_text(alice, at):
    lines = [f"Zeile {i}" for i in range(10_000)]
    dask.bag.from_sequence(lines, npartitions=4).to_textfiles(at("text-*.txt.gz"), storage_options=alice.fsspec)
    back = dask.bag.read_text(at("text-*.txt.gz"), storage_options=alice.fsspec).map(str.strip).compute()
    assert back == lines


def test_what_is_refused(frame, alice, bob, at):
    part = dd.from_pandas(frame.head(100), npartitions=1)
    part.to_parquet(at("table"), storage_options=alice.fsspec)
    with pytest.raises(FileNotFoundError):
        dd.read_parquet(at("missing"), storage_options=alice.fsspec).compute()
    with pytest.raises(PermissionError, match="user=bob"):
        part.to_parquet(at("table/stolen"), storage_options=bob.fsspec)
    assert len(dd.read_parquet(at("table"), storage_options=alice.fsspec)) == 100
