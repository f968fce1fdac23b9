"""The model: training it, and its scores."""

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
    print_json,
    progress_bar,
    report_json,
)
from annotator.core.counting import counted

if TYPE_CHECKING:
    from annotator.workflow.projects import Project


@main.command()
@PROJECT
@click.option("--reason", default="asked", hidden=True)
@click.option("--background", is_flag=True, hidden=True, help="Give way to everything else.")
@AS_JSON
def train(project: Path, reason: str, background: bool, as_json: bool) -> None:
    """Learn from the tags, evaluate, and put the new model in force."""
    if background:
        give_way()
    from annotator.workflow import supervising, training

    opened = open_project(project)
    log = supervising.log_file(opened.store) if background else None
    with progress_bar() as progress:
        training.train(opened, reason=reason, progress=progress, log=log)
    _tell_model(opened, as_json)


MODEL_FIGURES = {
    "precision": "precision",
    "recall": "recall",
    "f1": "F1",
    "average_precision": "average\nprecision",
    "threshold": "threshold",
}
"""Of a code's card, what the command prints, and the heading of its column."""


def _tell_model(opened: Project, as_json: bool) -> None:
    from rich.console import Console
    from rich.table import Table

    from annotator.store import jobs
    from annotator.workflow import overview

    model_id, card = jobs.model(opened.store) or ("", {"codes": [], "trained_on": 0})
    if as_json:
        print_json(card)
        return
    click.echo(f"model {model_id}, trained on {counted(card['trained_on'], 'unit')}")
    table = Table("code", "positives", *MODEL_FIGURES.values(), "on the desk")
    begun = [one for one in overview.code_cards(card) if one.positives]
    for one in begun:
        name = ": ".join(filter(None, (one.variable, one.target, one.code)))
        figures = [_figure(getattr(one, key)) for key in MODEL_FIGURES]
        remark = "" if one.calibrated or not one.fitted else " (uncalibrated)"
        shown = (overview.missing(one) or "yes") + remark
        table.add_row(name, str(one.positives), *figures, shown)
    Console(width=None if sys.stdout.isatty() else 120).print(table)
    if without := len(card["codes"]) - len(begun):
        stand = counted(without, "more code stands", "more codes stand")
        click.echo(f"{stand} in no sentence yet")


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


@main.command()
@PROJECT
@click.option(
    "--input", "input_", type=FILE, default=None, help="New text: a table, one text a row."
)
@click.option("--output", type=FILE, required=True, help="A .csv, .jsonl or .parquet file.")
@click.option("--text", default="text", metavar="COL", show_default=True)
@click.option("--id", "id_", default=None, metavar="COL")
@click.option("--unit", type=click.Choice(["row", "sentence"]), default="row", show_default=True)
@click.option("--keep", multiple=True, metavar="COL", help="A column to carry along; repeatable.")
@AS_JSON
def suggest(
    project: Path, output: Path, keep: tuple[str, ...], as_json: bool, **options: Any
) -> None:
    """Score the project's units, or new text from a file."""
    from annotator.workflow import predicting

    columns = [name.strip() for names in keep for name in names.split(",")]
    with progress_bar() as progress:
        report = predicting.suggest(
            open_project(project).store, output, keep=columns, progress=progress, **options
        )
    texts, codes = counted(report.texts, "text"), counted(report.codes, "code")
    told = (
        f"wrote {counted(report.rows, 'row')} for {texts} and {codes} "
        f"by model {report.model_id} to {output}"
    )
    click.echo(report_json(report) if as_json else told)
    click.echo(
        "The mean of `suggested` is not a share of the corpus: a classifier's errors bias it.",
        err=True,
    )
