"""The model: training it, and its scores."""

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
    progress_bar,
)
from annotator.core.counting import counted

if TYPE_CHECKING:
    from annotator.workflow.projects import Project


@main.command()
@PROJECT
@click.option(
    "--precision",
    "told",
    multiple=True,
    metavar="CODE=0.8",
    help="Suggest a code only where that share is right; CODE=f1 for the best F1 again. "
    "CODE is its name, variable:code or variable:target:code. Repeatable, and kept for later "
    "trainings.",
)
@click.option("--reason", default="asked", hidden=True)
@BACKGROUND
@AS_JSON
def train(
    project: Path, told: tuple[str, ...], reason: str, background: bool, as_json: bool
) -> None:
    """Learn from the tags, evaluate, and put the new model in force."""
    from annotator.workflow import cuts, supervising, training

    opened = open_project(project)
    cuts.want(opened.store, cuts.written(told, opened.scheme))
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
        desk = overview.missing(one) or "yes"
        remark = one.note.partition(":")[0] if one.fitted else ""
        shown = "; ".join(filter(None, (desk, overview.cut_for(one), remark)))
        table.add_row(name, str(one.positives), *figures, shown)
    Console(width=None if sys.stdout.isatty() else 120).print(table)
    if without := len(card["codes"]) - len(begun):
        stand = counted(without, "more code stands", "more codes stand")
        click.echo(f"{stand} in no sentence yet")


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
