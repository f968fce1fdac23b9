"""Which column of a table holds which field: by its name in many languages, then by its cells."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from pathlib import Path
from statistics import fmean
from typing import NamedTuple

from annotator.corpus.cells import URL
from annotator.corpus.dates import iso_date, may_be_two_days
from annotator.corpus.language import LANGUAGES
from annotator.corpus.rows import FIELDS

NOT_TEXT = "not_text"

LONGER = 1.5
"""How many times longer the cells of one column are before it, not the other, is the text."""

MOST_CELLS = 20_000
FEWEST_ROWS = 20
"""Cells that are looked at, of the rows of a sample; of wide tables fewer rows."""

WORDS = 4
"""Words of a cell, on average, from which a column may be the text without being called so."""

MOST_KINDS = 0.5
"""Cells that differ, of all; where fewer do, they are labels, however long."""

LONGEST_DATE = 60
"""Characters beyond which no cell is looked at as a date."""

LANGUAGE_CODE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z]{2,4})?")
TELLING_ID = re.compile(r"(?=\S*\d)(?=\S*[^\W\d_])\S{3,64}")


class Guess(NamedTuple):
    """The column of one field: ``sureness`` is 1 where it is called like the field, else less."""

    column: str
    sureness: float
    by: str


class Sampled(NamedTuple):
    """One column, and its cells in the sample that are not empty."""

    name: str
    cells: list[str]

    def share(self, holds: Callable[[str], object]) -> float:
        """How many of the cells are so, of all; 0 where there are none."""
        return sum(bool(holds(cell)) for cell in self.cells) / max(1, len(self.cells))

    @property
    def differing(self) -> float:
        """How many cells differ, of all."""
        return len(set(self.cells)) / max(1, len(self.cells))

    @property
    def length(self) -> float:
        """The characters of a cell, on average."""
        return fmean(map(len, self.cells)) if self.cells else 0.0


def guesses(columns: Sequence[str], sample: Sequence[Mapping[str, str]]) -> dict[str, Guess]:
    """The column of each field that one can be told for; no column holds two fields.

    A name counts more than cells. Where two columns are equally likely, neither is taken.

    >>> guesses(["Überschrift", "Volltext"], [])["text"]
    Guess(column='Volltext', sureness=0.8, by='its name')
    """
    sampled = _sampled(columns, sample)
    named = {field: _by_name(field, sampled) for field in FIELDS}
    found = {field: guess for field, guess in named.items() if guess}
    for field, by_cells in BY_CELLS.items():
        taken = {guess.column for guess in found.values()}
        free = [one for one in sampled if one.name not in taken]
        if field not in found and not _rivals(field, sampled) and (name := by_cells(free)):
            found[field] = Guess(name, 0.4, "its cells")
    return {field: found[field] for field in FIELDS if field in found}


def rivals(columns: Sequence[str], sample: Sequence[Mapping[str, str]]) -> list[str]:
    """The columns that are equally likely to hold the text, where that is why none is taken."""
    sampled = _sampled(columns, sample)
    return [one.name for one in _rivals("text", sampled) or _longest(sampled)]


def _sampled(columns: Sequence[str], sample: Sequence[Mapping[str, str]]) -> list[Sampled]:
    rows = sample[: max(FEWEST_ROWS, MOST_CELLS // max(1, len(columns)))]
    return [
        Sampled(name, [cell for row in rows if (cell := row.get(name, "").strip())])
        for name in columns
    ]


def _by_name(field: str, sampled: Sequence[Sampled]) -> Guess | None:
    for tier, names in enumerate(_names()[field]):
        fit = _called(field, names, sampled, first=tier == 0)
        if len(fit) == 1:
            return Guess(fit[0].name, max(0.4, 1 - 0.2 * tier), "its name")
        if fit:
            return None
    return None


def _rivals(field: str, sampled: Sequence[Sampled]) -> list[Sampled]:
    """The columns that are called by equally good names."""
    for tier, names in enumerate(_names()[field]):
        if fit := _called(field, names, sampled, first=tier == 0):
            return fit if len(fit) > 1 else []
    return []


def _called(
    field: str, names: frozenset[str], sampled: Sequence[Sampled], *, first: bool
) -> list[Sampled]:
    """The columns that are called like the field and hold what it holds, or hold nothing yet."""
    called = [one for one in sampled if folded(one.name) in names]
    if len(called) > 1:
        called = [one for one in called if one.cells] or called
    fits = FITS.get(field)
    if fits is None:
        return called
    return [one for one in called if (first and field != "language") or not one.cells or fits(one)]


def folded(name: str) -> str:
    """A name of a column without what does not matter in it.

    >>> folded("Full_Text"), folded("Überschrift"), folded("BAŞLIK")
    ('fulltext', 'uberschrift', 'baslik')
    """
    letters = unicodedata.normalize("NFKD", name.casefold().replace("ı", "i"))
    return "".join(letter for letter in letters if letter.isalnum())


@lru_cache
def _names() -> dict[str, list[frozenset[str]]]:
    listed = tomllib.loads(Path(__file__).with_name("column_names.toml").read_text("utf-8"))
    return {
        field: [frozenset(map(folded, names)) for names in tiers] for field, tiers in listed.items()
    }


def is_label(name: str) -> bool:
    """Whether a column is called like labels, as ``label_bias`` and ``frame 2`` are.

    >>> is_label("label_bias"), is_label("Frame 2"), is_label("headline")
    (True, True, False)
    """
    words = re.findall(r"[^\W\d_]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", name))
    (known,) = _names()[NOT_TEXT]
    return any(folded(word) in known for word in words)


def _is_prose(one: Sampled) -> bool:
    words = fmean(len(cell.split()) for cell in one.cells) if one.cells else 0
    return words >= WORDS and one.share(URL.fullmatch) < 0.5 and one.share(_is_date) < 0.5


def _has_words(one: Sampled) -> bool:
    words = one.share(lambda cell: any(map(str.isalpha, cell)))
    return words > 0.5 and one.share(URL.fullmatch) < 0.5


def _is_date(cell: str) -> bool:
    return len(cell) <= LONGEST_DATE and (bool(iso_date(cell)[0]) or may_be_two_days(cell))


def _is_day(cell: str) -> bool:
    return 7 < len(cell) <= LONGEST_DATE and (iso_date(cell)[1] == "day" or may_be_two_days(cell))


def _longest(sampled: Sequence[Sampled]) -> list[Sampled]:
    """The columns of prose that are about as long as the longest one."""
    prose = [
        one
        for one in sampled
        if _is_prose(one)
        and not is_label(one.name)
        and (one.differing > MOST_KINDS or len(one.cells) < 10)
    ]
    longest = max((one.length for one in prose), default=0.0)
    return [one for one in prose if LONGER * one.length >= longest]


def _text(free: Sequence[Sampled]) -> str:
    longest = _longest(free)
    return longest[0].name if len(longest) == 1 else ""


def _only(holds: Callable[[Sampled], bool], free: Sequence[Sampled]) -> str:
    """The one column that is so."""
    found = [one.name for one in free if one.cells and not is_label(one.name) and holds(one)]
    return found[0] if len(found) == 1 else ""


def _is_language(one: Sampled) -> bool:
    known = one.share(lambda cell: cell.lower()[:2] in LANGUAGES)
    return one.share(LANGUAGE_CODE.fullmatch) == 1 and known > 0.5


def _is_id(one: Sampled) -> bool:
    """Letters and digits in one word, another one in each row; numbers alone may be anything."""
    telling = one.share(TELLING_ID.fullmatch) == 1 and one.share(_is_date) == 0
    return telling and one.share(URL.match) == 0 and one.differing == 1 and len(one.cells) > 2


FITS: dict[str, Callable[[Sampled], bool]] = {
    "text": _has_words,
    "title": _has_words,
    "date": lambda one: one.share(_is_date) > 0.5,
    "source": lambda one: one.share(URL.match) < 0.5,
    "language": lambda one: one.share(LANGUAGE_CODE.fullmatch) > 0.5,
}
"""What the cells of a column must be like, where its name alone could mean something else."""

BY_CELLS: dict[str, Callable[[Sequence[Sampled]], str]] = {
    "url": partial(_only, lambda one: one.share(URL.fullmatch) > 0.9),
    "date": partial(_only, lambda one: one.share(_is_day) > 0.8),
    "language": partial(_only, _is_language),
    "id": partial(_only, _is_id),
    "text": _text,
}
"""How the column of a field is told that none is called like; the text last, of what is left."""
