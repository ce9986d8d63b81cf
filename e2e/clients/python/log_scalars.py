"""Train nothing, log much: the second process of test_tensorboard.py.

    log_scalars.py URL FOLDER RUN < STEPS

TensorBoard's own writer writes event files into a local folder; what is new in them is appended to files in FOLDER of the
service at URL, as a job does that shows its progress. For each number N read from standard input it logs N more steps of
two scalars, and once they are stored it prints them as JSON: tag → [[wall time, step, value], …].
"""

import json
import math
import os
import struct
import sys
import tempfile
import time
from pathlib import Path

from hdfs import TokenClient
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.event_file_writer import EventFileWriter


def as_float32(value):
    """What is left of a value in an event file."""
    return struct.unpack("f", struct.pack("f", value))[0]


def main(url, folder, run):
    client = TokenClient(url, token=os.environ["GRANARY_TOKEN"])
    with tempfile.TemporaryDirectory() as local:
        writer = EventFileWriter(local)
        stored = {}
        step = 0
        for line in sys.stdin:
            logged = {"loss": [], "accuracy/val": []}
            for _ in range(int(line)):
                values = {"loss": math.exp(-step / 50) + 1e-3 * math.sin(step), "accuracy/val": 1 - 1 / (step + 1.5)}
                now = time.time()
                for tag, value in values.items():
                    summary = Summary(value=[Summary.Value(tag=tag, simple_value=value)])
                    writer.add_event(Event(wall_time=now, step=step, summary=summary))
                    logged[tag].append([now, step, as_float32(value)])
                step += 1
            writer.flush()
            for file in Path(local).iterdir():
                data = file.read_bytes()
                path = f"{folder}/{run}/{file.name}"
                client.write(path, data=data[stored.get(path, 0) :], append=path in stored)
                stored[path] = len(data)
            print(json.dumps(logged), flush=True)
        writer.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
