"""Takes from the environment where the service is and who the user is."""

import os
import sys
from urllib.parse import urlsplit

from hdfs import TokenClient

URL = os.environ.get("GRANARY_URL", "http://127.0.0.1:9870")

# The folders of the example: the dataset belongs to alice, what is made from it to bob.
DATASET = "/user/alice/digits"
WORK = "/user/bob/digits"
RUN = f"{WORK}/logs/sgd"


def token():
    """Returns the token of the user who runs the script."""
    try:
        return os.environ["GRANARY_TOKEN"]
    except KeyError:
        sys.exit("GRANARY_TOKEN is not set: put a token of `granary token create` there")


def client():
    """Returns a client for whole files and folders, permissions and checksums."""
    return TokenClient(URL, token=token())


def uri(path):
    """Returns the address of a file for pandas and others that use fsspec: with a port, or fsspec would use Hadoop's."""
    service = urlsplit(URL)
    port = "" if service.port else ":443" if service.scheme == "https" else ":80"
    return f"webhdfs://{service.netloc}{port}{path}"


def storage_options():
    """Returns what pandas passes on to fsspec: the address of a file does not say whether the service uses TLS."""
    return {"token": token(), "use_https": urlsplit(URL).scheme == "https"}


def environment():
    """Returns an environment for a program that does not configure fsspec, which takes a filesystem's arguments from there, too."""
    options = {"FSSPEC_WEBHDFS_TOKEN": token()}
    if urlsplit(URL).scheme == "https":
        options["FSSPEC_WEBHDFS_USE_HTTPS"] = "true"
    return os.environ | options
