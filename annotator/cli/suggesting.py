"""Suggested codes for the project or for new text, on one core, several, or many machines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from annotator.cli.group import (
    AS_JSON,
    FILE,
    PROJECT,
    main,
    open_project,
    progress_bar,
    report_json,
)
from annotator.core.counting import counted


@main.command()
@PROJECT
@click.option(
    "--input", "input_", type=FILE, default=None, help="New text: a table, one text a row."
)
@click.option("--output", type=FILE, required=True, help="A .csv, .jsonl or .parquet file.")
@click.option(
    "--text",
    default="text",
    metavar="COL",
    show_default=True,
    help="With --input: the column of the text.",
)
@click.option(
    "--id",
    "id_",
    default=None,
    metavar="COL",
    help="With --input: the column of the id; without one, rows are numbered from 1.",
)
@click.option(
    "--unit",
    type=click.Choice(["row", "sentence"]),
    default="row",
    show_default=True,
    help="With --input: what is scored; sentences add their place to the id.",
)
@click.option("--keep", multiple=True, metavar="COL", help="A column to carry along; repeatable.")
@click.option(
    "--workers", type=click.IntRange(1, 1024), metavar="N", help="How many processes; 1 is usual."
)
@click.option(
    "--cluster",
    metavar="ADDRESS",
    help="A dask scheduler, as tcp://HOST:PORT, whose workers do it.",
)
@AS_JSON
def suggest(
    project: Path,
    output: Path,
    keep: tuple[str, ...],
    workers: int | None,
    cluster: str | None,
    as_json: bool,
    **options: Any,
) -> None:
    """Score the project's units, or new text from a file.

    Stopped, it leaves what is finished in a folder beside the output, and the same command goes
    on from there.
    """
    from annotator.workflow import predicting
    from annotator.workflow import workers as crew

    if workers and cluster is not None:
        raise click.UsageError("--workers and --cluster are two ways; give one of them")
    many = workers is not None and workers > 1
    run = crew.in_processes(workers or 1) if many else crew.here
    if cluster is not None:
        run = crew.on_cluster(cluster)
    columns = [name.strip() for names in keep for name in names.split(",")]
    with progress_bar() as progress:
        report = predicting.suggest(
            open_project(project).store,
            output,
            keep=columns,
            run=run,
            shared=cluster is not None,
            progress=progress,
            tell=lambda said: click.echo(said, err=True),
            **options,
        )
    texts, codes = counted(report.texts, "text"), counted(report.codes, "code")
    told = (
        f"wrote {counted(report.rows, 'row')} for {texts} and {codes} "
        f"by model {report.model_id} to {output}"
    )
    click.echo(report_json(report) if as_json else told)
    click.echo(
        "The mean of `suggested` is not a share of the corpus: a classifier's errors bias it.",
        err=True,
    )
