"""Hugging Face's datasets: loads, saves and streams through fsspec, told where to by storage_options."""

import os
import zipfile

# Before the library is imported: there is no hub. HF_HUB_OFFLINE=1 would keep it from every server, the hub or not.
os.environ["HF_ENDPOINT"] = "http://127.0.0.1:1"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"

import datasets
import fsspec
import numpy as np
import pytest
from datasets import Dataset, DatasetDict, load_dataset, load_from_disk

CLIENT = "Hugging Face datasets"
VERSION = datasets.__version__

ROWS = 20_000


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    datasets.disable_progress_bars()
    return str(tmp_path / "cache")


@pytest.fixture
def rows():
    random = np.random.default_rng(9)
    return {
        "id": list(range(ROWS)),
        "text": [f"Satz {i}: zwölf" for i in range(ROWS)],
        "score": random.normal(size=ROWS).tolist(),
        "label": random.integers(0, 3, size=ROWS).tolist(),
    }


@pytest.fixture
def options(alice):
    """What datasets gives to fsspec. It takes host and port away from addresses, so they have to stand here."""
    return {"host": alice.host, "port": alice.port} | alice.fsspec


@pytest.fixture
def at(alice, place):
    return lambda name: alice.uri(f"{place}/{name}")


@pytest.fixture
def fs(options):
    return fsspec.filesystem("webhdfs", skip_instance_cache=True, **options)


WRITERS = {"csv": "to_csv", "parquet": "to_parquet", "json": "to_json"}


@pytest.mark.parametrize("form", WRITERS)
def test_write_and_load(rows, options, at, cache, form):
    getattr(Dataset.from_dict(rows), WRITERS[form])(at(f"rows.{form}"), storage_options=options)
    back = load_dataset(form, data_files=at(f"rows.{form}"), split="train", storage_options=options, cache_dir=cache)
    assert back.num_rows == ROWS
    assert back[12_345]["text"] == "Satz 12345: zwölf"
    assert back["label"] == rows["label"] and back["score"] == pytest.approx(rows["score"], abs=1e-9)


def test_splits(rows, options, at, cache):
    whole = Dataset.from_dict(rows)
    for part in range(3):
        whole.shard(3, part).to_parquet(at(f"data/train-{part}.parquet"), storage_options=options)
    whole.select(range(100)).to_parquet(at("data/test-0.parquet"), storage_options=options)
    files = {"train": at("data/train-*.parquet"), "test": [at("data/test-0.parquet")]}
    found = load_dataset("parquet", data_files=files, storage_options=options, cache_dir=cache)
    assert {split: part.num_rows for split, part in found.items()} == {"train": ROWS, "test": 100}
    assert sorted(found["train"]["id"]) == rows["id"]


def test_stream(rows, alice, options, at):
    """Streams what is in an archive. Of other addresses it loses the host when it streams, on HDFS as well."""
    with fsspec.open(at("rows.zip"), "wb", **alice.fsspec) as f, zipfile.ZipFile(f, "w") as archive:
        for part in range(2):
            lines = [f"{i},{rows['text'][i]}" for i in range(part, ROWS, 2)]
            archive.writestr(f"part-{part}.csv", "id,text\n" + "\n".join(lines))
    files = f"zip://part-*.csv::{at('rows.zip')}"
    stream = load_dataset("csv", data_files=files, split="train", streaming=True, storage_options={"webhdfs": alice.fsspec})
    assert [row["id"] for row in stream.take(5)] == [0, 2, 4, 6, 8]
    assert sorted(row["id"] for row in stream) == rows["id"]


def test_save_to_disk(rows, options, at, fs, place):
    parts = DatasetDict(train=Dataset.from_dict(rows), test=Dataset.from_dict({k: v[:100] for k, v in rows.items()}))
    parts.save_to_disk(at("saved"), num_shards={"train": 3, "test": 1}, storage_options=options)
    assert len(fs.glob(f"{place}/saved/train/*.arrow")) == 3
    back = load_from_disk(at("saved"), storage_options=options)
    assert {split: part.num_rows for split, part in back.items()} == {"train": ROWS, "test": 100}
    assert back["train"]["text"] == rows["text"] and back["test"].features == parts["test"].features


def test_what_is_refused(rows, options, bob, at, cache):
    Dataset.from_dict(rows).to_csv(at("rows.csv"), storage_options=options)
    with pytest.raises(FileNotFoundError):
        load_dataset("csv", data_files=at("missing.csv"), split="train", storage_options=options, cache_dir=cache)
    with pytest.raises(FileNotFoundError):
        load_from_disk(at("missing"), storage_options=options)
    as_bob = {"host": bob.host, "port": bob.port} | bob.fsspec
    with pytest.raises(PermissionError, match="user=bob"):
        Dataset.from_dict(rows).save_to_disk(at("stolen"), storage_options=as_bob)
    with pytest.raises((PermissionError, FileNotFoundError)):
        load_dataset("csv", data_files=at("rows.csv"), split="train", storage_options=as_bob, cache_dir=cache)
