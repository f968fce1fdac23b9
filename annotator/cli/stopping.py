"""How much of each code is found, and how much is likely still unfound."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from annotator.cli.group import AS_JSON, PROJECT, main, open_project, print_json
from annotator.core.counting import counted

if TYPE_CHECKING:
    from annotator.core.codebook import Scheme
    from annotator.workflow.stopping import CodeOutlook, Outlook


@main.command()
@PROJECT
@AS_JSON
def unfound(project: Path, as_json: bool) -> None:
    """Estimate, per code, how many units with it are still among those that nobody read.

    It takes units that chance chose; every way of choosing on the desk's start card mixes some in.
    """
    from annotator.workflow import stopping

    opened = open_project(project)
    found = stopping.outlook(opened)
    if as_json:
        counts = {"units": found.units, "decided": found.decided, "drawn": found.drawn}
        print_json(counts | {"lacking": found.lacking, "codes": [_row(one) for one in found.codes]})
        return
    _tell(opened.scheme, found)


def _row(one: CodeOutlook) -> dict[str, Any]:
    """The estimate of one code, and what the last hundred units brought of it."""
    estimate = one.unfound
    place = dict(zip(("variable", "target", "code"), one.place, strict=True))
    recall = {
        "recall": estimate.recall,
        "recall_low": estimate.recall_low,
        "recall_high": estimate.recall_high,
    }
    last = {"last_hundred": one.hundreds[-1].new if one.hundreds else 0}
    return place | asdict(estimate) | recall | {"lacking": estimate.lacking} | last


def _tell(scheme: Scheme, found: Outlook) -> None:
    from annotator.workflow import overview, stopping

    click.echo(
        f"{found.decided:,} of {counted(found.units, 'unit')} are coded; "
        f"{found.drawn:,} of them are what chance put first"
    )
    if found.lacking:
        click.echo(
            f"what is unfound cannot be said yet: {counted(found.lacking, 'more unit')} by chance "
            "are needed; choose what comes next on the desk's start card",
            err=True,
        )
    names = overview.code_names(scheme)
    for one in found.codes:
        if one.unfound.found:
            click.echo(stopping.told(names[one.place].full, one.unfound))
    for sentence in stopping.never_found(found.codes):
        click.echo(sentence)
