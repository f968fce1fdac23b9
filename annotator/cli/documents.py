"""The documents of a project: listed, edited, retired, removed, cut anew."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from annotator.cli.group import (
    ALL,
    AS_JSON,
    CODER,
    COUNT,
    PROJECT,
    main,
    named,
    open_project,
    print_json,
    progress_bar,
    tell,
)
from annotator.core.counting import counted

if TYPE_CHECKING:
    from annotator.store import Store
    from annotator.store.catalogue import Entry
    from annotator.workflow.resegmenting import Unit

DOCUMENTS = click.option(
    "--document", "ids", multiple=True, metavar="ID", help="Which document; repeatable."
)


@main.command()
@PROJECT
@click.option("--find", "words", default="", help="Words of the title, source, author or file.")
@click.option("--source", default="", help="Only those of this outlet.")
@click.option("--retired", is_flag=True, help="Only those that are out of the corpus.")
@click.option(
    "--order",
    default="added",
    show_default=True,
    help="Or published, title, source, author, file, place, language or section.",
)
@click.option("--most", type=COUNT, default=None, help="Rows of the list.")
@DOCUMENTS
@click.option(
    "--set",
    "given",
    multiple=True,
    metavar="NAME=VALUE",
    help="Edit a field: source, date, author, place, section, language or url; repeatable.",
)
@click.option("--retire", is_flag=True, help="Take them out of the corpus; their codings stay.")
@click.option("--reason", default="", help="Why they are retired.")
@click.option("--restore", is_flag=True, help="Take them into the corpus again.")
@click.option("--remove", is_flag=True, help="Take them away; only without annotations.")
@click.option("--history", is_flag=True, help="What was done to them.")
@click.option("--undo", default="", metavar="EVENT", help="Take an edit of the history back.")
@CODER
@AS_JSON
def documents(
    project: Path,
    words: str,
    source: str,
    retired: bool,
    order: str,
    most: int | None,
    ids: tuple[str, ...],
    given: tuple[str, ...],
    retire: bool,
    reason: str,
    restore: bool,
    remove: bool,
    history: bool,
    undo: str,
    coder: str,
    as_json: bool,
) -> None:
    """List the documents, or edit, retire, restore or remove those named with --document."""
    from annotator.workflow import catalogue as verbs

    asked = [bool(given), retire, restore, remove, history, bool(undo)]
    if sum(asked) > 1:
        raise click.UsageError("one thing at a time: --set, --retire, --restore, --remove, …")
    if any(asked) and not undo and not ids:
        raise click.UsageError("say which documents: --document ID")
    store = open_project(project).store
    who = named(coder)
    if given:
        _edit(store, ids, given, who, as_json=as_json)
    elif undo:
        tell(as_json, "the edit is taken back", events=[verbs.undo(store, undo, who)])
    elif retire:
        done = verbs.retire(store, ids, who, reason)
        tell(as_json, f"retired {counted(len(done), 'document')}", retired=done)
    elif restore:
        done = verbs.restore(store, ids, who)
        tell(as_json, f"restored {counted(len(done), 'document')}", restored=done)
    elif remove:
        _remove(store, ids, who, as_json=as_json)
    elif history:
        _tell_history(store, ids, as_json=as_json)
    else:
        _list(store, words, source, order, ids, retired=retired, most=most, as_json=as_json)


def _edit(
    store: Store, ids: tuple[str, ...], given: tuple[str, ...], who: str, *, as_json: bool
) -> None:
    from annotator.store.catalogue import Change
    from annotator.workflow import catalogue

    pairs = [catalogue.parse(one) for one in given]
    made = catalogue.edit(store, [Change(id_, *pair) for id_ in ids for pair in pairs], who)
    tell(as_json, f"changed {counted(len(made), 'field')}", events=made)


def _remove(store: Store, ids: tuple[str, ...], who: str, *, as_json: bool) -> None:
    from annotator.workflow import catalogue as verbs

    done = verbs.remove(store, ids, who)
    kept = [one._asdict() for one in done.kept]
    tell(
        as_json,
        f"removed {counted(len(done.removed), 'document')}",
        removed=done.removed,
        kept=kept,
    )
    for one in done.kept:
        click.echo(
            f"{one.id} ({one.title}): carries {one.carries} and stays; "
            "take it out of the corpus with --retire",
            err=True,
        )
    if done.kept:
        sys.exit(1)


def _tell_history(store: Store, ids: tuple[str, ...], *, as_json: bool) -> None:
    from annotator.workflow import catalogue

    told = {id_: catalogue.history(store, id_) for id_ in ids}
    if as_json:
        plain = {id_: [one._asdict() for one in done] for id_, done in told.items()}
        print_json(plain)
        return
    for id_, done in told.items():
        for one in done:
            what = f" {one.field}: {one.before!r} → {one.after!r}" if one.field else ""
            why = f" ({one.reason})" if one.reason else ""
            click.echo(f"{one.at} {one.coder}: {id_}: {one.op}{what}{why} [{one.uuid}]")


def _list(
    store: Store,
    words: str,
    source: str,
    order: str,
    ids: tuple[str, ...],
    *,
    retired: bool,
    most: int | None,
    as_json: bool,
) -> None:
    from annotator.store import catalogue
    from annotator.workflow import catalogue as verbs

    if order not in catalogue.ORDERS:
        raise click.UsageError(f"--order is one of {', '.join(catalogue.ORDERS)}")
    if ids:
        named = [verbs.entry(store, id_) for id_ in ids]
        found = catalogue.Catalogue(named, len(named))
    else:
        found = catalogue.page(
            store, words=words, source=source, retired=retired, order=order, limit=most or ALL
        )
    if as_json:
        rows = [one._asdict() for one in found.rows]
        print_json({"total": found.total, "documents": rows})
        return
    for one in found.rows:
        click.echo(_line(one))
    click.echo(f"{len(found.rows):,} of {counted(found.total, 'document')}", err=True)


def _line(one: Entry) -> str:
    """A document in a line: its id first, to be named with, and what is known of it."""
    about = ", ".join(filter(None, [one.source, one.published, one.author]))
    state = " (retired)" if one.retired else ""
    coded = f"{one.coded:,} of {counted(one.units, 'unit')} decided"
    return f"{one.id}  {one.title or one.file}{f' — {about}' if about else ''}; {coded}{state}"


@main.command()
@PROJECT
@click.option(
    "--unit",
    type=click.Choice(["sentence", "paragraph", "document"]),
    required=True,
    help="What documents are cut into.",
)
@DOCUMENTS
@click.option(
    "--language", default="", metavar="CODE", help="Cut by its rules, and keep it as theirs."
)
@click.option("--dry-run", is_flag=True, help="Show what would become of each; change nothing.")
@CODER
@AS_JSON
def resegment(
    project: Path,
    unit: Unit,
    ids: tuple[str, ...],
    language: str,
    dry_run: bool,
    coder: str,
    as_json: bool,
) -> None:
    """Cut documents into other units; those whose annotations would be lost are left alone."""
    from annotator.workflow import resegmenting

    opened = open_project(project)
    with progress_bar() as progress:
        report = resegmenting.resegment(
            opened.store,
            opened.seed,
            unit,
            documents=ids,
            language=language,
            who=named(coder),
            dry_run=dry_run,
            progress=progress,
        )
    if as_json:
        print_json(report.as_dict())
        return
    for line in report.lines():
        click.echo(line)
