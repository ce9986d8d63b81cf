"""Bob reads his scalars back through TensorBoard and compares them with what he logged, value by value."""

import json
import os
import re
import subprocess
import sys
import threading
import time
from collections import defaultdict, deque

import requests

import service

PATIENCE = 120  # seconds


def start_tensorboard():
    """Starts TensorBoard on a free port and returns its process and address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tensorboard.main", "--logdir", service.uri(os.path.dirname(service.RUN))]
        + ["--host", "127.0.0.1", "--port", "0", "--reload_interval", "1", "--load_fast", "false"],
        env=service.environment(),
        stderr=subprocess.PIPE,
        text=True,
    )
    said = []
    for line in process.stderr:
        said.append(line)
        if found := re.search(r" at (http://\S+?)/? ", line):
            # The rest of its output must be read, too: it would block on a full pipe.
            threading.Thread(target=deque, args=(process.stderr, 0), daemon=True).start()
            return process, found[1]
    sys.exit("TensorBoard did not start:\n" + "".join(said))


def scalars(tensorboard, tag, steps):
    """Returns what TensorBoard shows for a tag, once it has read that many steps: [[time, step, value], …]."""
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        reply = requests.get(
            f"{tensorboard}/data/plugin/scalars/scalars", params={"run": os.path.basename(service.RUN), "tag": tag}, timeout=30
        )
        if reply.ok and len(reply.json()) >= steps:
            return reply.json()
        time.sleep(0.5)
    sys.exit(f"TensorBoard does not show {steps} steps of {tag}")


def main():
    with service.client().read(f"{service.RUN}/logged.json") as reader:
        logged = defaultdict(list)
        for tag, *value in json.load(reader):
            logged[tag].append(value)

    process, tensorboard = start_tensorboard()
    try:
        for tag, values in sorted(logged.items()):
            shown = scalars(tensorboard, tag, len(values))
            assert shown == values, f"{tag}: TensorBoard shows {shown}, logged was {values}"
            print(f"{tag:16} {len(shown)} steps as logged, from {shown[0][2]:.4f} to {shown[-1][2]:.4f}")
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    main()
