"""The lines that the file manager shows for pydoop and PySpark, as they are, on a machine that has never seen the service."""

import os
import subprocess
import sys

import pyspark
import pytest

CLIENT = "lines of the file manager: pydoop, PySpark"
VERSION = pyspark.__version__


@pytest.fixture
def run(service, shown, installed, tmp_path):
    """Runs both pieces of a way and a deed in a new home: the one for a terminal, which starts Python with the other."""

    def run(way, deed):
        shell, python = shown(way, deed)
        for folder in ("bin", "home"):
            (tmp_path / folder).mkdir(exist_ok=True)
        for name, program in (("granary", os.environ["GRANARY_BINARY"]), ("python", sys.executable)):
            if not (tmp_path / "bin" / name).exists():
                # A link would make a Python of another environment of it.
                (tmp_path / "bin" / name).write_text(f'#!/bin/sh\nexec "{program}" "$@"\n')
                (tmp_path / "bin" / name).chmod(0o755)
        about_it = ("GRANARY_", "HADOOP_", "HDFSCLI_", "FSSPEC_", "XDG_")
        environment = {k: v for k, v in os.environ.items() if not k.startswith(about_it)} | installed
        environment |= {"HOME": str(tmp_path / "home"), "GRANARY_TOKEN": service.token, "SPARK_LOCAL_IP": "127.0.0.1"}
        environment["PATH"] = f"{tmp_path / 'bin'}:{environment['PATH']}"
        done = subprocess.run(["bash", "-c", shell], env=environment, input=python, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, f"{shell}\n{python}\n{done}"
        return done.stdout

    return run


def test_pydoop(run, service, inside):
    run("pydoop", "write")
    assert service.alice.content(f"{inside}/hello.txt") == b"hello\n"
    assert run("pydoop", "read the folder").splitlines()[-1].endswith(f"{inside}/hello.txt")
    assert run("pydoop", "read a file").splitlines()[-1] == "b'hello\\n'"


def test_pyspark(run, service, inside):
    service.alice.put(f"{inside}/ages.csv", b"name,age\nAda,36\n")
    service.alice.put(f"{inside}/hello.txt", b"hello\n")
    assert f"{inside}/hello.txt" in run("PySpark", "read the folder")
    assert "|Ada | 36|" in run("PySpark", "read a table").replace("| Ada|", "|Ada |")
    assert "|hello|" in run("PySpark", "read a file")
    run("PySpark", "write")
    found = service.alice.ask("GET", f"{inside}/numbers.parquet", op="LISTSTATUS").json()["FileStatuses"]["FileStatus"]
    assert "_SUCCESS" in {s["pathSuffix"] for s in found}
