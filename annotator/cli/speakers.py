"""Who speaks in a project: listed, renamed, described, merged, taken apart."""

from __future__ import annotations

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
    open_project,
    print_json,
    progress_bar,
    tell,
)
from annotator.core.counting import counted

if TYPE_CHECKING:
    from annotator.store import Store
    from annotator.store.actor_rules import Field
    from annotator.store.speakers import Entry


class Listing(click.Group):
    """A group that lists where no command is named; its options may follow the project."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the project behind the group's own options, where click looks for it."""
        options = [one for one in self.params if isinstance(one, click.Option) and not one.is_flag]
        before = {"", *(name for one in options for name in one.opts)}
        words = zip(["", *args], args, strict=False)
        named = (
            at
            for at, (last, word) in enumerate(words)
            if word in self.commands and last not in before
        )
        command = next(named, len(args))
        if len(args) > 1 and not args[0].startswith("-") and args[1].startswith("-"):
            args = [*args[1:command], args[0], *args[command:]]
        return super().parse_args(ctx, args)


@main.group("speakers", cls=Listing, invoke_without_command=True)
@PROJECT
@click.option("--find", "words", default="", help="Words of the name or the affiliation.")
@click.option("--kind", default=None, help="Only this kind: official, expert, …; '' for unknown.")
@click.option("--order", default="documents", show_default=True, help="Or name.")
@click.option("--most", type=COUNT, default=None, help="Rows of the list.")
@AS_JSON
@click.pass_context
def speakers_group(
    ctx: click.Context,
    project: Path,
    words: str,
    kind: str | None,
    order: str,
    most: int | None,
    as_json: bool,
) -> None:
    """List who speaks, or change what a speaker is called, is, or is the same as."""
    store = ctx.obj = open_project(project).store
    if ctx.invoked_subcommand is None:
        _list(store, words, kind, order, most, as_json=as_json)


def _list(
    store: Store, words: str, kind: str | None, order: str, most: int | None, *, as_json: bool
) -> None:
    from annotator.store import speakers
    from annotator.workflow import actors

    if order not in speakers.ORDERS:
        raise click.UsageError(f"--order is one of {', '.join(speakers.ORDERS)}")
    asked = None if kind is None else actors.kind_of(kind)
    found = speakers.listing(store, words=words, kind=asked, order=order, limit=most or ALL)
    counts = speakers.counts(store)
    if as_json:
        rows = [one._asdict() for one in found.rows]
        told = {"total": found.total, "waiting": counts.waiting, "speakers": rows}
        print_json(told)
        return
    for one in found.rows:
        click.echo(_line(one))
    click.echo(f"{len(found.rows):,} of {counted(found.total, 'speaker')}", err=True)
    if counts.waiting:
        was = "was" if counts.waiting == 1 else "were"
        said = f"{counted(counts.waiting, 'document')} {was} not listened to yet"
        click.echo(f"{said}; run `annotator analyse`", err=True)


def _line(one: Entry) -> str:
    about = ", ".join(filter(None, [one.kind, one.affiliation]))
    also = f"; also {', '.join(one.aliases)}" if one.aliases else ""
    told = f"{counted(one.units, 'sentence')}, {counted(one.documents, 'document')}"
    return f"{one.name}{f' ({about})' if about else ''}: {told}{also}"


def _tell_change(as_json: bool, said: str, event: str | None) -> None:
    done = f"{said} [{event}]" if event else "nothing changed"
    tell(as_json, done, event=event)


@speakers_group.command()
@click.argument("into")
@click.argument("others", nargs=-1, required=True)
@click.option("--dry-run", is_flag=True, help="Show what would change; keep nothing.")
@CODER
@AS_JSON
@click.pass_obj
def merge(
    store: Store, into: str, others: tuple[str, ...], dry_run: bool, coder: str, as_json: bool
) -> None:
    """Make speakers one: what OTHERS said was said by INTO."""
    from annotator.store import speakers
    from annotator.workflow import actors

    kept = speakers.find(store, into)
    keys = [speakers.find(store, name).key for name in others]
    shown = actors.preview(store, kept.key, keys)
    event = None if dry_run else actors.merge(store, kept.key, keys, coder)
    if as_json:
        told = shown.of._asdict() | {"into": shown.into.name, "event": event}
        print_json(told)
        return
    for line in shown.lines():
        click.echo(line, err=not dry_run)
    if event:
        click.echo(f"merged into {shown.into.name} [{event}]")


