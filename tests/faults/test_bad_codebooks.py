"""Codebooks that cannot be used: every fault in a line of its own, and no project half made."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from annotator.store import codebooks

WRITTEN = (Path(__file__).parents[2] / "labels" / "conflict.toml").read_text(encoding="utf-8")
FIRST, SECOND = re.findall(r'hotkey = "(.)"', WRITTEN)[:2]

BROKEN = {
    "a repeated hotkey": (
        WRITTEN.replace(f'hotkey = "{SECOND}"', f'hotkey = "{FIRST}"', 1),
        f"mine.toml: frame: sovereignty: hotkey '{FIRST}' is taken by frame: counter-terrorism; "
        "take one of",
    ),
    "an unknown key": (
        WRITTEN.replace('hotkey = "', 'hotkeys = "', 1),
        "mine.toml: frame: counter-terrorism: unknown key 'hotkeys'; did you mean hotkey?",
    ),
    "a missing definition": (
        re.sub(r"\ndefinition = [^\n]*", "", WRITTEN, count=1),
        "mine.toml: frame: counter-terrorism: definition is missing; write in one sentence when "
        "the code applies",
    ),
    "no TOML": (f"{WRITTEN}\n[[oops\n", "expected ']]' at the end of an array declaration; write"),
    "not UTF-8": (b"name = \xff", "mine.toml: line 1: is not UTF-8; save the file again as UTF-8"),
}


@pytest.fixture
def mine(tmp_path):
    def write(content):
        place = tmp_path / "mine.toml"
        place.write_bytes(content if isinstance(content, bytes) else content.encode())
        return place

    return write


@pytest.mark.parametrize("kind", BROKEN)
def test_a_codebook_with_a_fault_is_told_the_place_and_the_remedy(annotator, mine, kind):
    content, sentence = BROKEN[kind]

    said = annotator("check", mine(content))

    assert said.code == 1
    (line,) = said.lines
    assert sentence in line


@pytest.mark.parametrize("kind", BROKEN)
def test_no_project_is_made_with_a_faulty_codebook(annotator, mine, tmp_path, kind):
    content, sentence = BROKEN[kind]

    said = annotator("init", tmp_path / "new.annotator", "--codebook", mine(content))

    assert said.code == 1
    assert sentence in said.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.toml"]


@pytest.mark.parametrize("kind", BROKEN)
def test_a_faulty_update_leaves_the_codebook_in_force(annotator, project, mine, kind):
    content, sentence = BROKEN[kind]
    before = codebooks.current_scheme(project.store)

    said = annotator("codebook", "update", project.path, mine(content))

    assert said.code == 1
    assert sentence in said.err
    assert codebooks.current_scheme(project.store) == before


def test_several_faults_are_told_at_once_and_good_files_are_good(annotator, mine, tmp_path):
    broken, _ = BROKEN["a missing definition"]
    good = tmp_path / "good.toml"
    good.write_text(WRITTEN, encoding="utf-8")

    said = annotator("check", mine(broken.replace('hotkey = "', 'hotkeys = "', 1)), good)

    assert [line.split("; ")[0] for line in said.lines] == [
        "mine.toml: frame: counter-terrorism: unknown key 'hotkeys'",
        "mine.toml: frame: counter-terrorism: definition is missing",
    ]
    assert "no fault" in said.out
