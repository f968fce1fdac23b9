"""`python -m bench.one NAME FOLDER DATA LINES`: one measure; its rows are appended to a file."""

from __future__ import annotations

import sys
from pathlib import Path

from bench.registry import BY_NAME
from bench.rows import Bench
from bench.running import say


def main(name: str, folder: str, data: str, lines: str) -> None:
    """Measure, telling each row as it is there; an empty ``data`` is none."""
    bench = Bench(Path(folder), Path(data) if data else None)
    for row in BY_NAME[name].rows(bench):
        say(Path(lines), row)


if __name__ == "__main__":
    main(*sys.argv[1:])
