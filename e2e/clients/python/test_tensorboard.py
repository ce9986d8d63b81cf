"""TensorBoard, the program, on a log folder that grows while it watches."""

import contextlib
import json
import os
import re
import subprocess
import sys
import threading
import time
from importlib.metadata import version

import pytest
import requests

CLIENT = "TensorBoard"
VERSION = version("tensorboard")

# TensorBoard says neither when it has looked at its files nor when it will next: it can only be asked again.
PATIENCE = 90  # seconds
AGAIN = 0.25  # seconds


@contextlib.contextmanager
def watching(logdir, environment):
    """The address of a TensorBoard that watches a folder."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tensorboard.main", "--logdir", logdir, "--host", "127.0.0.1", "--port", "0"]
        + ["--reload_interval", "1", "--load_fast", "false", "--samples_per_plugin", "scalars=10000"],
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    said, address = [], threading.Event()

    def listen():
        for line in process.stderr:
            said.append(line)
            if " at http://" in line:
                address.set()
        address.set()  # the end: there is none

    listener = threading.Thread(target=listen)
    listener.start()
    try:
        assert address.wait(PATIENCE), "TensorBoard did not start"
        found = re.search(r" at (http://\S+?)/? ", "".join(said))
        assert found, "".join(said)
        yield found[1]
    finally:
        process.terminate()
        process.wait()
        listener.join()
        process.stderr.close()
    assert "Traceback" not in "".join(said), "".join(said)


@pytest.fixture
def tensorboard(service, folder):
    """The address of a TensorBoard that watches folder, with a token that can change nothing."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GRANARY_")}
    with watching(service.uri(folder), environment | {"FSSPEC_WEBHDFS_TOKEN": service.read_only}) as address:
        yield address


@contextlib.contextmanager
def logging(service, folder):
    """Logs as many steps as it is asked to, and returns what it logged."""
    process = subprocess.Popen(
        [sys.executable, "log_scalars.py", service.url, folder, "run-1"],
        env=os.environ | {"GRANARY_TOKEN": service.token},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def log(steps):
        print(steps, file=process.stdin, flush=True)
        return json.loads(process.stdout.readline())

    yield log
    process.stdin.close()
    assert process.wait() == 0
    process.stdout.close()


@pytest.fixture
def job(service, folder):
    """Logs as many steps as it is asked to, and returns what it logged."""
    with logging(service, folder) as log:
        yield log


def scalars(tensorboard, run, tag):
    """What TensorBoard shows: [[wall time, step, value], …]; empty while it knows nothing of the tag."""
    reply = requests.get(f"{tensorboard}/data/plugin/scalars/scalars", params={"run": run, "tag": tag}, timeout=30)
    if reply.status_code in (400, 404):
        return []
    reply.raise_for_status()
    return reply.json()


def await_scalars(tensorboard, run, tag, steps):
    """What TensorBoard shows once it shows that many steps."""
    give_up = time.monotonic() + PATIENCE
    while len(shown := scalars(tensorboard, run, tag)) < steps:
        assert time.monotonic() < give_up, f"TensorBoard shows {len(shown)} steps of {tag}, not {steps}"
        time.sleep(AGAIN)
    return shown


def test_growing_run(tensorboard, job):
    logged = {"loss": [], "accuracy/val": []}
    # The last one makes of the file what is more than content in the database.
    for steps in (10, 1, 1, 40, 900):
        for tag, values in job(steps).items():
            logged[tag] += values
        for tag, values in logged.items():
            assert await_scalars(tensorboard, "run-1", tag, len(values)) == values
    tags = requests.get(f"{tensorboard}/data/plugin/scalars/tags", timeout=30).json()
    assert {run: sorted(tags) for run, tags in tags.items()} == {"run-1": ["accuracy/val", "loss"]}


def test_after_granary_login(home, service, inside):
    """Nothing but the folder is said to TensorBoard."""
    with logging(service, inside) as log, watching(f"webhdfs://{inside}", home.environment) as address:
        logged = log(3)
        assert await_scalars(address, "run-1", "loss", 3) == logged["loss"]
