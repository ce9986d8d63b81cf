"""Logs scalars for TensorBoard directly into Granary."""

import io
import time

from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.record_writer import RecordWriter


class ScalarLog:
    """An event file that grows by one append per step, so that each step can be seen at once."""

    def __init__(self, client, folder):
        self.client = client
        # TensorBoard recognizes event files by their names.
        self.path = f"{folder}/events.out.tfevents.{int(time.time())}.digits"
        client.write(self.path, data=record(Event(wall_time=time.time(), file_version="brain.Event:2")))

    def log(self, step, scalars):
        """Appends the values of a step, a dict by tag, and returns the time that it recorded with them."""
        now = time.time()
        values = [Summary.Value(tag=tag, simple_value=value) for tag, value in scalars.items()]
        event = Event(wall_time=now, step=step, summary=Summary(value=values))
        self.client.write(self.path, data=record(event), append=True)
        return now


def record(event):
    """Returns an event as it is stored in a file: with its length and checksums."""
    buffer = io.BytesIO()
    RecordWriter(buffer).write(event.SerializeToString())
    return buffer.getvalue()
