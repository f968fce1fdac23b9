"""Finished coding played again under each way of choosing."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from annotator.cli.group import (
    AS_JSON,
    BACKGROUND,
    PROJECT,
    main,
    open_project,
    print_json,
    progress_told,
)

if TYPE_CHECKING:
    from annotator.workflow.replaying import Report


@main.command()
@PROJECT
@click.option(
    "--runs",
    type=click.IntRange(1, 20),
    default=3,
    show_default=True,
    help="How often each way is played, from other first sentences; figures are means.",
)
@BACKGROUND
@AS_JSON
def replay(project: Path, runs: int, background: bool, as_json: bool) -> None:
    """Play finished coding again under each way of choosing the next sentence.

    Tells how many labels each would have needed for 80, 90 and 95 % of the F1 that all labels
    reach, beside chance. Scored on the random stream alone.
    """
    from annotator.workflow import replaying

    opened = open_project(project)
    with progress_told(background) as progress:
        report = replaying.run(opened, runs=runs, progress=progress)
    if as_json:
        print_json(replaying.as_json(report))
    elif not background:
        _tell(report)


def _tell(report: Report) -> None:
    from rich.console import Console
    from rich.table import Table

    from annotator.workflow import replaying
    from annotator.workflow.overview import percent
    from annotator.workflow.replaying import GOALS

    table = Table(
        "the next sentences", *(f"labels for {percent(goal)}" for goal in GOALS), "hours saved"
    )
    for curve in report.replay.curves:
        labels = ["–" if need is None else f"{need:.0f}" for need in curve.needed.values()]
        hours = report.hours(curve.order, GOALS[1])
        saved = "–" if hours is None else f"{hours:.1f}"
        table.add_row(replaying.title(curve.order), *labels, saved)
    Console(width=None if sys.stdout.isatty() else 120).print(table)
    played = report.replay
    click.echo(
        f"{played.pool:,} labels to choose from; F1 with all of them {played.full:.2f}, the mean of"
        f" {played.codes} codes on {played.tested:,} sentences of the random stream"
    )
    click.echo(replaying.in_words(report))
