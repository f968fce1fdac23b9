"""Whether suggestions moved the labels."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from annotator.cli.group import AS_JSON, FILE, PROJECT, main, open_project, report_json
from annotator.core.counting import counted

if TYPE_CHECKING:
    from annotator.workflow.anchoring import Report


@main.command()
@PROJECT
@click.option("--coder", default="", metavar="NAME", help="Only this coder; else all together.")
@click.option("--output", type=FILE, help="Write every figure of every coder to this CSV file.")
@AS_JSON
def anchoring(project: Path, coder: str, output: Path | None, as_json: bool) -> None:
    """Compare what was coded with suggestions on screen and without: did they move the labels?"""
    from annotator.workflow import anchoring as reporting

    opened = open_project(project)
    found = reporting.report(opened)
    verdict = found.verdict(coder)
    if output is not None:
        written = reporting.write_file(opened.store, found, output, coder or None)
        click.echo(f"wrote {counted(written, 'row')} to {output}", err=True)
    if as_json:
        click.echo(report_json(reporting.of_coder(found, coder) if coder else found))
        return
    for sentence in (*verdict.sentences, *found.notes):
        click.echo(sentence)
    _tell(found, coder)


def _tell(found: Report, coder: str) -> None:
    from rich.console import Console
    from rich.table import Table

    from annotator.workflow import anchoring as reporting

    told = [row for row in reporting.rows(found, coder) if row["given_difference"] is not None]
    if not told:
        return
    table = Table(
        *("code", "with", "without", "difference", "moved", "model's answer\nwith / without"),
        *("taken over", "given anyway", "more to code"),
    )
    for row in told:
        table.add_row(
            ": ".join(filter(None, (row["variable"], row["target"], row["code"]))) or "all codes",
            *(_share(row, "given_shown"), _share(row, "given_hidden")),
            _between(row, "given_difference", "given_low", "given_high"),
            "yes" if row["moved"] else "",
            f"{_share(row, 'same_shown')} / {_share(row, 'same_hidden')}",
            *(_of(row, "accepted"), _of(row, "anyway")),
            "–" if row["more"] is None else f"{row['more']:,}",
        )
    Console(width=None if sys.stdout.isatty() else 140).print(table)


def _share(row: dict[str, Any], group: str) -> str:
    value = row[f"{group}_value"]
    return "–" if value is None else f"{100 * value:.0f} %"


def _of(row: dict[str, Any], group: str) -> str:
    n = row[f"{group}_n"]
    return "–" if n is None else f"{row[f'{group}_count']:,} of {n:,}"


def _between(row: dict[str, Any], name: str, low: str, high: str) -> str:
    """Points with their interval."""
    value, *bounds = (f"{100 * row[one] + 0.0:.0f}" for one in (name, low, high))
    return f"{value} ({bounds[0]} to {bounds[1]})"
