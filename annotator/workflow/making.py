"""Making a project from what somebody chose on a page: shipped codebooks, own ones, targets."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from annotator.core.codebook import Codebook, Target
from annotator.core.errors import CodebookError, ProjectError
from annotator.exchange import codebook_toml
from annotator.workflow import projects
from annotator.workflow.projects import Project

SUFFIX = ".annotator"


class Shipped(NamedTuple):
    """One codebook of ``labels/``."""

    file: Path
    codebook: Codebook


def shipped() -> list[Shipped]:
    """The codebooks of ``labels/`` that can be used, by file name; ``check`` names the others."""
    found = []
    for file in sorted(projects.labels_directory().glob("*.toml")):
        try:
            found.append(Shipped(file, codebook_toml.load(file)))
        except CodebookError:
            continue
    return found


def own_targets(codebooks: Iterable[Codebook]) -> dict[str, Target] | None:
    """The targets these codebooks come with, by name; None where no variable asks for any."""
    asked = [
        variable.targets
        for codebook in codebooks
        for variable in codebook.variable
        if variable.targets is not None
    ]
    return {target.name: target for targets in asked for target in targets} if asked else None


def written(targets: Iterable[Target]) -> str:
    """Targets as lines that ``make`` reads.

    >>> written([Target(name="osten", title="Republic of Osten")])
    'osten=Republic of Osten'
    """
    return "\n".join(f"{target.name}={target.title}" for target in targets)


def place_of(name: str, folder: str) -> Path:
    """The file of a project of that name in that folder.

    >>> place_of("Ilsa Heights, 2021", "/home/ada/news").as_posix()
    '/home/ada/news/ilsa-heights-2021.annotator'
    """
    return Path(folder).expanduser() / f"{projects.slug(name) or 'project'}{SUFFIX}"


def make(
    name: str,
    folder: str,
    chosen: Sequence[Path],
    uploads: Sequence[tuple[str, bytes]],
    targets: str,
) -> Project:
    """Make a project of this name with these codebooks.

    ``targets`` has one target in a line, written ``NAME=TITLE`` or as a title. Those that the
    codebooks come with keep their other names; unchanged, each codebook keeps its own.
    """
    if not name.strip():
        raise ProjectError("the project has no name yet; write one")
    place = place_of(name.strip(), folder)
    with TemporaryDirectory() as scratch:
        files = [*chosen, *(_put(Path(scratch), *upload) for upload in uploads)]
        if not files:
            raise CodebookError(["a project needs a codebook; choose one or upload your own"])
        own = own_targets(codebook_toml.load(file) for file in files) or {}
        asked = _read_targets(targets, own)
        given = [] if asked == list(own.values()) else asked
        try:
            return projects.create(place, files, targets=given, title=name.strip())
        except (OSError, sqlite3.Error) as fault:
            raise ProjectError(
                f"{place} cannot be made ({fault}); choose another folder"
            ) from fault


def _read_targets(lines: str, own: dict[str, Target]) -> list[Target]:
    read = [projects.parse_target(line) for line in lines.splitlines() if line.strip()]
    found: dict[str, Target] = {}
    for target in read:
        if target.name in found:
            raise CodebookError([f"target {target.name!r} stands there twice; keep one"])
        aliases = own[target.name].aliases if target.name in own else ()
        found[target.name] = target.model_copy(update={"aliases": aliases})
    return list(found.values())


def _put(folder: Path, name: str, content: bytes) -> Path:
    file = folder / Path(name.replace("\\", "/")).name
    file.write_bytes(content)
    return file
