"""Where the service is and who is asking, from the environment."""

import os
import sys
from urllib.parse import urlsplit

from hdfs import TokenClient

URL = os.environ.get("GRANARY_URL", "http://127.0.0.1:9870")

# The folders of the example: the dataset is alice's, what is made from it is bob's.
DATASET = "/user/alice/digits"
WORK = "/user/bob/digits"
RUN = f"{WORK}/logs/sgd"


def token():
    """The token of whoever runs the script."""
    try:
        return os.environ["GRANARY_TOKEN"]
    except KeyError:
        sys.exit("GRANARY_TOKEN is not set: put a token of `granary token create` there")


def client():
    """A client for whole files and folders, permissions and checksums."""
    return TokenClient(URL, token=token())


def uri(path):
    """The address of a file for pandas, and whatever else knows fsspec."""
    return f"webhdfs://{urlsplit(URL).netloc}{path}"


def storage_options():
    """What pandas passes on to fsspec."""
    return {"token": token()}
