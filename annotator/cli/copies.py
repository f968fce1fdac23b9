"""Copies of one story: listed, corrected, weighed, and decisions copied among them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from annotator.cli.group import (
    AS_JSON,
    CODER,
    FILE,
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
    from annotator.store.stories import Cluster, Pair

NAMES = {"list": (0, 0), "propagate": (0, 0), "separate": (1, 2), "unite": (2, 2), "undo": (1, 1)}
"""What can be done, and how many names of documents or events it takes."""


@main.command()
@PROJECT
@click.argument("action", type=click.Choice(list(NAMES)), default="list")
@click.argument("names", nargs=-1, metavar="[ID]...")
@click.option("--output", type=FILE, help="Write the weight of each document as CSV.")
@click.option("--cluster", default="", metavar="ID", help="Propagate in this cluster alone.")
@click.option("--dry-run", is_flag=True, help="Count what propagate would copy; copy nothing.")
@CODER
@AS_JSON
def copies(
    project: Path,
    action: str,
    names: tuple[str, ...],
    output: Path | None,
    cluster: str,
    dry_run: bool,
    coder: str,
    as_json: bool,
) -> None:
    """List the copies of each story, or say of documents whether they are copies.

    \b
    list                 the clusters, and pairs that somebody had better look at
    propagate            copy decisions to the same sentences (of --coder, or of all)
    separate ID [OTHER]  ID does not tell the story of its cluster, or of OTHER
    unite ID OTHER       the two tell the same story
    undo EVENT           take a separate, a unite or a propagate back
    """
    from annotator.workflow import clusters

    least, most = NAMES[action]
    if not least <= len(names) <= most:
        raise click.UsageError(f"{action} takes {_taken(least, most)}")
    store = open_project(project).store
    with progress_bar() as progress:
        clusters.find(store, progress)
    if action == "propagate":
        _propagate(store, coder, cluster, dry_run=dry_run, as_json=as_json)
    elif action == "list":
        if output is not None:
            _write_weights(store, output)
        if output is None or as_json:
            _list(store, as_json=as_json)
    else:
        tell(as_json, _DONE[action], event=_correct(store, action, names, coder))


_DONE = {
    "separate": "separated",
    "unite": "united",
    "undo": "taken back",
}


def _taken(least: int, most: int) -> str:
    return counted(most, "name") if least == most else f"{least} or {most} names"


def _correct(store: Store, action: str, names: tuple[str, ...], who: str) -> str:
    from annotator.workflow import clusters

    if action == "separate":
        return clusters.separate(store, names[0], who, other_id=(*names, None)[1])
    if action == "unite":
        return clusters.unite(store, names[0], names[1], who)
    return clusters.undo(store, names[0], who)


def _propagate(store: Store, coder: str, cluster: str, *, dry_run: bool, as_json: bool) -> None:
    from annotator.core.errors import RejectedEventError
    from annotator.store import stories
    from annotator.workflow import clusters

    if cluster and not stories.members(store, cluster):
        raise RejectedEventError(f"this project has no cluster {cluster!r}")
    if dry_run:
        found = clusters.preview(store, coder=coder, cluster_id=cluster)
        decisions = counted(found.decisions, "decision")
        said = f"{decisions} would be copied to {counted(found.sentences, 'sentence')}"
        tell(as_json, said, **found._asdict())
        return
    with progress_bar() as progress:
        made = clusters.spread(store, coder=coder, cluster_id=cluster, who=coder, progress=progress)
    was = (
        "was decided like its original"
        if made.sentences == 1
        else "were decided like their originals"
    )
    event = f" [{made.event}]" if made.event else ""
    tell(as_json, f"{counted(made.sentences, 'sentence')} {was}{event}", **made._asdict())


def _write_weights(store: Store, output: Path) -> None:
    from annotator.workflow import clusters, export_files

    with export_files.writing(store, output) as out:
        rows = clusters.write_weights(store, out)
    click.echo(f"wrote {counted(rows, 'document')} to {output}", err=True)


def _list(store: Store, *, as_json: bool) -> None:
    from annotator.store import stories

    found, doubtful = stories.listed(store), stories.suggested(store)
    if as_json:
        told = {
            "clusters": [
                one._asdict() | {"documents": [m.id for m in stories.members(store, one.id)]}
                for one in found
            ],
            "suggested": [one._asdict() for one in doubtful],
        }
        print_json(told)
        return
    for one in found:
        click.echo(_line(one))
    for pair in doubtful:
        click.echo(_doubt(pair))
    told_twice = counted(len(found), "story", "stories")
    click.echo(f"{told_twice} with copies, {counted(len(doubtful), 'pair')} to look at", err=True)


def _line(one: Cluster) -> str:
    days = " to ".join(dict.fromkeys(filter(None, (one.first, one.last))))
    about = ", ".join(filter(None, ["; ".join(one.outlets), days]))
    return f"{one.id}  {one.size:,} copies: {one.title}{f' — {about}' if about else ''}"


def _doubt(one: Pair) -> str:
    return (
        f"{one.document_id}  may copy {one.other_id} ({one.likeness:.0%} alike): "
        f"{one.title} / {one.other_title}"
    )
