"""A project as a whole: made, served, counted, copied, examined."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import click

from annotator.cli.group import AS_JSON, FILE, PROJECT, main, open_project, print_json, progress_bar


def _host_names(_: click.Context, __: click.Parameter, names: tuple[str, ...]) -> tuple[str, ...]:
    for name in names:
        if urlsplit(f"//{name}").hostname != name.lower():
            raise click.BadParameter(
                f"{name!r} is not a host name alone; write it without https:// and without a port"
            )
    return names


@main.command()
@PROJECT
@click.option(
    "--codebook",
    "codebooks",
    type=FILE,
    multiple=True,
    required=True,
    help="A codebook to copy into the project, or the name of one that ships; repeatable.",
)
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
        [projects.codebook_file(written) for written in codebooks],
        targets=[projects.parse_target(written) for written in targets],
        keep_targets=True,
        title=title,
    )
    names = ", ".join(f"{c.name} {c.version}" for c in made.scheme.codebooks)
    click.echo(f"made {made.path} with {names}")
    for variable, code, wanted, given in made.scheme.moved:
        click.echo(f"{variable}: {code}: key {wanted} was taken; now {given or 'none'}", err=True)


@main.command()
@click.argument("project", required=False, type=FILE)
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=8501,
    show_default=True,
    help="The port to listen on.",
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="The address to listen on; this machine alone, unless told otherwise.",
)
@click.option(
    "--allow-host",
    "names",
    multiple=True,
    callback=_host_names,
    metavar="NAME",
    help="A name that browsers reach this server by, as behind a proxy; repeatable.",
)
@click.option("--coder", default=None, help="Who is coding; skips the question.")
@click.option(
    "--queue",
    default=None,
    help="The sample, set or order that the desk opens on, such as by:least-sure.",
)
@click.option("--no-browser", is_flag=True, help="Do not open a browser window.")
def serve(
    project: Path | None,
    port: int,
    host: str,
    names: tuple[str, ...],
    coder: str | None,
    queue: str | None,
    no_browser: bool,
) -> None:
    """Open the web app; without a project, on the embedded sample."""
    from annotator.workflow import serving

    serving.serve(
        project,
        port=port,
        host=host,
        names=names,
        coder=coder,
        browser=not no_browser,
        queue=queue,
    )


@main.command()
@PROJECT
@AS_JSON
def status(project: Path, as_json: bool) -> None:
    """Count what a project holds, and warn of what it lacks."""
    from annotator.workflow.status import status as state_of

    told = state_of(open_project(project))
    if as_json:
        print_json(told)
        return
    for name, value in told.items():
        shown = ", ".join(value) if isinstance(value, list) else value
        click.echo(f"{name.replace('_', ' ')}: {'none' if shown in (None, '') else shown}")


@main.command()
@PROJECT
@click.argument("destination", type=FILE, metavar="DEST")
@click.option("--force", is_flag=True, help="Replace what is there.")
@AS_JSON
def backup(project: Path, destination: Path, force: bool, as_json: bool) -> None:
    """Copy a project to a file or into a folder that is there, while coders go on saving."""
    from annotator.workflow import backups

    with progress_bar() as progress:
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
        with progress_bar() as progress:
            made = care.repair(found, at=datetime.now().astimezone(), tell=progress)
        click.echo(f"as it was before the repair: {made.file}", err=True)
        found = care.examine(project)
    elif repair:
        click.echo("there is nothing here that a repair could make anew", err=True)
    for line in [json.dumps(found.as_dict())] if as_json else found.lines():
        click.echo(line)
    if found.faults:
        sys.exit(1)


@main.command()
@click.option("--remove", is_flag=True, required=True, help="Take the embedded sample away.")
def sample(remove: bool) -> None:
    """The embedded sample project."""
    from annotator.workflow import sample_project

    gone = sample_project.remove_sample()
    click.echo("the sample is gone" if gone else "there is no sample")
