"""Labels in and out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from annotator.cli.group import (
    AS_JSON,
    BACKGROUND,
    FILE,
    PROJECT,
    main,
    open_project,
    progress_bar,
    progress_told,
    report_json,
)
from annotator.cli.label_options import answer_options, read_answers
from annotator.core.counting import counted


@main.command()
@PROJECT
@click.argument("file", type=FILE)
@click.option("--coder", default=None, help="Whose annotations these are.")
@answer_options
@click.option(
    "--create", is_flag=True, help="Make a one-unit document of each row no unit matches."
)
@click.option(
    "--spans",
    type=FILE,
    default=None,
    help="With our own labels.csv: the table of evidence, exported with --format spans.",
)
@click.option("--skip-unmatched", is_flag=True, help="Leave out rows that match no unit.")
@click.option(
    "--dates",
    type=click.Choice(["day-first", "month-first"]),
    default=None,
    help="With --create: which number comes first in dates like 03/04/2031.",
)
@click.option("--dry-run", is_flag=True, help="Show what would be recorded; store nothing.")
@AS_JSON
def code(project: Path, file: Path, as_json: bool, **options: Any) -> None:
    """Bring in annotations: our own labels.csv, or any table of texts and labels.

    What is said of a table is kept, and need not be said again for one of the same columns.
    """
    from annotator.workflow import labelling

    store = open_project(project).store
    with progress_bar() as progress:
        report = labelling.code_table(store, file, progress=progress, **read_answers(options))
    for line in [report_json(report)] if as_json else report.lines():
        click.echo(line)


@main.command()
@PROJECT
@click.option(
    "--format",
    "format_",
    default="labels",
    show_default=True,
    help="Or wide, units, spans, suggestions, reveals or excel.",
)
@click.option(
    "--output",
    required=True,
    help="A file, which is replaced, a .zip with its dictionary, or - for stdout.",
)
@BACKGROUND
def export(project: Path, format_: str, output: str, background: bool) -> None:
    """Write the labels out, with a data dictionary beside them."""
    from annotator.workflow import exporting

    store = open_project(project).store
    target = sys.stdout if output == "-" else Path(output)
    with progress_told(background) as progress:
        report = exporting.export(store, format_, target, progress)
    if report.files:
        click.echo(
            f"wrote {counted(report.rows, 'row')} to {', '.join(map(str, report.files))}", err=True
        )
    for name, number in report.left_out.items():
        click.echo(f"left out: {number} {name}: {exporting.REASONS[name]}", err=True)
    for warning in report.warnings:
        click.echo(f"warning: {warning}", err=True)
