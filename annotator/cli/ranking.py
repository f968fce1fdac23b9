"""Which units to code first for a code that no model knows yet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from annotator.cli.group import (
    AS_JSON,
    BACKGROUND,
    CODER,
    FILE,
    PROJECT,
    main,
    open_project,
    print_json,
    progress_told,
)
from annotator.core.counting import counted

if TYPE_CHECKING:
    from annotator.workflow.cold_start import Ranking


@main.command()
@PROJECT
@click.option("--variable", required=True, metavar="NAME", help="The question of the code.")
@click.option("--code", required=True, metavar="NAME", help="The code to look for.")
@click.option("--target", default="", metavar="NAME", help="For a variable that has targets.")
@click.option(
    "--keyword",
    "words",
    multiple=True,
    metavar="WORDS",
    help="A word, a phrase or a beginning*; repeatable. They are kept for the next time.",
)
@click.option(
    "--limit", type=click.IntRange(1, 1_000), default=20, show_default=True, help="Units to rank."
)
@click.option("--output", type=FILE, help="Write them to this CSV file.")
@BACKGROUND
@CODER
@AS_JSON
def rank(
    project: Path,
    variable: str,
    code: str,
    target: str,
    *,
    words: tuple[str, ...],
    limit: int,
    output: Path | None,
    background: bool,
    coder: str,
    as_json: bool,
) -> None:
    """Rank the units that --coder has yet to code by likeness to a code's words.

    It takes no model. The order is no probability; units of the random stream are left out.
    """
    from annotator.workflow import cold_start, keywords

    opened = open_project(project)
    place = (variable, target, code)
    cold_start.code_at(opened.scheme, place)
    if words:
        keywords.keep(opened.store, place, words)
    with progress_told(background) as progress:
        found = cold_start.ranking(opened, place, coder, limit=limit, progress=progress)
    for remark in found.remarks:
        click.echo(remark, err=True)
    if output is not None:
        rows = cold_start.write_file(opened.store, found, output)
        if not background:
            click.echo(f"wrote {counted(rows, 'unit')} to {output}", err=as_json)
    if as_json:
        _print_json(found)
    elif output is None:
        for number, hit in enumerate(found.hits, 1):
            click.echo(f"{number:>4}  {hit.unit.unit_id}  {' '.join(hit.unit.text.split())}")
    if not background:
        click.echo(f"The units are {cold_start.BASIS}.", err=True)


def _print_json(found: Ranking) -> None:
    from annotator.workflow.cold_start import BASIS

    units = [
        {
            "rank": number,
            "unit_id": hit.unit.unit_id,
            "document_id": hit.unit.document_id,
            "title": hit.unit.title,
            "source": hit.unit.source,
            "published": hit.unit.published,
            "text": hit.unit.text,
            "matched": hit.matched,
        }
        for number, hit in enumerate(found.hits, 1)
    ]
    variable, target, code = found.place
    told = {"variable": variable, "target": target, "code": code, "keywords": found.keywords}
    print_json(told | {"basis": BASIS, "looked_at": found.looked_at, "units": units})
