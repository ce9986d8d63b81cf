"""Stands in for the package of the same name in hdfs's repository, whose util.py is not published with the tests."""
