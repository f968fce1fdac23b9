"""`make bench`, or `python -m bench [NAME …]`: the design's table of speed from one run.

Without a name everything that the table promises is measured, in its order; with ``--all`` what
is measured besides as well. Figures of peers are those of ``peers.toml`` with their day, and with
``--peers`` those of this run. ``--data`` is a folder of somebody's own: a gold for ``quotations``,
text files for ``duplicates``, labelled sets for ``suggestions``.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from bench import machine, peers, running
from bench.registry import BY_NAME, DESIGN
from bench.report import BEGIN, END, Peer, Report, has_marks, put_into
from bench.rows import Row
from bench.table import MARK

MINUTES = 30
"""How long one measure may take."""

WIDTH = 200


def main(words: Sequence[str] | None = None) -> int:
    """Measure what is asked for; 1 where a bar was missed."""
    asked = _read(words)
    # The table alone goes to stdout, so that it can be sent to a file.
    console = Console(stderr=True, width=None if sys.stderr.isatty() else WIDTH)
    about, begun = machine.described(), time.monotonic()
    console.print(about, markup=False, soft_wrap=True)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        others = _peers(asked.peers, Path(folder), console)
        rows = _rows(asked.names, Path(folder), asked.data, console)
    minutes = (time.monotonic() - begun) / 60
    after = f"The run took {minutes:.0f} minutes; load after it {machine.load()}."
    _tell(Report(about, rows, after, others), asked)
    return int(any(row.met is False for row in rows))


def _read(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"What to measure: {', '.join(BY_NAME)}."
    )
    parser.add_argument("--all", action="store_true", help="Measure everything.")
    parser.add_argument("--data", type=Path, metavar="DIR", help="A folder of somebody's own.")
    parser.add_argument(
        "--peers",
        action="store_true",
        help=f"Install {' and '.join(peers.NAMES)} for this run, and measure them too.",
    )
    parser.add_argument("--markdown", action="store_true", help="Write the table as Markdown.")
    parser.add_argument(
        "--into", type=Path, metavar="PAGE", help=f"Put it between {BEGIN} and {END} of a page."
    )
    asked = parser.parse_args(words)
    if strange := set(asked.names) - set(BY_NAME):
        parser.error(f"no measure {', '.join(sorted(strange))}; there are: {', '.join(BY_NAME)}")
    if asked.data and not asked.data.is_dir():
        parser.error(f"{asked.data} is no folder; --data wants the folder of texts or labels")
    if asked.into and not (asked.into.is_file() and has_marks(asked.into.read_text("utf-8"))):
        parser.error(f"{asked.into} is no page with {BEGIN} before {END}; write both into it")
    asked.names = asked.names or list(BY_NAME if asked.all else DESIGN)
    return asked


def _rows(names: Sequence[str], folder: Path, data: Path | None, console: Console) -> list[Row]:
    """The rows of the measures; where one broke off, a row that says so."""
    rows = []
    for number, name in enumerate(names, 1):
        console.print(f"[{number}/{len(names)}] {name} …", markup=False)
        words = ("bench.one", name, str(folder), str(data or ""))
        lines, fault = running.run(words, folder, name, MINUTES)
        found = [Row(*json.loads(line)) for line in lines]
        if fault:
            found.append(Row(BY_NAME[name].design or name, f"broke off: {fault}", met=False))
        for row in found:
            console.print(f"    {row.measure}: {row.ours} {MARK[row.met]}", markup=False)
        rows += found
    return rows


def _peers(wanted: bool, folder: Path, console: Console) -> list[Peer]:
    """What the peers came to, one after the other."""
    found = []
    for name in peers.NAMES if wanted else ():
        console.print(f"[peer] {name} …", markup=False)
        one = peers.measured(name, folder)
        for key, figure in one.figures.items():
            console.print(f"    {key}: {figure}", markup=False)
        if one.fault:
            console.print(f"    broke off: {one.fault}", markup=False)
        found.append(one)
    return found


def _tell(report: Report, asked: argparse.Namespace) -> None:
    if asked.into:
        page = asked.into.read_text("utf-8")
        asked.into.write_text(put_into(page, report.markdown()), "utf-8")
    if asked.markdown:
        sys.stdout.write(report.markdown())
    elif not asked.into:
        report.print(Console(width=None if sys.stdout.isatty() else WIDTH))


if __name__ == "__main__":
    sys.exit(main())
