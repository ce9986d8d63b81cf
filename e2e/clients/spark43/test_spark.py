"""PySpark."""

import pyspark
import pytest
from pyspark.errors import AnalysisException
from pyspark.sql import functions as F

CLIENT = "PySpark"
VERSION = pyspark.__version__

FORMATS = ["parquet", "csv", "json", "orc"]


def numbers(spark, first, last):
    """Rows of a number, its part of three and a text."""
    n = spark.range(first, last, numPartitions=3)
    return n.select("id", (n.id % 3).cast("int").alias("part"), F.concat(F.lit("größe "), n.id).alias("text"))


def names(alice, folder):
    """The names below a folder, without the random part of those that Spark makes."""
    found = []
    for status in alice.ask("GET", folder, op="LISTSTATUS").json()["FileStatuses"]["FileStatus"]:
        name = status["pathSuffix"]
        if status["type"] == "DIRECTORY":
            found += [f"{name}/{n}" for n in names(alice, f"{folder}/{name}")]
        else:
            found.append("part" if name.startswith("part-") else name)
    return sorted(found)


def rows(frame):
    return sorted((r.id, r.part, r.text) for r in frame.collect())


@pytest.mark.parametrize("form", FORMATS)
def test_formats(spark, alice, place, at, form):
    """Writing, appending, overwriting. Nothing of the committer's is left."""
    options = {"header": "true"} if form == "csv" else {}
    first, more = numbers(spark, 0, 1000), numbers(spark, 1000, 1500)

    def found():
        return rows(spark.read.schema(first.schema).options(**options).format(form).load(f"{at}/table"))

    first.write.options(**options).format(form).save(f"{at}/table")
    assert found() == rows(first)
    assert names(alice, f"{place}/table") == ["_SUCCESS", "part", "part", "part"]
    with pytest.raises(AnalysisException, match="PATH_ALREADY_EXISTS"):
        first.write.options(**options).format(form).save(f"{at}/table")
    more.write.mode("append").options(**options).format(form).save(f"{at}/table")
    assert found() == rows(first.union(more))
    more.write.mode("overwrite").options(**options).format(form).save(f"{at}/table")
    assert found() == rows(more)
    assert names(alice, f"{place}/table") == ["_SUCCESS", "part", "part", "part"]


@pytest.mark.parametrize("algorithm", [1, 2])
def test_committers(spark, alice, place, at, algorithm):
    """Algorithm 1 renames the files of each task, and then of the job; 2 renames once."""
    frame = numbers(spark, 0, 3000)
    writer = frame.write.option("mapreduce.fileoutputcommitter.algorithm.version", algorithm)
    writer.partitionBy("part").parquet(f"{at}/table")
    assert rows(spark.read.parquet(f"{at}/table")) == rows(frame)
    assert set(names(alice, f"{place}/table")) == {"_SUCCESS", *(f"part={i}/part" for i in range(3))}


def test_partitions(spark, alice, place, at):
    numbers(spark, 0, 300).write.partitionBy("part").parquet(f"{at}/table")
    table = spark.read.parquet(f"{at}/table")
    assert table.where("part = 1").count() == 100
    assert len(table.where("part = 1").inputFiles()) >= 1
    one = spark.createDataFrame([(5000, 1, "replaced")], "id long, part int, text string")
    one.write.mode("overwrite").partitionBy("part").parquet(f"{at}/table")  # dynamic: only what the frame has
    table = spark.read.parquet(f"{at}/table")
    assert rows(table.where("part = 1")) == [(5000, 1, "replaced")]
    assert table.count() == 201
    assert names(alice, f"{place}/table/part=1") == ["part"]


def test_text(spark, alice, place, at):
    lines = [f"Zeile {i}" for i in range(10_000)]
    spark.sparkContext.parallelize(lines, 4).saveAsTextFile(f"{at}/lines")
    assert spark.sparkContext.textFile(f"{at}/lines").collect() == lines
    assert names(alice, f"{place}/lines") == ["_SUCCESS", "part", "part", "part", "part"]
    compressed = "org.apache.hadoop.io.compress.GzipCodec"
    spark.sparkContext.parallelize(lines, 2).saveAsTextFile(f"{at}/packed", compressed)
    assert sorted(r.value for r in spark.read.text(f"{at}/packed/part-*.gz").collect()) == sorted(lines)


def test_large_file(spark, at):
    """Several tasks read ranges of one file."""
    spark.range(2_000_000).coalesce(1).write.csv(f"{at}/table")
    spark.conf.set("spark.sql.files.maxPartitionBytes", 4 << 20)
    try:
        table = spark.read.schema("id long").csv(f"{at}/table")
        assert table.rdd.getNumPartitions() > 2
        assert table.agg(F.sum("id")).first()[0] == 1_999_999 * 1_000_000
    finally:
        spark.conf.unset("spark.sql.files.maxPartitionBytes")


def test_stream(spark, alice, place, at):
    """What has come is taken up once, with the state of the query in files that it renames."""
    schema = "id long, part int, text string"

    def run():
        source = spark.readStream.schema(schema).json(f"{at}/source")
        query = source.writeStream.option("checkpointLocation", f"{at}/state").trigger(availableNow=True)
        query.format("parquet").start(f"{at}/sink").awaitTermination()
        return rows(spark.read.parquet(f"{at}/sink"))

    numbers(spark, 0, 10).write.json(f"{at}/source")
    assert run() == rows(numbers(spark, 0, 10))
    numbers(spark, 10, 15).write.mode("append").json(f"{at}/source")
    assert run() == rows(numbers(spark, 0, 15))
    assert run() == rows(numbers(spark, 0, 15))
    assert not [n for n in names(alice, f"{place}/state") if ".tmp" in n]


def test_refused(spark, alice, bob, name, at):
    with pytest.raises(AnalysisException, match="PATH_NOT_FOUND"):
        spark.read.parquet(f"{at}/none")
    bob.ask("PUT", f"/tmp/{name}", op="MKDIRS", permission="700")
    with pytest.raises(Exception, match="Permission denied: user=alice"):
        spark.read.text(alice.uri(f"/tmp/{name}/file")).collect()
    with pytest.raises(Exception, match="Permission denied: user=alice"):
        spark.range(3).write.parquet(alice.uri(f"/tmp/{name}/table"))
