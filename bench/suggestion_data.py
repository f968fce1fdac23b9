"""Labelled sets for the bench of suggestions: read from a folder, and cut into parts.

A set is a folder with a ``data.jsonl`` whose rows have ``id``, ``text`` and ``labels`` (a list),
maybe ``split`` and a field that names the document.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

FILE = "data.jsonl"
DOCUMENT = ("document_id", "document", "doc_id", "doc", "article_id", "article")
"""Fields that name the document of a row; the first that is there counts."""

LEAST_ROWS = 5
"""Rows that a label stands in at least; rarer ones are left out."""

TESTED = 0.3
SIZES: dict[str, tuple[int, ...]] = {"frac": (50, 100, 250, 366), "babe": (250, 1000, 2500)}
"""Numbers of labels to learn from, for sets whose figures are known from elsewhere."""

OTHERWISE = (100, 250, 1000)
"""Numbers of labels for every other set; all that there are come after them."""

Truth = NDArray[np.bool_]
Places = NDArray[np.intp]


class BenchError(Exception):
    """What cannot be measured, in one sentence."""


class Labelled(NamedTuple):
    """Texts, the document of each, and ``truth``: one row per text, one column per code.

    ``single``: every text has exactly one code.
    """

    texts: list[str]
    documents: list[str]
    truth: Truth
    codes: tuple[str, ...]
    single: bool

    def at(self, places: Places) -> Labelled:
        """The rows at those places."""
        return self._replace(
            texts=[self.texts[place] for place in places],
            documents=[self.documents[place] for place in places],
            truth=self.truth[places],
        )


class LabelledSet(NamedTuple):
    """A set that is measured; ``tested`` are the places of its own test part, if it has one."""

    name: str
    rows: Labelled
    tested: Places | None
    by_document: bool
    left_out: tuple[str, ...]

    def described(self) -> str:
        """What it is and how it is cut, in a sentence."""
        kind = "one code each" if self.rows.single else "any number of codes each"
        cut = (
            "its own test part"
            if self.tested is not None
            else f"{TESTED:.0%} of the {'documents' if self.by_document else 'rows'} as test part"
        )
        told = f"{self.name}: {len(self.rows.texts):,} texts, {len(self.rows.codes)} codes, {kind}"
        told += f"; {cut}"
        if not self.left_out:
            return told
        return f"{told}; left out, in fewer than {LEAST_ROWS} rows: {', '.join(self.left_out)}"


def read_sets(folder: Path, names: Sequence[str] = ()) -> list[LabelledSet]:
    """The sets of those names, or all that have labels."""
    there = {path.parent.name: path.parent for path in sorted(folder.glob(f"*/{FILE}"))}
    if unknown := [name for name in names if name not in there]:
        raise BenchError(f"{folder}: no set {unknown[0]}; there are: {', '.join(there) or 'none'}")
    return [one for name in names or there if (one := read_set(there[name])).rows.codes]


def read_set(folder: Path) -> LabelledSet:
    """The set in that folder."""
    rows = _rows(folder / FILE)
    known = Counter(label for row in rows for label in dict.fromkeys(row["labels"]))
    codes = tuple(sorted(label for label, times in known.items() if times >= LEAST_ROWS))
    single = all(len(row["labels"]) == 1 for row in rows)
    if single:  # without its label, such a row would say nothing
        rows = [row for row in rows if row["labels"][0] in codes]
    tested = np.flatnonzero([row.get("split") == "test" for row in rows])
    document = next((field for field in DOCUMENT if rows and field in rows[0]), None)
    return LabelledSet(
        name=folder.name,
        rows=Labelled(
            texts=[row["text"] for row in rows],
            documents=[str(row[document or "id"]) for row in rows],
            truth=np.array([[code in row["labels"] for code in codes] for row in rows], bool),
            codes=codes,
            single=single,
        ),
        tested=tested if len(tested) else None,
        by_document=document is not None,
        left_out=tuple(sorted(set(known) - set(codes))),
    )


def _rows(path: Path) -> list[dict[str, Any]]:
    rows = []
    for number, line in enumerate(path.read_text("utf-8").split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            whole = isinstance(row["text"], str) and isinstance(row["labels"], list) and row["id"]
        except (ValueError, KeyError, TypeError):
            whole = False
        if not whole:
            raise BenchError(f"{path}: line {number}: needs an id, a text and a list of labels")
        rows.append(row)
    return rows


def parts(one: LabelledSet, seed: int) -> tuple[Places, Places]:
    """The places to learn from, in the order in which they are coded, and those to test on."""
    order = np.random.RandomState(seed).permutation(len(one.rows.texts))
    tested = one.tested if one.tested is not None else _drawn(one, order)
    return order[~np.isin(order, tested)], tested


def _drawn(one: LabelledSet, order: Places) -> Places:
    """The first 30 % of the rows in that order; with each of them its whole document."""
    wanted = round(TESTED * len(order))
    if not one.by_document:
        return order[:wanted]
    documents = np.array(one.rows.documents)
    sizes = Counter(one.rows.documents)
    chosen, rows = [], 0
    for document in dict.fromkeys(documents[order].tolist()):
        if rows >= wanted:
            break
        chosen.append(document)
        rows += sizes[document]
    return np.flatnonzero(np.isin(documents, chosen))


def sizes(one: LabelledSet, seeds: int) -> Iterator[int | None]:
    """How many labels to learn from, rising; None for all that there are."""
    most = min(len(parts(one, seed)[0]) for seed in range(seeds))
    if one.name in SIZES:
        yield from (size for size in SIZES[one.name] if size <= most)
    else:
        yield from (size for size in OTHERWISE if size < most)
        yield None