@speakers_group.command()
@click.argument("name")
@click.argument("new")
@CODER
@AS_JSON
@click.pass_obj
def rename(store: Store, name: str, new: str, coder: str, as_json: bool) -> None:
    """Call a speaker NEW everywhere."""
    from annotator.store import speakers
    from annotator.workflow import actors

    event = actors.rename(store, speakers.find(store, name).key, new, coder)
    _tell_change(as_json, f"{name} is now {new}", event)


@speakers_group.command()
@click.argument("name")
@click.option("--kind", default=None, help="official, expert, civilian, military, …")
@click.option("--affiliation", default=None, help="Whom they speak for.")
@click.option("--alias", "aliases", multiple=True, help="Another name they go by; repeatable.")
@CODER
@AS_JSON
@click.pass_obj
def describe(
    store: Store,
    name: str,
    kind: str | None,
    affiliation: str | None,
    aliases: tuple[str, ...],
    coder: str,
    as_json: bool,
) -> None:
    """Say what a speaker is; an empty value gives it back to what the articles say."""
    from annotator.store import speakers
    from annotator.workflow import actors

    if kind is None and affiliation is None and not aliases:
        raise click.UsageError("say what: --kind, --affiliation or --alias")
    here = speakers.find(store, name)
    fields: dict[Field, str | list[str]] = {}
    if kind is not None:
        fields["kind"] = actors.kind_of(kind)
    if affiliation is not None:
        fields["affiliation"] = affiliation
    if aliases:
        fields["aliases"] = list(dict.fromkeys([*here.aliases, *aliases]))
    events = actors.describe(store, here.key, fields, coder)
    said = f"changed {counted(len(events), 'field')} of {here.name} [{', '.join(events)}]"
    tell(as_json, said if events else "nothing changed", events=events)


@speakers_group.command()
@click.argument("name")
@click.argument("new")
@click.option(
    "--document", "ids", multiple=True, required=True, metavar="ID", help="Where; repeatable."
)
@CODER
@AS_JSON
@click.pass_obj
def separate(
    store: Store, name: str, new: str, ids: tuple[str, ...], coder: str, as_json: bool
) -> None:
    """In these documents it is somebody else of the same name, to be called NEW."""
    from annotator.core.errors import RejectedEventError
    from annotator.store import speakers
    from annotator.workflow import actors

    key = speakers.find(store, name).key
    people = [(id_, called) for id_, _, called in speakers.people(store, key) if id_ in ids]
    if strange := sorted(set(ids) - {id_ for id_, _ in people}):
        raise RejectedEventError(f"{name} does not speak in {strange[0]}; name documents they do")
    event = actors.separate(store, key, people, new, coder)
    said = counted(len(people), "person is", "people are")
    _tell_change(as_json, f"{said} now {new}", event)


@speakers_group.command()
@AS_JSON
@click.pass_obj
def alike(store: Store, as_json: bool) -> None:
    """List speakers who may be one, and why; none is merged by itself."""
    from annotator.workflow import actors

    found = actors.suggestions(store)
    if as_json:
        print_json([one._asdict() for one in found])
        return
    for one in found:
        click.echo(f"{one.into_name} and {one.other_name}: {one.reason}")
    click.echo(counted(len(found), "pair"), err=True)


@speakers_group.command()
@AS_JSON
@click.pass_obj
def history(store: Store, as_json: bool) -> None:
    """What was done to speakers, newest first, with what `undo` needs."""
    from annotator.store import actors

    done = actors.history(store)
    if as_json:
        print_json([one._asdict() for one in done])
        return
    for one in done:
        state = " (taken back)" if one.undone else ""
        click.echo(f"{one.at} {one.coder}: {one.told()}{state} [{one.uuid}]")


@speakers_group.command()
@click.argument("event")
@CODER
@AS_JSON
@click.pass_obj
def undo(store: Store, event: str, coder: str, as_json: bool) -> None:
    """Take one change of the history back."""
    from annotator.workflow import actors

    _tell_change(as_json, "the change is taken back", actors.undo(store, event, coder))


@speakers_group.command()
@AS_JSON
@click.pass_obj
def again(store: Store, as_json: bool) -> None:
    """Listen anew to documents that an earlier version listened to; corrections stay."""
    from annotator.workflow import voices

    with progress_bar() as progress:
        heard = voices.again(store, progress)
    tell(as_json, f"listened anew to {counted(heard, 'document')}", documents=heard)
