"""pandas on webhdfs:// addresses, with nothing but a token in storage_options."""

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

CLIENT = "pandas"
VERSION = pd.__version__


@pytest.fixture
def frame():
    random = np.random.default_rng(7)
    n = 50_000  # about 2.5 MB of CSV: content of several packages
    return pd.DataFrame(
        {
            "id": np.arange(n),
            "score": random.normal(size=n),
            "label": random.choice(["Katze", "Hund", "Vögel, alle"], size=n),
            "when": pd.date_range("2026-01-01", periods=n, freq="min"),
        }
    )


@pytest.fixture
def options(service):
    return {"token": service.token}


@pytest.mark.parametrize("compression", [None, "gzip"])
def test_csv(service, folder, frame, options, compression):
    uri = service.uri(f"{folder}/frame.csv")
    frame.to_csv(uri, index=False, compression=compression, storage_options=options)
    back = pd.read_csv(uri, parse_dates=["when"], compression=compression, storage_options=options)
    assert_frame_equal(back, frame, check_dtype=False)


def test_csv_in_pieces(service, folder, frame, options):
    uri = service.uri(f"{folder}/frame.csv")
    frame.to_csv(uri, index=False, storage_options=options)
    pieces = pd.read_csv(uri, chunksize=7_000, parse_dates=["when"], storage_options=options)
    assert_frame_equal(pd.concat(pieces), frame, check_dtype=False)


def test_parquet(service, folder, frame, options):
    uri = service.uri(f"{folder}/frame.parquet")
    frame.to_parquet(uri, index=False, row_group_size=5_000, storage_options=options)
    assert_frame_equal(pd.read_parquet(uri, storage_options=options), frame, check_dtype=False)
    some = pd.read_parquet(uri, columns=["id", "label"], filters=[("id", ">=", 48_000)], storage_options=options)
    assert_frame_equal(
        some.reset_index(drop=True),
        frame.loc[frame["id"] >= 48_000, ["id", "label"]].reset_index(drop=True),
        check_dtype=False,
    )


def test_json_lines_and_pickle(service, folder, frame, options):
    head = frame.head(1_000)[["id", "score", "label"]]
    head.to_json(service.uri(f"{folder}/frame.jsonl"), orient="records", lines=True, double_precision=15, storage_options=options)
    back = pd.read_json(service.uri(f"{folder}/frame.jsonl"), lines=True, storage_options=options)
    assert_frame_equal(back, head, check_dtype=False)
    head.to_pickle(service.uri(f"{folder}/frame.pickle"), storage_options=options)
    assert_frame_equal(pd.read_pickle(service.uri(f"{folder}/frame.pickle"), storage_options=options), head)


def test_overwriting_is_whole(service, folder, frame, options):
    uri = service.uri(f"{folder}/frame.csv")
    frame.to_csv(uri, index=False, storage_options=options)
    frame.head(10).to_csv(uri, index=False, storage_options=options)
    assert len(pd.read_csv(uri, storage_options=options)) == 10


def test_what_is_missing_or_forbidden(service, folder, frame, options):
    with pytest.raises(FileNotFoundError):
        pd.read_csv(service.uri(f"{folder}/missing.csv"), storage_options=options)
    frame.head().to_csv(service.uri(f"{folder}/frame.csv"), storage_options=options)
    with pytest.raises(PermissionError, match="user=bob"):
        pd.read_csv(service.uri(f"{folder}/frame.csv"), storage_options={"token": service.bob})
