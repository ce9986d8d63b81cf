"""What the published tests of hdfs build on."""

import os

from hdfs import InsecureClient, TokenClient


def save_config(config, path=None):
    with open(path or config.path, "w") as f:
        config.write(f)


class _IntegrationTest:
    """A class of tests with a client, whose folder is empty before each of them."""

    authentication = "user.name"

    @classmethod
    def setup_class(cls):
        root = f"/user/alice/hdfs-{cls.__module__}-{cls.__name__}"
        if cls.authentication == "token":
            cls.client = TokenClient(os.environ["GRANARY_URL"], token=os.environ["GRANARY_TOKEN"], root=root)
        else:
            # As in a new installation of Hadoop, the superuser.
            cls.client = InsecureClient(os.environ["GRANARY_SIMPLE_URL"], user="root", root=root)

    @classmethod
    def teardown_class(cls):
        cls.client.delete("", recursive=True)

    def setup_method(self):
        self.client.delete("", recursive=True)

    def _read(self, path, encoding=None):
        with self.client.read(path, encoding=encoding) as reader:
            return reader.read()

    def _write(self, path, data=None, encoding=None):
        self.client.write(path, data=data, encoding=encoding)

    def _exists(self, path):
        return self.client.status(path, strict=False) is not None
