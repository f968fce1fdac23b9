"""Benchmarks: `python -m bench` measures and prints a table; never part of the tests."""
