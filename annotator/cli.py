"""The command line: results on stdout, everything else on stderr, faults as one plain line.

Exit codes: 0, or 1 for a fault in the input, or 2 for wrong usage. What a command needs is
imported when it runs, so that ``--help`` and ``serve`` do not wait for what they never use.
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from annotator import __version__
from annotator.core.errors import AnnotatorError, CodebookError

if TYPE_CHECKING:
    from collections.abc import Callable

    from annotator.workflow.importing import Outcome
    from annotator.workflow.projects import Project

PROJECT = click.argument("project", type=click.Path(path_type=Path))
FILE = click.Path(path_type=Path)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")


class Commands(click.Group):
    """Turns every fault in the input into one plain line on stderr and exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except CodebookError as fault:
            for line in fault.faults:
                click.echo(line, err=True)
        except AnnotatorError as fault:
            click.echo(str(fault), err=True)
        except sqlite3.Error as fault:
            said = f"the project file cannot be used now: {fault}"
            click.echo(f"{said}; make room or end what holds it, then try again", err=True)
        except BrokenPipeError:
            raise  # whoever read the output has seen enough, and click ends quietly
        except OSError as fault:
            where = fault.filename or "the output cannot be written"
            click.echo(f"{where}: {fault.strerror or fault}", err=True)
        ctx.exit(1)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="annotator")
def main() -> None:
    """Framing and stance annotation of news text: code, learn, export."""


@main.command()
@PROJECT
@click.option("--codebook", "codebooks", type=FILE, multiple=True, required=True)
@click.option(
    "--target",
    "targets",
    multiple=True,
    metavar="NAME=TITLE",
    help="A target of stances, beside the codebook's own; repeatable.",
)
@click.option("--title", default="", help="What pages call the project.")
def init(project: Path, codebooks: tuple[Path, ...], targets: tuple[str, ...], title: str) -> None:
    """Make a new project with one codebook or several."""
    from annotator.workflow import projects

    made = projects.create(
        project,
        codebooks,
        targets=[projects.parse_target(written) for written in targets],
        keep_targets=True,
        title=title,
    )
    names = ", ".join(f"{c.name} {c.version}" for c in made.scheme.codebooks)
    click.echo(f"made {made.path} with {names}")
    for variable, code, wanted, given in made.scheme.moved:
        click.echo(f"{variable}: {code}: key {wanted} was taken; now {given or 'none'}", err=True)


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

    opened = _open(project)
    fields = importing.given_fields(given)
    sources = importing.from_paths(paths)
    if dry_run:
        outcomes = list(importing.rehearse_sources(opened.store, sources, fields, unit))
    else:
        with _progress() as progress:
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


@main.command()
@PROJECT
@click.argument("file", type=FILE)
@click.option("--coder", default=None, help="Whose annotations these are.")
@click.option("--text", default=None, metavar="COL")
@click.option("--labels", default=None, metavar="COL")
@click.option("--delimiter", default=None, help="What stands between several labels in a cell.")
@click.option("--variable", default=None, help="Which question of the codebook the labels answer.")
@click.option("--target", default=None, metavar="COL")
@click.option("--id", "id_", default=None, metavar="COL")
@click.option(
    "--create", is_flag=True, help="Make a one-unit document of each row no unit matches."
)
@click.option("--dry-run", is_flag=True, help="Show the mapping; store nothing.")
@AS_JSON
def code(project: Path, file: Path, as_json: bool, **options: Any) -> None:
    """Bring in annotations: our own labels.csv, or any table of texts and labels."""
    from annotator.workflow import labelling

    report = labelling.code_table(_open(project).store, file, **options)
    for line in [_json(report)] if as_json else report.lines():
        click.echo(line)


@main.command()
@click.argument("files", nargs=-1, required=True, type=FILE)
@AS_JSON
def check(files: tuple[Path, ...], as_json: bool) -> None:
    """Check codebooks; every fault is told at once."""
    from annotator.exchange import codebook_toml

    faults: dict[str, tuple[str, ...]] = {}
    for file in files:
        try:
            codebook = codebook_toml.load(file)
        except CodebookError as fault:
            faults[str(file)] = fault.faults
        else:
            codes = sum(len(variable.answers) for variable in codebook.variable)
            if not as_json:
                click.echo(f"{file}: {codebook.name} {codebook.version}: {codes} codes, no fault")
    if as_json:
        click.echo(json.dumps({str(file): faults.get(str(file), ()) for file in files}))
    if faults:
        raise CodebookError([line for told in faults.values() for line in told])


