"""What the README, the tutorial and the how-tos tell readers to type works as it stands."""

from __future__ import annotations

import re
import shlex
import shutil
import uuid
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from click.testing import CliRunner

from annotator import cli
from annotator.core.annotation import Event
from annotator.core.codebook import Variable
from annotator.store import events, tables
from annotator.store.events import Told
from annotator.workflow import guide, projects
from annotator.workflow.projects import Project
from tests.small import AT

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", DOCS / "tutorial.md", *sorted((DOCS / "howto").glob("*.md"))]

BLOCK = re.compile(r"^```(sh|python)\n(.*?)^```", re.M | re.S)
FILE = re.compile(r"`([\w-]+\.(?:csv|toml))`[^`\n]*:\n\n```(?:csv|toml)\n(.*?)^```", re.M | re.S)
STEP = re.compile(r"^\| (\d+) \| [^|]+ \| ([^|]*) \|", re.M)
"""A row of the tutorial: a sentence's number, its first words, and the keys to press."""

WITHOUT_US = ("make", "pip", "python", "python3", ".", "streamlit", "git", "cd")


@pytest.fixture
def desktop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that a reader works in: as the program's, with articles of their own."""
    monkeypatch.setenv("ANNOTATOR_HOME", str(tmp_path / "home"))
    folder = tmp_path / "annotator"
    shutil.copytree(ROOT / "labels", folder / "labels")
    for place in ("docs/tutorial", "articles"):
        shutil.copytree(DOCS / "tutorial", folder / place)
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_everything_that_a_page_says_to_type_works(page, desktop):
    text = page.read_text(encoding="utf-8")
    steps = [(found.start(), _file, found) for found in FILE.finditer(text)]
    steps += [(found.start(), _block, found) for found in BLOCK.finditer(text)]

    for _, follow, found in sorted(steps, key=lambda step: step[0]):
        follow(found[1], found[2])

    assert [one for one in _written(text) if not (desktop / one).exists()] == []


def test_coding_as_the_tutorial_says_teaches_a_code_that_the_desk_then_suggests(desktop):
    text = (DOCS / "tutorial.md").read_text(encoding="utf-8")
    _block("sh", next(found[2] for found in BLOCK.finditer(text) if " init " in found[2]))
    pressed = {int(number): keys for number, keys in STEP.findall(text)}
    made = projects.open_project(desktop / "river-orl.annotator")
    by_key = {code.hotkey: code.name for code in made.scheme.codebooks[0].variable[0].code}
    chosen = [
        [by_key[key] for key in re.findall(r"`(\w)`", pressed[number]) if key in by_key]
        for number in range(1, len(pressed) + 1)
    ]
    _save(made, ([_frame(made, name) for name in names] for names in chosen))
    projects.close_project(made.path)

    _annotator("train river-orl.annotator")

    made = projects.open_project(desktop / "river-orl.annotator")
    assert len(chosen) == 28
    assert guide.suggested_unit(made, "ana")
    projects.close_project(made.path)


def _file(name: str, content: str) -> None:
    Path(name).write_text(content, encoding="utf-8")


def _block(kind: str, block: str) -> None:
    if kind == "python":
        exec(compile(block, "<page>", "exec"), {})
        return
    for line in block.replace("\\\n", " ").splitlines():
        if line.startswith("annotator serve"):
            _code_all(line.split()[2])
        elif line.split() and line.split()[0] not in WITHOUT_US:
            _annotator(line.removeprefix("annotator "))


def _annotator(line: str) -> str:
    """Run a command as a shell would; what it prints."""
    ran = CliRunner().invoke(cli.main, shlex.split(line, comments=True))
    assert ran.exit_code == 0, f"annotator {line}: {ran.output}"
    return ran.output


def _written(text: str) -> Iterator[str]:
    """The files that the page's commands write."""
    for block in BLOCK.finditer(text):
        yield from re.findall(r"--output (\S+)", block[2])


def _code_all(name: str) -> None:
    """Where a page opens the desk, its reader codes: here every sentence, by turns."""
    made = projects.open_project(Path(name))
    variables = [one for book in made.scheme.codebooks for one in book.variable]
    _save(made, (_answers(variables, turn) for turn in count()))
    projects.close_project(made.path)


def _answers(variables: list[Variable], turn: int) -> list[dict[str, str]]:
    """An answer to every question, toward every target: the codes take turns."""
    return [
        {"variable": one.name, "target": target, "code": one.answers[turn % len(one.answers)].name}
        for one in variables
        for target in one.target_names
    ]


def _frame(made: Project, name: str) -> dict[str, str]:
    return {"variable": made.scheme.codebooks[0].variable[0].name, "code": name}


def _save(made: Project, answers: Iterator[list[dict[str, str]]]) -> None:
    """Give the project's units these answers, one after the other, as far as they go."""
    told = [
        Told("ana", Event.model_validate(_event(made, unit.unit_id, one)), AT)
        for unit, one in zip(tables.units(made.store), answers, strict=False)
    ]
    assert set(events.record(made.store, told)) == {None}


def _event(made: Project, unit: str, answers: list[dict[str, str]]) -> dict[str, object]:
    told = {"uuid": str(uuid.uuid4()), "op": "set", "unit": unit, "scheme": made.scheme.id}
    return told | {"answers": answers}
