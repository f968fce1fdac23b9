"""Articles in."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from annotator.cli.group import (
    AS_JSON,
    FILE,
    PROJECT,
    main,
    open_project,
    progress_bar,
)

if TYPE_CHECKING:
    from annotator.workflow.importing import Outcome


@main.command("import")
@PROJECT
@click.argument("paths", nargs=-1, required=True, type=FILE)
@click.option(
    "--unit", type=click.Choice(["sentence", "paragraph", "document"]), default="sentence"
)
@click.option(
    "--set",
    "given",
    multiple=True,
    metavar="NAME=VALUE",
    help="A field for all documents: source, date, place, …",
)
@click.option("--dry-run", is_flag=True, help="Show what would come in; add nothing.")
@AS_JSON
def import_(
    project: Path,
    paths: tuple[Path, ...],
    unit: str,
    given: tuple[str, ...],
    dry_run: bool,
    as_json: bool,
) -> None:
    """Bring in articles: files or whole folders."""
    from annotator.workflow import importing

    opened = open_project(project)
    fields = importing.given_fields(given)
    sources = importing.from_paths(paths)
    if dry_run:
        outcomes = list(importing.rehearse_sources(opened.store, sources, fields, unit))
    else:
        with progress_bar() as progress:
            outcomes = list(
                importing.import_sources(opened.store, opened.seed, sources, fields, unit, progress)
            )
    _tell_import(outcomes, dry_run=dry_run, as_json=as_json)
    if any(outcome.status == "refused" for outcome in outcomes) or not outcomes:
        sys.exit(1)


def _tell_import(outcomes: list[Outcome], *, dry_run: bool, as_json: bool) -> None:
    for outcome in outcomes:
        if outcome.message:
            click.echo(outcome.message, err=True)
        for warning in outcome.warnings if outcome.status == "added" else ():
            click.echo(f"{outcome.file}: {warning}", err=True)
    count = {
        status: sum(outcome.status == status for outcome in outcomes)
        for status in ("added", "known", "refused", "skipped")
    }
    added = {
        "documents": sum(outcome.documents for outcome in outcomes),
        "units": sum(outcome.units for outcome in outcomes),
    }
    if as_json:
        click.echo(json.dumps({"files": count, **added}))
        return
    verb = "would add" if dry_run else "added"
    click.echo(
        f"{verb} {added['documents']} documents with {added['units']} units; "
        f"{count['known']} files were there already, {count['refused']} refused, "
        f"{count['skipped']} skipped"
    )
