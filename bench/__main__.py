"""`python -m bench [--markdown] [NAME …]`: measure, and print ours, the bar and the peers.

The peers' figures were measured once, on the machine that `bench/peers.toml` names, with their
releases of that day; ours are measured now. Each measure can be named alone.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from annotator.workflow import projects as annotator_projects
from bench import bulk, desk, machine, projects, saves, segmenting, server

SMALL, LARGE = 1_000, 100_000
DECISIONS = 100
LOOP = 10.0  # seconds
PACED = 30.0
STARTS = 5
FEW, MANY = 5_000, 50_000


MARKDOWN = "--markdown"
HEADS = ("measure", "annotator", "must reach", "", "peers")
MARK = {None: "", True: "✓", False: "✗"}


class Row(NamedTuple):
    """One line of the table; ``met`` is None where there is no bar to reach."""

    measure: str
    ours: str
    bar: str
    met: bool | None
    peers: str = ""


class Bench:
    """The projects that measures share, each made when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = folder / "home"
        self.peers = tomllib.loads((Path(__file__).with_name("peers.toml")).read_text("utf-8"))

    def project(self, units: int) -> Path:
        """A project of that size."""
        place = self.folder / f"bench-{units}.annotator"
        if not place.is_file():
            projects.project(place, units).store.close()
            annotator_projects.close_project(place)
        return place

    def row(self, key: str, measure: str, ours: str, bar: str, met: bool | None) -> Row:
        """A line with the peers' figures of that key."""
        return Row(measure, ours, bar, met, self.peers["figures"].get(key, ""))


def felt(bench: Bench) -> Iterator[Row]:
    """A coder at the desk."""
    for units in (SMALL, LARGE):
        found = desk.felt(bench.home, bench.project(units), DECISIONS)
        for key, name, values, most in (
            ("painted", "Enter → next sentence painted", found.painted, 25),
            ("durable", "Enter → save on the disk and acknowledged", found.durable, 15),
        ):
            p50, p95 = statistics.median(values), sorted(values)[int(len(values) * 0.95)]
            yield bench.row(
                f"{key}-{units}",
                f"{name}, {units:,} units (n={len(values)})",
                f"p50 {p50:.1f}, p95 {p95:.1f} ms",
                f"p95 ≤ {most} ms",
                p95 <= most and len(values) >= DECISIONS * 0.95,
            )


def team(bench: Bench) -> Iterator[Row]:
    """32 coders at one save a second, then as fast as they can."""
    place = bench.project(LARGE)
    with server.served(bench.home, place) as port:
        load = saves.paced(place, port, 32, PACED)
        yield bench.row(
            "paced",
            f"32 coders at one save a second for {PACED:.0f} s (n={len(load.seconds)})",
            f"p50 {load.quantile(0.5):.1f}, p95 {load.quantile(0.95):.1f} ms, {load.lost} lost",
            "p95 ≤ 15 ms, none lost",
            load.quantile(0.95) <= 15 and not load.lost,
        )
        for sessions in (1, 8, 32):
            load = saves.closed_loop(place, port, sessions, LOOP)
            yield bench.row(
                f"loop-{sessions}",
                f"closed loop, {sessions} sessions for {LOOP:.0f} s",
                f"{load.rate:.0f} saves/s, p95 {load.quantile(0.95):.1f} ms, {load.lost} lost",
                "≥ 500 saves/s, none lost",
                load.rate >= 500 and not load.lost,
            )


def long_day(bench: Bench) -> Iterator[Row]:
    """Ten thousand saves of one coder."""
    place = bench.project(LARGE)
    with server.served(bench.home, place) as port:
        first, last = saves.long_day(place, port, 10_000)
    yield bench.row(
        "long-day",
        "save number 10,000 of one coder against the first of another (medians of 500 in turns)",
        f"{last:.2f} ms against {first:.2f} ms: × {last / first:.2f}",
        "× ≤ 1.2",
        last <= 1.2 * first,
    )


def import_(bench: Bench) -> Iterator[Row]:
    """Articles in: from one table, from text files, and how much memory many files take."""
    folder = bench.folder
    cases = (
        ("one CSV of 100,000 rows, each a unit", 5, ("--unit", "row"),
         projects.table(folder / "rows.csv", LARGE, per_row=1)),
        ("one CSV of 5,000 articles", 5, (),
         projects.table(folder / "articles.csv", LARGE, per_row=projects.ARTICLE)),
        ("5,000 text files", 20, (), projects.articles(folder / "articles", LARGE)),
    )  # fmt: skip
    for name, bar, words, place in cases:
        took = _imported(bench, place, *words)
        units = len(saves.units_of(bench.folder / f"{place.name}.annotator"))
        yield bench.row(
            "import",
            f"import of {units:,} sentences from {name}",
            f"{took.seconds:.1f} s, {took.megabytes:.0f} MB at most",
            f"≤ {bar} s, < 600 MB",
            took.seconds <= bar and took.megabytes < 600,
        )
    few, many = (
        _imported(bench, projects.one_sentence_files(folder / f"notes-{number}", number))
        for number in (FEW, MANY)
    )
    yield bench.row(
        "tiny-files",
        f"memory of importing {MANY:,} files of one sentence, against {FEW:,}",
        f"{many.megabytes:.0f} MB against {few.megabytes:.0f} MB, in {many.seconds:.0f} s",
        "× ≤ 1.5, < 600 MB",
        many.megabytes <= 1.5 * few.megabytes and many.megabytes < 600,
    )


