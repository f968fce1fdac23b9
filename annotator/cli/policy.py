"""What the project does about suggestions on the desk."""

from __future__ import annotations

from pathlib import Path

import click

from annotator.cli.group import AS_JSON, CODER, PROJECT, main, named, open_project, print_json


@main.command()
@PROJECT
@click.option(
    "--show",
    type=click.Choice(["off", "shown", "reveal"]),
    help="off: nobody sees any; shown: from the start; reveal: after the coder's own answer.",
)
@click.option(
    "--control",
    type=float,
    metavar="SHARE",
    help="Share of the sentences that never show any, to see what suggestions change; 0 to 1.",
)
@click.option(
    "--stream",
    type=float,
    metavar="SHARE",
    help="Share of what an order brings that is drawn by chance from the reserved stream; "
    "0.05 to 0.5.",
)
@CODER
@AS_JSON
def suggestions(
    project: Path,
    show: str | None,
    control: float | None,
    stream: float | None,
    coder: str,
    as_json: bool,
) -> None:
    """Tell, or change, whether coders see suggestions on the desk."""
    from annotator.workflow import policies

    opened = open_project(project)
    held = policies.policy(opened.store)
    found = policies.changed(held, suggestions=show, control=control, stream=stream)
    if found != held:
        policies.put(opened.store, found, who=named(coder))
    if as_json:
        print_json(found._asdict())
        return
    for line in policies.told(found):
        click.echo(line)
