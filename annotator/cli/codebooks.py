"""Codebooks: checked and changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from annotator.cli.group import (
    AS_JSON,
    FILE,
    PROJECT,
    main,
    open_project,
    report_json,
)
from annotator.cli.label_options import label_options, read_pairs
from annotator.core.counting import counted
from annotator.core.errors import CodebookError


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
                what = f"{codebook.name} {codebook.version}: {counted(codes, 'code')}"
                click.echo(f"{file}: {what}, no fault")
    if as_json:
        click.echo(json.dumps({str(file): faults.get(str(file), ()) for file in files}))
    if faults:
        raise CodebookError([line for told in faults.values() for line in told])


@main.group("codebook")
def codebook_group() -> None:
    """Draft a codebook, or change the one of a project."""


@codebook_group.command("draft")
@click.argument("file", type=FILE)
@label_options
@click.option("--title", default="", help="The title of the codebook.")
@click.option("--output", type=FILE, required=True, help="The .toml to write; it must be new.")
@AS_JSON
def codebook_draft(file: Path, output: Path, title: str, as_json: bool, **options: Any) -> None:
    """Draft a codebook with a code for each label of a table; the definitions are yours."""
    from annotator.workflow import label_drafting
    from annotator.workflow.label_choices import LabelChoices

    choices = LabelChoices(**read_pairs(options))
    made = label_drafting.draft_codebook(file, output, choices, title=title)
    if as_json:
        click.echo(json.dumps({"file": str(output), "codes": dict(made.counts)}))
        return
    for code, count in made.counts:
        click.echo(f"{code}: {counted(count, 'row')}")
    for note in made.notes:
        click.echo(note, err=True)
    click.echo(f"wrote {output}; write its definitions before anybody codes by it", err=True)


@codebook_group.command("update")
@PROJECT
@click.argument("file", type=FILE)
@click.option("--dry-run", is_flag=True, help="Show the difference; keep nothing.")
@AS_JSON
def codebook_update(project: Path, file: Path, dry_run: bool, as_json: bool) -> None:
    """Take an edited codebook in: a new version is made, nothing is recoded."""
    from annotator.workflow import schemes

    change = schemes.update_codebook(open_project(project), file, dry_run=dry_run)
    if as_json:
        click.echo(report_json(change))
        return
    for note in change.notes:
        click.echo(note, err=True)
    for line in change.lines:
        click.echo(line)
    verb = "would be" if dry_run else "is now"
    changed = f"version {change.old_version} {verb} {change.version}"
    click.echo(f"{change.name}: {changed if change.is_new else 'nothing changed'}")