def _imported(bench: Bench, place: Path, *words: str) -> bulk.Imported:
    project = bench.folder / f"{place.name}.annotator"
    projects.empty(project)
    annotator_projects.close_project(project)
    return bulk.imported(bench.home, project, place, *words)


def segmenting_(bench: Bench) -> Iterator[Row]:
    """Text to units, on one core."""
    speed = segmenting.articles(LARGE)
    yield bench.row(
        "segment",
        f"{speed.units:,} sentences of articles cut, one core",
        f"{speed.megabytes:.1f} MB/s",
        "≥ 8 MB/s",
        speed.megabytes >= 8,
    )
    speed = segmenting.rows(LARGE)
    yield bench.row(
        "segment-rows",
        f"{speed.texts:,} documents of one sentence cut",
        f"{speed.microseconds:.1f} µs each",
        "≤ 15 µs",
        speed.microseconds <= 15,
    )
    speed = segmenting.languages(10_000)
    yield bench.row(
        "language",
        f"language of {speed.texts:,} sentences",
        f"{speed.microseconds:.1f} µs each",
        "≤ 60 µs",
        speed.microseconds <= 60,
    )


def export(bench: Bench) -> Iterator[Row]:
    """Labels out."""
    made = projects.project(bench.folder / "export.annotator", 10_500)
    projects.annotate(made, 10_000)
    seconds, size = bulk.exported(made)
    yield bench.row(
        "export",
        f"export of 10,000 coded units, every column ({size / 1e6:.0f} MB)",
        f"{seconds:.2f} s",
        "≤ 0.5 s",
        seconds <= 0.5,
    )


def start(bench: Bench) -> Iterator[Row]:
    """From nothing to a sentence on the screen."""
    cases = [("the sample, built at this start", [])]
    cases += [(f"{n:,} units", [str(bench.project(n))]) for n in (SMALL, LARGE)]
    for name, words in cases:
        taken = []
        for number in range(STARTS + 1):
            home = bench.folder / f"start-{len(words)}-{number}"
            taken.append(desk.usable(home, *words))
        middle = statistics.median(taken[1:])  # the first warms the disk cache
        yield bench.row(
            "start",
            f"process start → sentence on the screen, {name} (n={STARTS})",
            f"{middle:.2f} s ({min(taken[1:]):.2f}–{max(taken[1:]):.2f})",
            "≤ 3 s",
            middle <= 3,
        )


MEASURES: dict[str, Callable[[Bench], Iterator[Row]]] = {
    "felt": felt,
    "team": team,
    "long-day": long_day,
    "import": import_,
    "segmenting": segmenting_,
    "export": export,
    "start": start,
}


def main(words: list[str]) -> int:
    """Measure what is named, or everything; 1 where a bar was missed."""
    markdown, names = MARKDOWN in words, [word for word in words if word != MARKDOWN]
    console = Console(width=None if sys.stdout.isatty() else 200)
    if unknown := set(names) - set(MEASURES):
        console.print(f"no measure {', '.join(unknown)}; there are: {', '.join(MEASURES)}")
        return 2
    about = machine.described()
    console.print(about)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        for name in names or MEASURES:
            for row in MEASURES[name](bench):
                rows.append(row)
                console.print(f"  {row.measure}: {row.ours} {MARK[row.met]}")
        for path in Path(folder).glob("*.annotator"):
            annotator_projects.close_project(path)
    peers = f"Peers: {bench.peers['about']}"
    if markdown:
        sys.stdout.write("\n".join([f"{about}.", "", *_lines(rows), "", peers, ""]))
    else:
        console.print(_table(rows))
        console.print(peers)
    return int(any(row.met is False for row in rows))


def _table(rows: list[Row]) -> Table:
    table = Table(*HEADS, show_lines=True)
    for row in rows:
        table.add_row(row.measure, row.ours, row.bar, MARK[row.met], row.peers)
    return table


def _lines(rows: list[Row]) -> Iterator[str]:
    """The table as docs/speed.md has it."""
    yield f"| {' | '.join(HEADS)} |"
    yield "|---" * len(HEADS) + "|"
    for row in rows:
        yield f"| {row.measure} | {row.ours} | {row.bar} | {MARK[row.met]} | {row.peers} |"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
