"""Labels in and out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from annotator.cli.group import (
    AS_JSON,
    FILE,
    PROJECT,
    give_way,
    main,
    open_project,
    progress_bar,
    progress_lines,
    report_json,
)

if TYPE_CHECKING:
    pass


@main.command()
@PROJECT
@click.argument("file", type=FILE)
@click.option("--coder", default=None, help="Whose annotations these are.")
@click.option("--text", default=None, metavar="COL")
@click.option("--labels", default=None, metavar="COL")
@click.option("--delimiter", default=None, help="What stands between several labels in a cell.")
@click.option("--variable", default=None, help="Which question of the codebook the labels answer.")
@click.option("--target", default=None, metavar="COL")
@click.option("--id", "id_", default=None, metavar="COL")
@click.option(
    "--create", is_flag=True, help="Make a one-unit document of each row no unit matches."
)
@click.option("--dry-run", is_flag=True, help="Show the mapping; store nothing.")
@AS_JSON
def code(project: Path, file: Path, as_json: bool, **options: Any) -> None:
    """Bring in annotations: our own labels.csv, or any table of texts and labels."""
    from annotator.workflow import labelling

    report = labelling.code_table(open_project(project).store, file, **options)
    for line in [report_json(report)] if as_json else report.lines():
        click.echo(line)


@main.command()
@PROJECT
@click.option("--format", "format_", default="labels", show_default=True)
@click.option(
    "--output", required=True, help="A file, a .zip with its dictionary, or - for stdout."
)
@click.option("--background", is_flag=True, hidden=True, help="Give way, and tell in lines.")
def export(project: Path, format_: str, output: str, background: bool) -> None:
    """Write the labels out, with a data dictionary beside them."""
    from annotator.workflow import exporting

    if background:
        give_way()
    store = open_project(project).store
    target = sys.stdout if output == "-" else Path(output)
    with progress_lines() if background else progress_bar() as progress:
        report = exporting.export(store, format_, target, progress)
    if report.files:
        click.echo(f"wrote {report.rows} rows to {', '.join(map(str, report.files))}", err=True)
    for name, number in report.left_out.items():
        click.echo(f"left out: {number} {name}: {exporting.REASONS[name]}", err=True)
    for warning in report.warnings:
        click.echo(f"warning: {warning}", err=True)
