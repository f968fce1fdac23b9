"""Articles in."""

from __future__ import annotations

import gc
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from annotator.cli.group import AS_JSON, FILE, PROJECT, main, open_project, print_json, progress_bar
from annotator.core.counting import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from annotator.workflow.choosing import Choices, DateOrder
    from annotator.workflow.importing import Outcome
    from annotator.workflow.previewing import Look
    from annotator.workflow.projects import Project
    from annotator.workflow.sources import Source

COLUMNS = ("text", "title", "date", "author", "source")
MORE_COLUMNS = ("place", "url", "id", "language", "section")

MOST_SHOWN = 20
"""Files that a dry run shows in words."""

FIRST_DOCUMENTS = 3
FIRST_UNITS = 3
SHOWN = 90
"""Characters of a unit that a dry run shows."""


def _column_options(command: Any) -> Any:
    """One option for each field of a table: the column that holds it."""
    for name in reversed((*COLUMNS, *MORE_COLUMNS)):
        command = click.option(
            f"--{name}",
            f"column_{name}",
            metavar="COL",
            help=f"The column of a table that holds the {name}; '' for none.",
        )(command)
    return command


@main.command("import")
@PROJECT
@click.argument("paths", nargs=-1, required=True, type=FILE)
@click.option(
    "--unit",
    type=click.Choice(["sentence", "paragraph", "document", "row"]),
    default="sentence",
    show_default=True,
    help="What is coded; with row, each row of a table is one unit as it stands.",
)
@click.option(
    "--set",
    "given",
    multiple=True,
    metavar="NAME=VALUE",
    help="A field for all documents: source, date, place, …",
)
@_column_options
@click.option(
    "--dates",
    type=click.Choice(["day-first", "month-first"]),
    default=None,
    help="Which number comes first in dates like 03/04/2031.",
)
@click.option(
    "--languages",
    default="",
    metavar="CODES",
    help="The languages of the corpus, as en,hy,ru; remembered in the project.",
)
@click.option("--dry-run", is_flag=True, help="Show what would come in; add nothing.")
@click.option("--report", type=FILE, default=None, help="Write what became of each file as CSV.")
@AS_JSON
def import_(
    project: Path,
    paths: tuple[Path, ...],
    unit: str,
    given: tuple[str, ...],
    dates: DateOrder | None,
    languages: str,
    dry_run: bool,
    report: Path | None,
    as_json: bool,
    **columns: str | None,
) -> None:
    """Bring in articles: files, tables, archives or whole folders; find who speaks in them."""
    from annotator.workflow import choosing, reporting, sources

    # A table makes a hundred thousand documents and no cycle; looking for cycles took a twentieth
    # of the time.
    gc.set_threshold(100_000, 50, 50)
    opened = open_project(project)
    if report is not None:
        reporting.check_place(opened.store, report, paths)
    choices = choosing.chosen(
        opened.store,
        fields=choosing.given_fields(given),
        unit=unit,
        columns={
            name.removeprefix("column_"): column
            for name, column in columns.items()
            if column is not None
        },
        dates=dates or "",
        languages=languages,
        remember=not dry_run,
    )
    found = sources.from_paths(paths)
    looks = _look(opened, found, choices) if dry_run else []
    outcomes = [look.outcome for look in looks] if dry_run else _bring_in(opened, found, choices)
    if report is not None:
        report.write_bytes(reporting.as_csv(outcomes))
    _tell_import(outcomes, looks, dry_run=dry_run, as_json=as_json)
    if any(outcome.status == "refused" for outcome in outcomes) or not outcomes:
        sys.exit(1)


def _look(opened: Project, found: Sequence[Source], choices: Choices) -> list[Look]:
    """What would come in."""
    from annotator.workflow import previewing

    with progress_bar() as progress:
        return list(previewing.look_at_all(opened.store, found, choices, progress))


def _bring_in(opened: Project, found: Sequence[Source], choices: Choices) -> list[Outcome]:
    """What came in, with all that is found in it."""
    from annotator.workflow import analysing, importing

    with progress_bar() as progress:
        came = importing.import_sources(opened.store, opened.seed, found, choices, progress)
        outcomes = list(came)
        analysing.finish(opened.store, progress)
    return outcomes


def _tell_import(
    outcomes: list[Outcome], looks: list[Look], *, dry_run: bool, as_json: bool
) -> None:
    for outcome in outcomes:
        if outcome.message:
            click.echo(outcome.message, err=True)
        for warning in outcome.warnings if outcome.status != "refused" else ():
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
        previews = {"preview": [_as_dict(look) for look in looks]} if looks else {}
        print_json({"files": count, **added, **previews})
        return
    for look in looks[:MOST_SHOWN]:
        _tell_look(look)
    if more := looks[MOST_SHOWN:]:
        click.echo(f"… and {counted(len(more), 'more file')}; --json shows all of them")
    verb = "would add" if dry_run else "added"
    click.echo(
        f"{verb} {counted(added['documents'], 'document')} with {counted(added['units'], 'unit')}; "
        f"{counted(count['known'], 'file was', 'files were')} there already, "
        f"{count['refused']:,} refused, {count['skipped']:,} skipped"
    )


def _tell_look(look: Look) -> None:
    """One file of a dry run: what it is, where its fields come from, and its first units."""
    from annotator.workflow import previewing

    outcome = look.outcome
    if outcome.format:
        click.echo(
            f"{look.file}: {outcome.format}; {counted(outcome.documents, 'new document')} with "
            f"{counted(outcome.units, 'unit')}, {outcome.known:,} there already"
        )
    if look.table:
        mapped = [f"{field} ← {column}" for field, column in look.table.columns.items()]
        said = "columns as last time" if look.table.remembered else "columns guessed"
        click.echo(f"  {said}: {', '.join(mapped) or 'none'}")
        click.echo(f"  columns there are: {', '.join(look.table.names)}")
    for one in look.previews[:1]:
        for field, value, where in previewing.previewed_fields(one.draft):
            click.echo(f"  {field}: {value}  ({where})" if where else f"  {field}: {value}")
        for unit in one.segments[:FIRST_UNITS]:
            text = " ".join(one.draft.text[unit.start : unit.end].split())
            click.echo(f"  {unit.part}: {text[:SHOWN]}{'…' if text[SHOWN:] else ''}")
        if more := one.segments[FIRST_UNITS:]:
            click.echo(f"  … and {counted(len(more), 'more unit')}")


def _as_dict(look: Look) -> dict[str, Any]:
    """One file of a dry run, for programs."""
    from annotator.workflow import previewing

    return {
        **asdict(look.outcome),
        "asks_date_order": look.asks_order,
        "columns": dict(look.table.columns) if look.table else None,
        "first": [
            {
                "known": one.known,
                "fields": {
                    name: {"value": value, "found": where}
                    for name, value, where in previewing.previewed_fields(one.draft)
                },
                "meta": dict(one.draft.meta),
                "units": [one.draft.text[u.start : u.end] for u in one.segments[:FIRST_UNITS]],
            }
            for one in look.previews[:FIRST_DOCUMENTS]
        ],
    }
