"""PySpark after granary login."""

import sys

import pyspark

CLIENT = "after granary login: PySpark"
VERSION = pyspark.__version__

CODE = """
from pyspark.sql import SparkSession

spark = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
spark.range(1000).selectExpr("id", "id % 3 part").write.partitionBy("part").parquet(f"{inside}/table")
table = spark.read.parquet(f"{inside}/table")
print(table.count(), table.where("part = 1").selectExpr("sum(id)").first()[0], table.inputFiles()[0].partition(inside)[0])
try:
    spark.read.parquet("/user/alice").count()
except Exception as e:
    print("outside it" in str(e))
"""


def test_parquet(home, service, inside, installed, tmp_path):
    """Written and read back inside its project, without an address; outside it is refused."""
    more = installed | {"SPARK_LOCAL_DIRS": str(tmp_path), "SPARK_LOCAL_IP": "127.0.0.1"}
    said = home.run(sys.executable, "-c", f"inside = {inside!r}\n{CODE}", **more)
    assert said.splitlines() == [f"1000 {sum(range(1, 1000, 3))} webhdfs://{service.host}:{service.port}", "True"]
    found = service.alice.ask("GET", f"{inside}/table", op="LISTSTATUS").json()["FileStatuses"]["FileStatus"]
    assert {s["pathSuffix"] for s in found} == {"_SUCCESS", "part=0", "part=1", "part=2"}
