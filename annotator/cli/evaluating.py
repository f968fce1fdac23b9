"""The model against labels that somebody gives for right."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from annotator.cli.group import (
    AS_JSON,
    FILE,
    PROJECT,
    main,
    open_project,
    progress_bar,
    report_json,
)
from annotator.cli.label_options import answer_options, read_answers
from annotator.core.counting import counted

if TYPE_CHECKING:
    from annotator.workflow.evaluating import Evaluation


@main.command()
@PROJECT
@click.option("--gold", type=FILE, required=True, help="Labels: whatever `annotator code` reads.")
@answer_options
@AS_JSON
def evaluate(project: Path, gold: Path, as_json: bool, **options: Any) -> None:
    """Compare the model in force with labels: precision, recall, F1, calibration per code.

    Texts that the model was trained on are scored by models that never saw their articles.
    Nothing is stored.
    """
    from annotator.workflow import evaluating

    store = open_project(project).store
    with progress_bar() as progress:
        found = evaluating.evaluate(store, gold, progress=progress, **read_answers(options))
    for line in (*(match.line() for match in found.mapping), *found.notes):
        click.echo(line, err=True)
    if as_json:
        click.echo(report_json(found))
    else:
        _tell(found)


def _tell(found: Evaluation) -> None:
    from rich.console import Console
    from rich.table import Table

    click.echo(found.headline)
    table = Table(
        *("code", "n", "positives", "precision", "recall", "F1"),
        *("average\nprecision", "calibration\nerror", "threshold"),
    )
    for one in found.codes:
        table.add_row(
            ": ".join(filter(None, (one["variable"], one["target"], one["code"]))),
            *(str(one["n"]), str(one["positives"])),
            *(_between(one, name) for name in ("precision", "recall")),
            *(_figure(one[name]) for name in ("f1", "average_precision", "calibration_error")),
            "not learned" if one["threshold"] is None else _figure(one["threshold"]),
        )
    Console(width=None if sys.stdout.isatty() else 120).print(table)
    if found.macro_f1 is not None:
        over = counted(sum(one["positives"] > 0 for one in found.codes), "code")
        click.echo(f"macro-F1 over {over} with positives: {_figure(found.macro_f1)}")


def _between(one: dict[str, Any], name: str) -> str:
    """A figure with its interval."""
    if one[name] is None:
        return "–"
    return f"{one[name]:.2f} ({one[f'{name}_low']:.2f}–{one[f'{name}_high']:.2f})"


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