@main.command()
@click.argument("project", required=False, type=FILE)
@click.option("--port", type=click.IntRange(1, 65535), default=8501, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--coder", default=None, help="Who is coding; skips the question.")
@click.option("--no-browser", is_flag=True, help="Do not open a browser window.")
def serve(project: Path | None, port: int, host: str, coder: str | None, no_browser: bool) -> None:
    """Open the web app; without a project, on the embedded sample."""
    from annotator.workflow import serving

    serving.serve(project, port=port, host=host, coder=coder, browser=not no_browser)


@main.command()
@PROJECT
@AS_JSON
def status(project: Path, as_json: bool) -> None:
    """Count what a project holds, and warn of what it lacks."""
    from annotator.workflow.status import status as state_of

    told = state_of(_open(project))
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for name, value in told.items():
        shown = ", ".join(value) if isinstance(value, list) else value
        click.echo(f"{name.replace('_', ' ')}: {'none' if shown in (None, '') else shown}")


@main.command()
@PROJECT
@click.option("--reason", default="asked", hidden=True)
@click.option("--background", is_flag=True, hidden=True, help="Give way to everything else.")
@AS_JSON
def train(project: Path, reason: str, background: bool, as_json: bool) -> None:
    """Learn from the tags, evaluate, and put the new model in force."""
    if background:
        _give_way()
    from annotator.workflow import supervising, training

    opened = _open(project)
    log = supervising.log_file(opened.store) if background else None
    with _progress() as progress:
        training.train(opened, reason=reason, progress=progress, log=log)
    _tell_model(opened, as_json)


MODEL_FIGURES = {
    "precision": "precision",
    "recall": "recall",
    "f1": "F1",
    "average_precision": "average\nprecision",
    "threshold": "threshold",
}
"""Of a code's card, what the command prints, and the heading of its column."""


def _tell_model(opened: Project, as_json: bool) -> None:
    from rich.console import Console
    from rich.table import Table

    from annotator.store import jobs
    from annotator.workflow import overview

    model_id, card = jobs.model(opened.store) or ("", {"codes": [], "trained_on": 0})
    if as_json:
        click.echo(json.dumps(card, ensure_ascii=False))
        return
    click.echo(f"model {model_id}, trained on {card['trained_on']} units")
    table = Table("code", "positives", *MODEL_FIGURES.values(), "on the desk")
    begun = [one for one in overview.code_cards(card) if one.positives]
    for one in begun:
        name = ": ".join(filter(None, (one.variable, one.target, one.code)))
        figures = [_figure(getattr(one, key)) for key in MODEL_FIGURES]
        remark = "" if one.calibrated or not one.fitted else " (uncalibrated)"
        shown = (overview.missing(one) or "yes") + remark
        table.add_row(name, str(one.positives), *figures, shown)
    Console(width=None if sys.stdout.isatty() else 120).print(table)
    if without := len(card["codes"]) - len(begun):
        click.echo(f"{without} more codes stand in no sentence yet")


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


@main.command()
@PROJECT
@click.option(
    "--input", "input_", type=FILE, default=None, help="New text: a table, one text a row."
)
@click.option("--output", type=FILE, required=True, help="A .csv, .jsonl or .parquet file.")
@click.option("--text", default="text", metavar="COL", show_default=True)
@click.option("--id", "id_", default=None, metavar="COL")
@click.option("--unit", type=click.Choice(["row", "sentence"]), default="row", show_default=True)
@click.option("--keep", multiple=True, metavar="COL", help="A column to carry along; repeatable.")
@AS_JSON
def suggest(
    project: Path, output: Path, keep: tuple[str, ...], as_json: bool, **options: Any
) -> None:
    """Score the project's units, or new text from a file."""
    from annotator.workflow import predicting

    columns = [name.strip() for names in keep for name in names.split(",")]
    with _progress() as progress:
        report = predicting.suggest(
            _open(project).store, output, keep=columns, progress=progress, **options
        )
    told = (
        f"wrote {report.rows} rows for {report.texts} texts and {report.codes} codes "
        f"by model {report.model_id} to {output}"
    )
    click.echo(_json(report) if as_json else told)
    click.echo(
        "The mean of `suggested` is not a share of the corpus: a classifier's errors bias it.",
        err=True,
    )


@main.command()
@PROJECT
@click.option("--format", "format_", default="labels", show_default=True)
@click.option(
    "--output", required=True, help="A file, a .zip with its dictionary, or - for stdout."
)
@click.option("--background", is_flag=True, hidden=True, help="Give way, and tell in lines.")
def export(project: Path, format_: str, output: str, background: bool) -> None:
    """Write the labels out, with a data dictionary beside them."""
    from annotator.workflow import exporting

    if background:
        _give_way()
    store = _open(project).store
    target = sys.stdout if output == "-" else Path(output)
    with _progress_lines() if background else _progress() as progress:
        report = exporting.export(store, format_, target, progress)
    if report.files:
        click.echo(f"wrote {report.rows} rows to {', '.join(map(str, report.files))}", err=True)
    for name, number in report.left_out.items():
        click.echo(f"left out: {number} {name}: {exporting.REASONS[name]}", err=True)
    for warning in report.warnings:
        click.echo(f"warning: {warning}", err=True)


@main.command()
@PROJECT
@click.argument("destination", type=FILE, metavar="DEST")
@click.option("--force", is_flag=True, help="Replace what is there.")
@AS_JSON
def backup(project: Path, destination: Path, force: bool, as_json: bool) -> None:
    """Copy a project to a file or into a folder, while coders go on saving."""
    from annotator.workflow import backups

    with _progress() as progress:
        made = backups.backup(
            project, destination, force=force, at=datetime.now().astimezone(), tell=progress
        )
    for line in [json.dumps(made.as_dict())] if as_json else made.lines():
        click.echo(line)


@main.command()
@PROJECT
@click.option("--repair", is_flag=True, help="Make a backup, then make the view anew.")
@AS_JSON
def doctor(project: Path, repair: bool, as_json: bool) -> None:
    """Look whether a project holds together, and say what to do where it does not."""
    from annotator.workflow import care

    found = care.examine(project)
    if repair and found.mendable:
        with _progress() as progress:
            made = care.repair(found, at=datetime.now().astimezone(), tell=progress)
        click.echo(f"as it was before the repair: {made.file}", err=True)
        found = care.examine(project)
    elif repair:
        click.echo("there is nothing here that a repair could make anew", err=True)
    for line in [json.dumps(found.as_dict())] if as_json else found.lines():
        click.echo(line)
    if found.faults:
        sys.exit(1)


@main.group("codebook")
def codebook_group() -> None:
    """Change the codebook of a project."""


@codebook_group.command("update")
@PROJECT
@click.argument("file", type=FILE)
@click.option("--dry-run", is_flag=True, help="Show the difference; keep nothing.")
@AS_JSON
def codebook_update(project: Path, file: Path, dry_run: bool, as_json: bool) -> None:
    """Take an edited codebook in: a new version is made, nothing is recoded."""
    from annotator.workflow import schemes

    change = schemes.update_codebook(_open(project), file, dry_run=dry_run)
    if as_json:
        click.echo(_json(change))
        return
    for note in change.notes:
        click.echo(note, err=True)
    for line in change.lines:
        click.echo(line)
    verb = "would be" if dry_run else "is now"
    changed = f"version {change.old_version} {verb} {change.version}"
    click.echo(f"{change.name}: {changed if change.is_new else 'nothing changed'}")


@main.command()
@click.option("--remove", is_flag=True, required=True, help="Take the embedded sample away.")
def sample(remove: bool) -> None:
    """The embedded sample project."""
    from annotator.workflow import sample_project

    gone = sample_project.remove_sample()
    click.echo("the sample is gone" if gone else "there is no sample")


def _json(report: Any) -> str:
    return json.dumps(asdict(report), ensure_ascii=False)


def _open(path: Path) -> Project:
    from annotator.workflow import projects

    return projects.open_project(path)


def _give_way() -> None:
    """Lower this process's priority, where the system has such a thing."""
    if hasattr(os, "nice"):
        os.nice(15)


@contextmanager
def _progress() -> Iterator[Callable[[int, int, str], None]]:
    """A progress bar on stderr, where somebody is looking."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=None)

        def tell(done: int, total: int, message: str) -> None:
            bar.update(task, completed=done, total=total, description=message)

        yield tell


@contextmanager
def _progress_lines() -> Iterator[Callable[[int, int, str], None]]:
    """A line of JSON on stdout for each step, for the page that waits for it."""

    def tell(done: int, total: int, message: str) -> None:
        click.echo(json.dumps([done, total, message]))
        sys.stdout.flush()

    yield tell
