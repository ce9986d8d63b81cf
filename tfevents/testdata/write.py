"""Writes the event files of this directory with the writers that people use.

    python3 -m venv venv && venv/bin/pip install tensorboard==2.21.0 tensorboardX==2.6.4 numpy pillow
    venv/bin/python write.py

simple.tfevents is by tensorboardX, with simple_value and image. tensor.tfevents is by TensorBoard's own writer, with tensors of the
plugins scalars and images, as TensorFlow 2 writes them: what TensorFlow adds is only the name of the file.
"""

import glob
import os
import shutil
import tempfile

import numpy as np
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.plugins.image import metadata as image_metadata
from tensorboard.plugins.scalar import metadata as scalar_metadata
from tensorboard.summary.writer.event_file_writer import EventFileWriter
from tensorboard.util import tensor_util
from tensorboardX import SummaryWriter

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)


def keep(directory: str, name: str) -> None:
    (path,) = glob.glob(os.path.join(directory, "*tfevents*"))
    shutil.copy(path, name)


def simple() -> None:
    with tempfile.TemporaryDirectory() as d:
        with SummaryWriter(d) as w:
            for step in range(20):
                w.add_scalar("train/loss", 1 / (step + 1), step, walltime=1700000000 + step)
            w.add_scalar("train/odd", float("nan"), 0, walltime=1700000000)
            w.add_scalar("train/odd", float("inf"), 1, walltime=1700000001)
            w.add_image("sample", np.zeros((3, 2, 4), np.uint8), 7, walltime=1700000007)
        keep(d, "simple.tfevents")


def tensor() -> None:
    with tempfile.TemporaryDirectory() as d:
        w = EventFileWriter(d)
        for step in range(20):
            value = np.float32(1 / (step + 1))
            t = tensor_util.make_tensor_proto(value)
            if step % 2:  # as TensorFlow's C++ writer does
                t.ClearField("float_val")
                t.tensor_content = value.tobytes()
            v = Summary.Value(tag="epoch_loss", tensor=t)
            if step == 0:
                v.metadata.CopyFrom(scalar_metadata.create_summary_metadata(display_name="", description=""))
            w.add_event(Event(wall_time=1700000000 + step, step=step, summary=Summary(value=[v])))
        t = tensor_util.make_tensor_proto([b"1", b"1", PIXEL, PIXEL])
        v = Summary.Value(tag="pixels", tensor=t, metadata=image_metadata.create_summary_metadata("", ""))
        w.add_event(Event(wall_time=1700000007, step=7, summary=Summary(value=[v])))
        w.close()
        keep(d, "tensor.tfevents")


simple()
tensor()
