"""Word vectors: learned from plain text, or taken from elsewhere, for the next training."""

from __future__ import annotations

from pathlib import Path

import click

from annotator.cli.group import (
    AS_JSON,
    FILE,
    PROJECT,
    main,
    open_project,
    progress_bar,
    report_json,
    tell,
)
from annotator.core.counting import counted


@main.command()
@PROJECT
@click.option(
    "--corpus",
    type=FILE,
    multiple=True,
    help="A file or folder with more text, which need not be coded; repeatable.",
)
@click.option("--text", default="", metavar="COL", help="The column of tables that holds it.")
@click.option(
    "--dims", type=click.IntRange(10, 1_000), default=None, help="Numbers in a vector (200)."
)
@click.option(
    "--model2vec", type=FILE, default=None, help="Take vectors from a folder instead of learning."
)
@click.option("--remove", is_flag=True, help="Train without word vectors from now on.")
@AS_JSON
def vectors(
    project: Path,
    corpus: tuple[Path, ...],
    text: str,
    dims: int | None,
    model2vec: Path | None,
    remove: bool,
    as_json: bool,
) -> None:
    """Learn word vectors, from the project's text and more, for the next training."""
    learning = bool(corpus or text or dims)
    if learning + (model2vec is not None) + remove > 1:
        raise click.UsageError(
            "--model2vec and --remove each stand alone: nothing is learned with them"
        )
    from annotator.workflow import vectors as making

    opened = open_project(project)
    if remove:
        was = making.remove(opened.store)
        said = "took the word vectors away" if was else "this project has no word vectors"
        tell(as_json, f"{said}{_next(project) if was else ''}", removed=was)
        return
    if model2vec is not None:
        report = making.adopt(opened, model2vec)
        found = f"took vectors of {counted(report.words, 'piece of a word', 'pieces of words')}"
    else:
        with progress_bar() as progress:
            report = making.learn(
                opened,
                corpus=corpus,
                text=text,
                progress=progress,
                **({} if dims is None else {"dims": dims}),
            )
        found = (
            f"learned vectors of {counted(report.words, 'word')} from "
            f"{counted(report.texts, 'text')} ({counted(report.tokens, 'token')})"
        )
    for remark in making.remarks(report):
        click.echo(remark, err=True)
    said = f"{found}, {report.dims} dimensions, in {report.seconds:.1f} seconds{_next(project)}"
    click.echo(report_json(report) if as_json else said)


def _next(project: Path) -> str:
    return f"; run `annotator train {project}` to use what is in force now"
