"""The tests that are published with dvc-webhdfs, and those of DVC for any kind of storage. They start a Hadoop in a
container; here stands a Granary in its place, which believes that they are root."""

import uuid
from contextlib import contextmanager
from importlib.metadata import version
from urllib.parse import urlsplit

import pytest
from dvc.testing.fixtures import *  # noqa: F403
from dvc.testing.workspace_tests import TestGetUrl as _TestGetUrl
from dvc.testing.workspace_tests import TestLsUrl as _TestLsUrl
from dvc.testing.workspace_tests import TestToRemote  # noqa: F401
from dvc_webhdfs.tests.cloud import WebHDFS
from dvc_webhdfs.tests.test_dvc import TestAPI, TestImport, TestRemote, remote, workspace  # noqa: F401
from hdfs import InsecureClient

CLIENT = "DVC, its own tests"
VERSION = f"{version('dvc')}, dvc-webhdfs {version('dvc-webhdfs')}"
AUTHENTICATION = "user.name"


@pytest.fixture(scope="session")
def worker_id():
    """What pytest-xdist would say of the only process."""
    return "master"


class Folder(WebHDFS):
    """A folder of the service, for its superuser, and with what DVC has come to ask of one since."""

    @property
    def config(self):
        return {"url": self.url, "user": "root"}

    @contextmanager
    def _webhdfs(self):
        yield InsecureClient(f"http://{self.host}:{self.port}", "root", root="/")

    def unlink(self, missing_ok=False):
        self.rmdir(recursive=False)

    def rmdir(self, recursive=True):
        with self._webhdfs() as client:
            assert client.delete(self.path, recursive=recursive)


@pytest.fixture
def make_webhdfs(simple_url):
    return lambda: Folder(f"webhdfs://{urlsplit(simple_url).netloc}/{uuid.uuid4()}")


class TestLsUrl(_TestLsUrl):
    @pytest.fixture
    def cloud(self, make_webhdfs):
        return make_webhdfs()


class TestGetUrl(_TestGetUrl):
    @pytest.fixture
    def cloud(self, make_webhdfs):
        return make_webhdfs()
