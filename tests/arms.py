"""A small project that was coded in both arms: with suggestions on screen, and without."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from annotator.workflow.projects import Project
from tests.small import code_units, codebook, small_project

SENTENCES = 240
TEXT = " ".join(f"Sentence number {number} says nothing." for number in range(SENTENCES))

SHOWN, HIDDEN = slice(0, 120), slice(120, 240)
"""The sentences of the two arms."""


def candidates(*, shown: bool, **scores: float) -> list[dict[str, Any]]:
    """Scores of codes; from one half on they reach the threshold."""
    return [
        {
            "variable": "frame",
            "code": code,
            "score": score,
            "above": score >= 0.5,
            "shown": shown and score >= 0.5,
        }
        for code, score in scores.items()
    ]


def arm(name: str, *, model: str = "m1", **scores: float) -> dict[str, Any]:
    """What the events of an arm carry; of ``border`` and ``road``, the first is suggested."""
    told = candidates(shown=name == "suggest", **(scores or {"border": 0.8, "road": 0.1}))
    return {"arm": name, "model_id": model, "candidates": told}


@contextmanager
def two_arms(folder: Path, *, more: str = "") -> Iterator[Project]:
    """Nobody has coded yet. ``more`` is TOML of further variables."""
    use = 'use = ["asserted", "rejected"]'
    book = codebook("border", "road", "flood", use=use, more=more)
    with small_project(folder, book, [TEXT]) as project:
        yield project


def give_border(
    project: Project, shown: int, hidden: int, *, coder: str = "ana", **fields: Any
) -> None:
    """Code both arms: ``border`` to so many sentences of each, ``road`` to every tenth."""

    def rule(first: int, upto: int) -> Any:
        def codes(number: int, _: Any) -> list[str]:
            at = number - first
            return ["border"] * (at < upto) + ["road"] * (at % 10 == 0)

        return codes

    for name, which, upto, seconds in (
        ("suggest", SHOWN, shown, 4.0),
        ("control", HIDDEN, hidden, 5.0),
    ):
        for second in range(2):  # half of them take half as long again
            part = slice(which.start + 60 * second, which.start + 60 * (second + 1))
            code_units(
                project,
                rule(which.start, upto),
                part,
                coder=coder,
                seconds=seconds * (1 + second / 2),
                **(arm(name) | fields),
            )
