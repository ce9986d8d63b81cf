"""hdfscli, the package hdfs, fsspec and pandas after granary login, with nothing else said about the service."""

import json
import subprocess
import sys

import hdfs
import pytest

CLIENT = "after granary login: hdfs (hdfscli), fsspec, pandas"
VERSION = hdfs.__version__

pytestmark = pytest.mark.usefixtures("service")


def test_hdfscli(home, service, inside, tmp_path):
    (tmp_path / "local").write_text("one\ntwo\n")
    command = [sys.executable, "-m", "hdfs"]
    home.run(*command, "upload", str(tmp_path / "local"), f"{inside}/file")
    assert service.alice.content(f"{inside}/file") == b"one\ntwo\n"
    assert home.run(*command, "download", f"{inside}/file", "-") == "one\ntwo\n"
    refused = subprocess.run([*command, "download", "/user/alice", "-"], env=home.environment, capture_output=True, text=True)
    assert refused.returncode != 0 and "outside it" in refused.stderr, refused


def test_hdfs(home, inside):
    code = f"""
from hdfs import Config
client = Config().get_client()
client.write("{inside}/file", "größer", encoding="utf-8")
with client.read("{inside}/file", encoding="utf-8") as f:
    print(f.read(), client.list("{inside}"))
"""
    assert home.run(sys.executable, "-c", code) == "größer ['file']\n"


@pytest.mark.parametrize("host", ["", "the service's"])
def test_pandas(home, service, inside, host):
    """The host may be left out."""
    at = f"webhdfs://{service.host}:{service.port}{inside}" if host else f"webhdfs://{inside}"
    code = f"""
import fsspec, pandas
pandas.DataFrame({{"a": [1, 2], "b": ["x", "y"]}}).to_parquet("{at}/table.parquet")
print(pandas.read_parquet("{at}/table.parquet").to_dict("list"))
with fsspec.open("{at}/table.parquet") as f:
    print(f.read(4))
"""
    assert home.run(sys.executable, "-c", code) == "{'a': [1, 2], 'b': ['x', 'y']}\nb'PAR1'\n"


def test_logout(service, inside, tmp_path, log_in):
    """Its token is good for nothing afterwards, and nothing of the login is left."""
    home = log_in(service.url, service.token, tmp_path / "home")
    token = home.token
    list_it = ["-c", f"from hdfs import TokenClient; print(TokenClient('{service.url}', '{token}').list('{inside}'))"]
    assert json.loads(home.run(sys.executable, *list_it).replace("'", '"')) == []
    home.granary("logout")
    assert list(home.path.iterdir()) == []
    refused = subprocess.run([sys.executable, *list_it], env=home.environment, capture_output=True, text=True)
    assert "revoked" in refused.stderr, refused
