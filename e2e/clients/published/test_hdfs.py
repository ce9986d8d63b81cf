"""The tests that are published with the hdfs package, of its client, its command line and its files of records: all that
speak to a server, once with a token and once as somebody who is believed.

Left out are those of snapshots, which Granary does not offer, those that their authors skip, and with a token those that
give files away, which needs a superuser."""

import importlib
import json
import sys
from pathlib import Path

import fastavro
import hdfs

CLIENT = "hdfs (hdfscli), its own tests"
VERSION = hdfs.__version__

PUBLISHED = Path(sys.prefix) / "hdfs" / "test"

# Both packages are named test as one of Python's own is, so theirs must be found first.
sys.path[:0] = [str(Path(__file__).parent), str(PUBLISHED)]
sys.modules.pop("test", None)


def make_data():
    """The files that the tests read are not published with them. These are of the same form."""
    data = PUBLISHED / "dat"
    data.mkdir(exist_ok=True)
    fields = [{"name": "station", "type": "string"}, {"name": "time", "type": "long"}, {"name": "temp", "type": "int"}]
    schema = {"type": "record", "name": "test.Weather", "fields": fields}
    records = [{"station": f"0119{i}-99999", "time": -619524000000 + i, "temp": 11 * i - 22} for i in range(5)]
    (data / "weather.avsc").write_text(json.dumps(schema))
    (data / "weather.jsonl").write_text("".join(json.dumps(r) + "\n" for r in records))
    with open(data / "weather.avro", "wb") as f:
        fastavro.writer(f, schema, records)


def collect():
    from test.util import _IntegrationTest

    for module in "client", "main", "ext_avro", "ext_dataframe":
        for name, tests in vars(importlib.import_module(f"test_{module}")).items():
            if not name.startswith("Test") or not issubclass(tests, _IntegrationTest) or name == "TestSnapshot":
                continue
            for test, function in list(vars(tests).items()):
                if any(mark.name == "skip" for mark in getattr(function, "pytestmark", [])):
                    delattr(tests, test)
            for authentication in "token", "user.name":
                if (name, authentication) != ("TestSetOwner", "token"):
                    of = f"{name}_{module}_{authentication.replace('.', '_')}"
                    globals()[of] = type(of, (tests,), {"authentication": authentication})


make_data()
collect()
