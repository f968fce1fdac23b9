"""The root of the command line, and what its commands share.

Exit codes: 0, or 1 for a fault in the input, or 2 for wrong usage.
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from annotator import __version__
from annotator.core.errors import AnnotatorError, CodebookError

if TYPE_CHECKING:
    from collections.abc import Callable

    from annotator.workflow.projects import Project


class Place(click.Path):
    """A path; an empty one, as a variable that is not set gives, would be the current folder."""

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        """The path, or a fault of usage."""
        if value == "":
            self.fail("the path is empty", param, ctx)
        return super().convert(value, param, ctx)


FILE = Place(path_type=Path)
PROJECT = click.argument("project", type=FILE)
COUNT = click.IntRange(1, 2**63 - 1)
"""A number of rows, no larger than the store can count."""

ALL = -1
"""As a number of rows: however many there are."""

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
CODER = click.option(
    "--coder",
    default=lambda: os.environ.get("ANNOTATOR_CODER", ""),
    callback=lambda _ctx, _param, name: name.strip(),
    help="Who does it, for the history.",
)


BEHIND, SESSION_BEHIND = 15, 5
"""By how much background work gives way, of 19, where 0 is everybody else; and by how much its
whole session does, which leaves it a quarter of a processor that others want all of.
"""


def give_way(_ctx: click.Context, _param: click.Parameter, background: bool) -> bool:
    """Lower this process's priority, where the system has such a thing."""
    if background and hasattr(os, "nice"):
        os.nice(BEHIND)
        # Linux may share the processor out by sessions first. Where this process leads one, its
        # priority counts among its own children alone, until the session's is lowered as well
        # (sched(7), "autogroup").
        if os.getsid(0) == os.getpid():
            with suppress(OSError):
                Path("/proc/self/autogroup").write_text(str(SESSION_BEHIND), encoding="ascii")
    return background


BACKGROUND = click.option(
    "--background",
    is_flag=True,
    hidden=True,
    callback=give_way,
    help="Give way to everything else, and tell in lines.",
)


class Commands(click.Group):
    """Turns every fault in the input into one plain line on stderr and exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
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


def print_json(told: Any) -> None:
    """Print a result as one line of JSON, letters of every script as they are."""
    click.echo(json.dumps(told, ensure_ascii=False))


def tell(as_json: bool, said: str, **told: object) -> None:
    """Print what was done: in words, or as JSON."""
    if as_json:
        print_json(told)
    else:
        click.echo(said)


def report_json(report: Any) -> str:
    """A report as one line of JSON."""
    return json.dumps(asdict(report), ensure_ascii=False)


def named(coder: str) -> str:
    """The name that the history keeps, also where nobody is named."""
    from annotator.store.catalogue import NOBODY

    return coder or NOBODY


def open_project(path: Path) -> Project:
    """The project at a path."""
    from annotator.workflow import projects

    return projects.open_project(path)


def progress_told(background: bool) -> AbstractContextManager[Callable[[int, int, str], None]]:
    """Progress for whoever looks: a bar, or lines for the page that began this."""
    return progress_lines() if background else progress_bar()


@contextmanager
def progress_bar() -> Iterator[Callable[[int, int, str], None]]:
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
def progress_lines() -> Iterator[Callable[[int, int, str], None]]:
    """A line of JSON on stdout for each step, for the page that waits for it."""

    def tell(done: int, total: int, message: str) -> None:
        click.echo(json.dumps([done, total, message]))
        sys.stdout.flush()

    yield tell
