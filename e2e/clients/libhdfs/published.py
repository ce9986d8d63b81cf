"""Runs the tests of hdfs that pydoop's source has.

pydoop chooses those for HDFS if the default file system has the scheme hdfs:, so they are added by name here.
"""

import sys
import unittest

import pydoop.test_utils as utils

make_wd = utils.make_wd


def absolute_wd(fs, prefix="pydoop_test_"):
    """Makes the folder of a test. Hadoop's client for WebHDFS fails to look at a relative name, whatever the server."""
    return make_wd(fs, f"/user/alice/{prefix}" if fs.host else prefix)


utils.make_wd = absolute_wd
sys.path.insert(0, sys.argv[1])
import test_core  # noqa: E402
import test_hdfs  # noqa: E402
import test_hdfs_fs  # noqa: E402
import test_path  # noqa: E402

OF_HDFS = """
    capacity default_block_size used chown utime block_size replication set_replication readline_block_boundary get_hosts
""".split()

suite = unittest.TestSuite([test_core.suite(), test_hdfs_fs.suite()])
suite.addTests(test_hdfs_fs.TestHDFS(name) for name in OF_HDFS)
suite.addTests([test_hdfs.suite(), test_path.suite()])
result = unittest.TextTestRunner(verbosity=2).run(suite)
sys.exit(0 if result.wasSuccessful() else 1)
