"""DuckDB on webhdfs:// addresses, through the fsspec filesystem that its user registers."""

import duckdb
import fsspec
import pytest

CLIENT = "DuckDB"
VERSION = duckdb.__version__


@pytest.fixture
def fs(alice):
    return fsspec.filesystem("webhdfs", host=alice.host, port=alice.port, skip_instance_cache=True, **alice.fsspec)


@pytest.fixture
def db(fs):
    with duckdb.connect() as connection:
        connection.register_filesystem(fs)
        yield connection


@pytest.fixture
def at(alice, place):
    """Makes addresses of files in alice's folder."""
    return lambda name: alice.uri(f"{place}/{name}")


ROWS = 100_000
TABLE = f"select i as id, i % 3 as kind, sqrt(i) as score, 'name ' || i as name from range({ROWS}) t(i)"


@pytest.mark.parametrize("form", ["parquet", "csv", "json"])
def test_copy_there_and_back(db, at, form):
    db.execute(f"copy ({TABLE}) to '{at('table.' + form)}' (format {form})")
    assert db.sql(f"from '{at('table.' + form)}'").columns == ["id", "kind", "score", "name"]
    assert db.execute(f"select count(*), sum(id), min(name), max(score) from '{at('table.' + form)}'").fetchone() == (
        db.execute(f"select count(*), sum(id), min(name), max(score) from ({TABLE})").fetchone()
    )


def test_what_is_written_is_parquet(db, fs, at, place):
    db.execute(f"copy ({TABLE}) to '{at('table.parquet')}' (format parquet, row_group_size 20000)")
    groups = db.execute(
        f"select count(distinct row_group_id), sum(row_group_num_rows) from parquet_metadata('{at('table.parquet')}') "
        "where path_in_schema = 'id'"
    ).fetchone()
    assert groups == (5, ROWS)
    with fs.open(f"{place}/table.parquet", "rb") as f:
        assert f.read(4) == b"PAR1"
        f.seek(-4, 2)
        assert f.read() == b"PAR1"


def test_a_filter_reads_ranges(db, fs, at, place):
    db.execute(f"copy ({TABLE}) to '{at('table.parquet')}' (format parquet, row_group_size 20000)")
    found = db.execute(f"select name from read_parquet('{at('table.parquet')}') where id between 43456 and 43458 order by id")
    assert found.fetchall() == [("name 43456",), ("name 43457",), ("name 43458",)]


def test_many_files(db, fs, at, place):
    for part in range(5):
        db.execute(f"copy (from ({TABLE}) where id % 5 = {part}) to '{at(f'part-{part}.parquet')}' (format parquet)")
    assert db.execute(f"select count(*), sum(id) from '{at('part-*.parquet')}'").fetchone() == (ROWS, ROWS * (ROWS - 1) // 2)
    files = db.execute(f"select file from glob('{at('*.parquet')}') order by 1").fetchall()
    assert [f.rsplit("/", 1)[1] for (f,) in files] == [f"part-{part}.parquet" for part in range(5)]


def test_overwrite(db, at):
    """By default DuckDB writes beside an existing file and has fsspec rename over it, which HDFS does not do. fsspec does not
    look at the answer, but it names the target by its address, and that is refused: nobody takes it for done."""
    db.execute(f"copy (from range(1000)) to '{at('table.csv')}' (format csv)")
    with pytest.raises(duckdb.Error, match="is not an absolute path"):
        db.execute(f"copy (from range(10)) to '{at('table.csv')}' (format csv)")
    assert db.execute(f"select count(*) from '{at('table.csv')}'").fetchone() == (1000,)
    db.execute(f"copy (from range(10)) to '{at('table.csv')}' (format csv, use_tmp_file false)")
    assert db.execute(f"select count(*) from '{at('table.csv')}'").fetchone() == (10,)


def test_attributes_of_arrow(db, at):
    """What it read goes on as a data frame and as Arrow."""
    db.execute(f"copy ({TABLE}) to '{at('table.parquet')}' (format parquet)")
    table = db.sql(f"from '{at('table.parquet')}' where kind = 1").to_arrow_table()
    assert table.num_rows == ROWS // 3
    frame = db.execute(f"select kind, count(*) as n from '{at('table.parquet')}' group by kind order by kind").df()
    assert list(frame["n"]) == [33_334, 33_333, 33_333]


def test_what_is_refused(db, alice, bob, at, place):
    db.execute(f"copy (from range(3)) to '{at('table.csv')}' (format csv)")
    with pytest.raises((duckdb.IOException, FileNotFoundError), match="missing"):
        db.sql(f"from '{at('missing.parquet')}'")
    intruder = duckdb.connect()
    intruder.register_filesystem(
        fsspec.filesystem("webhdfs", host=bob.host, port=bob.port, skip_instance_cache=True, **bob.fsspec)
    )
    # Whether a file may not be seen or is not there, fsspec does not tell.
    with pytest.raises(duckdb.IOException, match="No files found"):
        intruder.execute(f"from '{at('table.csv')}'")
    with pytest.raises(duckdb.Error, match="403|user=bob"):
        intruder.execute(f"copy (from range(4)) to '{at('table.csv')}' (format csv, use_tmp_file false)")
    assert db.execute(f"select count(*) from '{at('table.csv')}'").fetchone() == (3,)
