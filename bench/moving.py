"""Measures of text coming in and labels going out."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from pathlib import Path

from annotator.workflow import projects as annotator_projects
from bench import bulk, projects
from bench.rows import LARGE, Bench, Row

TABLE, FILES, MEGABYTES = 5, 20, 600
"""Seconds from a table and from text files, and memory for either."""

FEW, MANY, GROWTH = 5_000, 50_000, 1.5
"""Files of one sentence, and how much more memory the many may take."""

TIMES = 3
CODED, MORE = 10_000, 500
"""Units that are coded, and others."""

EXPORTED = 0.5  # seconds


def import_(bench: Bench) -> Iterator[Row]:
    """Articles in, from a table."""
    rows = projects.table(bench.folder / "rows.csv", LARGE, per_row=1)
    articles = projects.table(bench.folder / "articles.csv", LARGE, per_row=projects.ARTICLE)
    for name, place, words in (
        ("a CSV of as many rows", rows, ("--unit", "row")),
        (f"a CSV of {LARGE // projects.ARTICLE:,} articles", articles, ()),
    ):
        took = sorted(_imported(bench, place, *words) for _ in range(TIMES))[TIMES // 2]
        yield Row(
            f"import of {LARGE:,} units from {name}: until all can be coded (median of {TIMES})",
            f"{took.there:.1f} s; {took.seconds:.1f} s with speakers and copies found; "
            f"{took.megabytes:.0f} MB at most",
            f"≤ {TABLE} s, < {MEGABYTES} MB",
            took.there <= TABLE and took.megabytes < MEGABYTES,
            "import",
        )


def text_files(bench: Bench) -> Iterator[Row]:
    """Articles in, each from a file of its own."""
    place = projects.articles(bench.folder / "articles", LARGE)
    took = _imported(bench, place)
    yield Row(
        f"import of {LARGE:,} sentences from {LARGE // projects.ARTICLE:,} text files, "
        "speakers and copies found",
        f"{took.seconds:.1f} s, {took.megabytes:.0f} MB at most",
        f"≤ {FILES} s, < {MEGABYTES} MB",
        took.seconds <= FILES and took.megabytes < MEGABYTES,
        "import",
    )


def tiny_files(bench: Bench) -> Iterator[Row]:
    """How much memory very many files take."""
    few, many = (
        _imported(bench, projects.one_sentence_files(bench.folder / f"notes-{number}", number))
        for number in (FEW, MANY)
    )
    yield Row(
        f"memory of importing {MANY:,} files of one sentence, against {FEW:,}, "
        "speakers and copies found",
        f"{many.megabytes:.0f} MB against {few.megabytes:.0f} MB: "
        f"× {many.megabytes / few.megabytes:.2f}, in {many.seconds:.0f} s",
        f"× ≤ {GROWTH}, < {MEGABYTES} MB",
        many.megabytes <= GROWTH * few.megabytes and many.megabytes < MEGABYTES,
    )


def _imported(bench: Bench, place: Path, *words: str) -> bulk.Imported:
    project = bench.folder / f"{place.name}.annotator"
    annotator_projects.discard(project)
    projects.empty(project)
    annotator_projects.close_project(project)
    return bulk.imported(bench.home, project, place, *words)


def export(bench: Bench) -> Iterator[Row]:
    """Labels out, inside the process."""
    made = projects.project(bench.folder / "export.annotator", CODED + MORE)
    projects.annotate(made, CODED)
    taken, size = bulk.exported(made)
    annotator_projects.close_project(made.path)
    middle = statistics.median(taken)
    yield Row(
        f"export of {CODED:,} coded units, all fields ({size / 1e6:.0f} MB), inside the process "
        f"(median of {len(taken)})",
        f"{middle:.2f} s ({min(taken):.2f}–{max(taken):.2f})",
        f"≤ {EXPORTED} s",
        middle <= EXPORTED,
        "export",
    )
