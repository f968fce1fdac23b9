"""Searches of every shape over a million units."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from annotator.core.document import Draft, Segment
from annotator.core.query import Search, read
from annotator.store import Store, documents, search
from bench import projects

WORDS = {
    "frequent word": "the",
    "rare word": "zyxrare",
    "phrase": '"of the"',
    "beginning": "govern*",
    "several words": "border OR road NOT closed",
    "no words": "",
}
FILTERS: dict[str, Search] = {
    "no filter": Search(),
    "an outlet of six": Search(sources=("Velm Post",)),
    "an outlet of the last 2 %": Search(sources=("Late Wire",)),
    "from the middle on": Search(since="2030-07"),
    "one month of 36": Search(since="2030-05", until="2030-05"),
    "coded": Search(coded=True),
    "not coded": Search(coded=False),
    "a code": Search(variable="frame", code="blockade"),
}
CODED = 10_000
TIMES = 3
SOURCES = ("Korva Herald", "Velm Post", "Norrel Gazette", "Osten Courier", "Sedd Post", "Tarn Wire")


class Found(NamedTuple):
    """The milliseconds of a search's first page, in the middle of some times."""

    shape: str
    milliseconds: float


def project(place: Path, units: int) -> Store:
    """A project of that many units in articles of three years, in the order of their days."""
    made = projects.empty(place)
    documents.add_documents(
        made.store,
        _articles(units // projects.ARTICLE),
        segmenter="bench",
        draw=lambda unit: 0.5,
        at=projects.AT,
    )
    projects.annotate(made, CODED)
    return made.store


def _articles(number: int) -> Iterator[tuple[Draft, list[Segment]]]:
    chance, known = random.Random(7), projects.sentences()
    for at in range(number):
        day = at * 1_008 // number  # three years of twelve months of 28 days
        draft, segments = _article(chance, known, at)
        source = "Late Wire" if at >= number * 0.98 else SOURCES[at % len(SOURCES)]
        published = f"{2029 + day // 336}-{day % 336 // 28 + 1:02}-{day % 28 + 1:02}"
        yield (
            draft._replace(source=source, published=published, date_precision="day"),
            segments,
        )


def _article(chance: random.Random, known: list[str], at: int) -> tuple[Draft, list[Segment]]:
    text, segments = "", []
    for place in range(projects.ARTICLE):
        rare = " zyxrare" if chance.random() < 0.0001 else ""
        sentence = f"{chance.choice(known)[:-1]}{rare} (d{at}s{place})."
        start = len(text)
        text += f"{sentence} "
        segments.append(Segment(start=start, end=start + len(sentence), paragraph=0, part="lead"))
    return Draft(text=text, file=f"{at}.txt", file_sha256="0" * 64), segments


def first_pages(store: Store) -> list[Found]:
    """Every kind of words with every filter."""
    found = []
    for words, written in WORDS.items():
        for name, filtered in FILTERS.items():
            asked = _with(filtered, written)
            taken = [_milliseconds(store, asked) for _ in range(TIMES)]
            found.append(Found(f"{words}, {name}", statistics.median(taken)))
    return found


def _with(filtered: Search, written: str) -> Search:
    return replace(filtered, words=read(written))


def _milliseconds(store: Store, asked: Search) -> float:
    begun = time.perf_counter()
    search.page(store, asked)
    return (time.perf_counter() - begun) * 1000
