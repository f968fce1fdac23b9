"""What is found in documents once they are in."""

from __future__ import annotations

import json
from pathlib import Path

import click

from annotator.cli.group import (
    AS_JSON,
    BACKGROUND,
    PROJECT,
    main,
    open_project,
    progress_told,
)
from annotator.core.counting import counted


@main.command()
@PROJECT
@BACKGROUND
@AS_JSON
def analyse(project: Path, background: bool, as_json: bool) -> None:
    """Find who speaks, and what else is found in documents, where that was not done yet."""
    from annotator.workflow import analysing

    store = open_project(project).store
    waiting = analysing.waiting(store)
    with progress_told(background) as progress:
        analysing.finish(store, progress)
    if as_json:
        click.echo(json.dumps({"documents": waiting}))
    elif not background:
        said = f"analysed {counted(waiting, 'document')}" if waiting else "nothing waited"
        click.echo(said)
