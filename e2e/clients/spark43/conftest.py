"""One Spark for all scenarios of a file, as a JVM takes seconds to start."""

import os

import pytest
from pyspark.sql import SparkSession


@pytest.fixture(scope="session")
def spark(tmp_path_factory):
    """Spark on this machine, in alice's hands: it takes her token to the server that it is for, and says to the other that
    it is alice."""
    os.environ |= {"HADOOP_TOKEN_FILE_LOCATION": os.environ["GRANARY_TOKEN_FILE_ALICE"], "HADOOP_USER_NAME": "alice"}
    builder = SparkSession.builder.master("local[2]").appName("granary")
    for name, value in {
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.memory": "1g",
        "spark.local.dir": tmp_path_factory.mktemp("spark"),
        "spark.sql.shuffle.partitions": 2,
        "spark.sql.sources.partitionOverwriteMode": "dynamic",
        "spark.sql.warehouse.dir": tmp_path_factory.mktemp("warehouse"),
        "spark.ui.enabled": "false",
    }.items():
        builder = builder.config(name, str(value))
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


@pytest.fixture
def at(alice, place):
    """The URI of a new folder of alice's."""
    return alice.uri(place)
