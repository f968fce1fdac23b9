"""A project of two articles and five sentences, small enough to keep in the head."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from annotator.core.annotation import Event
from annotator.core.codebook import Codebook
from annotator.core.document import Draft, Segment
from annotator.core.query import Search, read
from annotator.store import Store, codebooks, documents, search
from annotator.store.events import Told

AT = "2021-05-03T10:00:00.000+00:00"

CODEBOOK = Codebook.model_validate(
    {
        "name": "small",
        "version": "1.0.0",
        "title": "Small",
        "variable": [
            {
                "name": "frame",
                "use": ["asserted", "rejected"],
                "code": [
                    {
                        "name": "sovereignty",
                        "title": "Sovereignty",
                        "definition": "The right to rule.",
                    },
                    {"name": "blockade", "title": "Blockade", "definition": "A road is closed."},
                ],
            },
            {
                "name": "stance",
                "choice": "one",
                "codes": "favor-against",
                "holder": True,
                "targets": [
                    {"name": "velmar", "title": "Velmar"},
                    {"name": "osten", "title": "Osten"},
                ],
            },
        ],
    }
)


def article(sentences: list[str], source: str, **about: Any) -> tuple[Draft, list[Segment]]:
    """Sentences as the single paragraph of an article, with where each lies.

    ``about`` are further fields of the draft.
    """
    text = " ".join(sentences)
    ends = list(itertools.accumulate((len(s) + 1 for s in sentences), initial=0))
    segments = [
        Segment(start=start, end=start + len(s), paragraph=0, part="lead")
        for start, s in zip(ends, sentences, strict=False)
    ]
    fields = {"file": f"{source}.txt", "file_sha256": "0" * 64, "source": source} | about
    return Draft(text=text, **fields), segments


def make(folder: Path) -> Store:
    """The project of two articles and five sentences."""
    opened = Store.create(folder / "small.annotator")
    codebooks.put_scheme(opened, [(CODEBOOK, "")], AT)
    drafts = [
        article(["The border is ours.", "The road is closed.", "Nobody was hurt."], "wire"),
        article(["They came at dawn.", "We will not leave."], "courier"),
    ]
    documents.add_documents(
        opened,
        drafts,
        segmenter="test",
        draw=lambda name: 0.5,
        at=AT,
    )
    return opened


@pytest.fixture(scope="session")
def store_of_five() -> Callable[[Path], Store]:
    """Make the project in a folder, for tests that need many of them."""
    return make


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = make(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def units(store: Store) -> list[str]:
    """The ids of the five units in order."""
    return [row[0] for row in store.db.execute("select id from unit order by seq")]


@pytest.fixture
def told() -> Callable[..., Told]:
    """Make an event of Ana's, or of another coder's."""
    numbers = itertools.count(1)

    def make(op: str, unit: str, coder: str = "ana", **fields: Any) -> Told:
        stated = {"uuid": f"event-{next(numbers):04}", "op": op, "unit": unit, "scheme": 1}
        return Told(coder, Event.model_validate(stated | fields), AT)

    return make


@pytest.fixture(scope="session")
def cut() -> Callable[[list[str], str], tuple[Draft, list[Segment]]]:
    """Sentences as an article of a source, with where each lies."""
    return article


@pytest.fixture
def found() -> Callable[..., list[str]]:
    """Search, with words and filters: ``found(store, "bread", coded=True)``; the units' ids."""

    def look(store: Store, words: str = "", **filters: Any) -> list[str]:
        hits = search.page(store, Search(words=read(words), **filters))
        return [hit.unit.unit_id for hit in hits]

    return look
