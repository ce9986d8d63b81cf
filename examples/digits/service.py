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
    """The address of a file for pandas, and whatever else knows fsspec: with a port, without which fsspec takes Hadoop's."""
    service = urlsplit(URL)
    port = "" if service.port else ":443" if service.scheme == "https" else ":80"
    return f"webhdfs://{service.netloc}{port}{path}"


def storage_options():
    """What pandas passes on to fsspec: an address of a file does not say that the service speaks TLS."""
    return {"token": token(), "use_https": urlsplit(URL).scheme == "https"}


def environment():
    """The environment of a program that leaves fsspec alone: fsspec takes the arguments of a filesystem from there, too."""
    options = {"FSSPEC_WEBHDFS_TOKEN": token()}
    if urlsplit(URL).scheme == "https":
        options["FSSPEC_WEBHDFS_USE_HTTPS"] = "true"
    return os.environ | options
