"""What a project is made of on the disk."""

from __future__ import annotations

from pathlib import Path

import pytest

BOOK = """
name = "toy"
version = "1.0.0"
title = "Toy"

[[variable]]
name = "frame"

[[variable.code]]
name = "peace"
title = "Peace"
definition = "The end of fighting."
"""


@pytest.fixture
def one_question(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of a codebook that asks one question, with a home of its own for the program."""
    monkeypatch.setenv("ANNOTATOR_HOME", str(tmp_path / "home"))
    file = tmp_path / "toy.toml"
    file.write_text(BOOK, encoding="utf-8")
    return file
