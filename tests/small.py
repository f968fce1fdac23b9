"""Small projects: a codebook in a few words, articles as texts, and coding by rule."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from annotator.core.annotation import Event
from annotator.store import events, tables
from annotator.store.desk_units import DeskUnit
from annotator.store.events import Told
from annotator.workflow import importing, labelling, projects
from annotator.workflow.projects import Project
from annotator.workflow.sources import from_uploads

AT = "2021-05-03T10:00:00.000+00:00"

NAMED = {
    "border": "A border is named.",
    "road": "A road is named.",
    "flood": "A flood is named.",
}
"""Codes whose definitions say when they are given."""


def codebook(*named: str, use: str = "", more: str = "", **others: str) -> str:
    """A codebook of one variable, ``frame``: some of ``NAMED``, and others as name and definition.

    ``use`` is TOML of that variable, ``more`` TOML of further ones.
    """
    codes = {name: NAMED[name] for name in named} | others
    blocks = (
        f'[[variable.code]]\nname = "{name}"\ntitle = "{name.capitalize()}"\n'
        f'definition = "{definition}"\n'
        for name, definition in codes.items()
    )
    head = 'name = "small"\nversion = "1.0.0"\ntitle = "Small"\n[[variable]]\nname = "frame"\n'
    return f"{head}{use}\n{''.join(blocks)}{more}"


@contextmanager
def small_project(folder: Path, book: str, articles: Sequence[str] = ()) -> Iterator[Project]:
    """A project of articles that are called ``0.txt`` and so on, while the program's home is there.

    It is closed in the end.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ANNOTATOR_HOME", str(folder / "home"))
        (folder / "small.toml").write_text(book, encoding="utf-8")
        made = projects.create(folder / "p.annotator", [folder / "small.toml"])
        files = [(f"{number}.txt", text.encode()) for number, text in enumerate(articles)]
        list(importing.import_sources(made.store, made.seed, from_uploads(files)))
        yield made
        projects.close_project(made.path)


def code_units(
    project: Project,
    codes: Callable[[int, DeskUnit], Iterable[str]],
    which: slice = slice(None),
    *,
    coder: str = "ana",
    scheme: int = 1,
    **fields: Any,
) -> None:
    """Save a decision on each of these units; ``codes`` says which are right for its number."""
    told = []
    for number, unit in list(enumerate(tables.units(project.store)))[which]:
        answers = [{"variable": "frame", "code": code} for code in codes(number, unit)]
        stated = {"uuid": f"{coder}-{scheme}-{unit.seq:06}", "op": "set", "unit": unit.unit_id}
        event = Event.model_validate(stated | {"scheme": scheme, "answers": answers} | fields)
        told.append(Told(coder, event, AT))
    assert set(events.record(project.store, told)) == {None}


def named(*codes: str) -> Callable[[int, DeskUnit], Iterable[str]]:
    """A rule for ``code_units``: those of the codes whose name stands in the text."""
    return lambda _, unit: [code for code in codes if code in unit.text]


def code_rows(project: Project, rows: Iterable[tuple[str, str]]) -> None:
    """Bring in texts with their codes, joined by ``;``, as ana's: a unit of each."""
    place = project.path.with_name("coded.csv")
    with place.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("text", "labels"), *rows])
    labelling.code_table(
        project.store,
        place,
        coder="ana",
        text="text",
        labels="labels",
        variable="frame",
        create=True,
    )
