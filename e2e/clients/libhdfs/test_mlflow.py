"""MLflow with its artifacts in the default file system of Hadoop."""

import os
from importlib.metadata import version

import pytest
from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository

CLIENT = "MLflow artifacts"
VERSION = version("mlflow-skinny")


@pytest.fixture
def repository(alice, place, monkeypatch):
    """The artifacts of a run."""
    monkeypatch.setenv("MLFLOW_PYARROW_EXTRA_CONF", f"fs.defaultFS=webhdfs://{alice.host}:{alice.port}")
    return get_artifact_repository(f"hdfs:{place}/run/artifacts")


def listed(repository, path=None):
    return sorted((f.path, f.is_dir, f.file_size) for f in repository.list_artifacts(path))


def test_artifacts(repository, alice, place, tmp_path):
    model = tmp_path / "model"
    (model / "data").mkdir(parents=True)
    (model / "MLmodel").write_text("flavors: {}\n")
    (model / "data" / "weights").write_bytes(os.urandom(3_000_000))
    (tmp_path / "metrics.json").write_text("{}")

    repository.log_artifact(str(tmp_path / "metrics.json"))
    repository.log_artifact(str(tmp_path / "metrics.json"), "evaluation")
    repository.log_artifacts(str(model), "model")
    assert listed(repository) == [("evaluation", True, None), ("metrics.json", False, 2), ("model", True, None)]
    assert listed(repository, "model") == [("model/MLmodel", False, 12), ("model/data", True, None)]
    assert alice.content(f"{place}/run/artifacts/model/data/weights") == (model / "data" / "weights").read_bytes()

    back = tmp_path / "back"
    back.mkdir()
    repository.download_artifacts("model", str(back))
    assert (back / "model" / "data" / "weights").read_bytes() == (model / "data" / "weights").read_bytes()
    assert (back / "model" / "MLmodel").read_text() == "flavors: {}\n"

    repository.log_artifact(str(tmp_path / "metrics.json"), "evaluation")  # again, over what is there
    repository.delete_artifacts("evaluation/metrics.json")
    assert listed(repository, "evaluation") == []
    repository.delete_artifacts()
    assert listed(repository) == []
