"""How many copies of a story are found, and how fast, among invented or given articles.

Copies are edited by rule, so that it is known which documents tell the same story. *Exact*: set
in capitals. *Light*: a dateline added, one word changed. *Medium*: a fifth of the sentences
dropped, one added, 2 % of the words changed. *Heavy*: two fifths dropped, the rest shuffled, 6 %
of the words changed.

Invented sentences are drawn from 50,000 words as unevenly as a language has them. Stories share
none, but for a third of the articles, which end in one of 500 backgrounds of three sentences, as
stories about one subject do.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from annotator.core.document import Draft
from annotator.corpus.duplicates import grouped, signatures
from annotator.corpus.segment import segment

KINDS = ("light", "medium", "heavy")
LONG = range(8, 21)
"""Sentences of an article."""

SHORT = range(1, 5)
"""Sentences of a short document, such as a post."""

VOCABULARY = 50_000
BACKGROUNDS = 500

Story = list[str]
"""The sentences of a document."""


class Document(NamedTuple):
    """A text, the number of the story that it tells, and how it was edited; '' for the first."""

    text: str
    story: int
    kind: str = ""


class Found(NamedTuple):
    """What grouping brought: ``precision`` of all pairs in one group; ``recall`` by kind of edit.

    A copy is found when it is in the group of its original; ``offered`` are those that are not,
    but whose pair with it is suggested. ``megabytes`` come on top of the texts.
    """

    documents: int
    characters: int
    seconds: float
    signing: float
    megabytes: float
    pairs: int
    precision: float
    recall: dict[str, float]
    offered: dict[str, float]


class Writer:
    """Writes stories, and edits copies of them."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._words = self._vocabulary()
        self._weights: list[float] = []
        total = 0.0
        for rank in range(VOCABULARY):
            total += 1 / (rank + 2.7)  # Zipf's law, with Mandelbrot's shift
            self._weights.append(total)

    def stories(self, number: int, sentences: range) -> list[Story]:
        """Stories of so many sentences."""
        return [
            [self.sentence() for _ in range(self._chance.choice(sentences))] for _ in range(number)
        ]

    def articles(self, number: int) -> list[Story]:
        """Stories of a newspaper's length, a third with a background that others have too."""
        backgrounds = self.stories(BACKGROUNDS, range(3, 4))
        return [
            story + (self._chance.choice(backgrounds) if self._chance.random() < 1 / 3 else [])
            for story in self.stories(number, LONG)
        ]

    def sentence(self) -> str:
        """A sentence of 6 to 25 words."""
        length = self._chance.randint(6, 25)
        words = self._chance.choices(self._words, cum_weights=self._weights, k=length)
        return f"{' '.join(words).capitalize()}."

    def corpus(self, stories: Sequence[Story], copies: int, kinds: Sequence[str]) -> list[Document]:
        """The stories and so many edited copies, equally of each kind, in no order."""
        documents = [Document(" ".join(story), number) for number, story in enumerate(stories)]
        for at in range(copies):
            number, kind = self._chance.randrange(len(stories)), kinds[at % len(kinds)]
            documents.append(Document(self.edited(stories[number], kind), number, kind))
        self._chance.shuffle(documents)
        return documents

    def edited(self, story: Story, kind: str) -> str:
        """A copy of a story."""
        if kind == "exact":
            return " ".join(story).upper()
        if kind == "light":
            words = " ".join(story).split()
            words[self._chance.randrange(len(words))] = self._word()
            return f"{self._word().upper()}, May {self._chance.randint(1, 28)} - {' '.join(words)}"
        dropped, changed = (0.2, 0.02) if kind == "medium" else (0.4, 0.06)
        kept = sorted(self._chance.sample(range(len(story)), round(len(story) * (1 - dropped))))
        sentences = [story[at] for at in kept]
        if kind == "medium":
            sentences.insert(self._chance.randint(0, len(sentences)), self.sentence())
        else:
            self._chance.shuffle(sentences)
        return " ".join(
            self._word() if self._chance.random() < changed else word
            for word in " ".join(sentences).split()
        )

    def _word(self) -> str:
        return self._chance.choice(self._words)

    def _vocabulary(self) -> list[str]:
        syllables = [
            c + v for c in "bdfghklmnprstvz" for v in ("a", "e", "i", "o", "u", "an", "or")
        ]
        found: dict[str, None] = {}
        while len(found) < VOCABULARY:
            length = 1 + len(found) // 100 if len(found) < 300 else self._chance.randint(2, 4)
            found["".join(self._chance.choices(syllables, k=min(length, 4)))] = None
        return list(found)


def large(number: int = 100_000) -> Found:
    """Articles: three fifths are distinct, two fifths are edited copies."""
    writer = Writer(7)
    stories = writer.articles(number * 3 // 5)
    return measured(writer.corpus(stories, number * 2 // 5, KINDS))


def short(number: int = 50_000) -> Found:
    """Documents of a few sentences."""
    writer = Writer(8)
    stories = writer.stories(number * 3 // 5, SHORT)
    return measured(writer.corpus(stories, number * 2 // 5, ("exact", "light", "medium")))


def crowd(copies: int = 5_000) -> tuple[Found, Found]:
    """So many light copies of one story, and as many stories without copies."""
    writer = Writer(9)
    story = writer.stories(1, LONG)
    alone = writer.stories(copies + 1, LONG)
    return (
        measured(writer.corpus(story, copies, ("light",))),
        measured(writer.corpus(alone, 0, KINDS)),
    )


def given(folder: Path) -> Found:
    """The text files of a folder, read as English, each with one edited copy of each kind.

    Texts that are copies of each other to begin with count against the precision.
    """
    paths = sorted(folder.rglob("*.txt"))
    texts = [path.read_bytes().decode("utf-8", "replace") for path in paths]
    stories = [
        [text[unit.start : unit.end] for unit in segment(Draft(text, "", ""), "en")]
        for text in texts
    ]
    writer = Writer(10)
    documents = [Document(" ".join(story), number) for number, story in enumerate(stories)]
    documents += [
        Document(writer.edited(story, kind), number, kind)
        for number, story in enumerate(stories)
        for kind in ("exact", *KINDS)
        if story
    ]
    return measured(documents)


def measured(documents: Sequence[Document]) -> Found:
    """Group the documents, and compare with the stories they tell."""
    texts = [document.text for document in documents]
    before = _memory("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # the peak is counted from here on
    begun = time.process_time()
    signed = signatures(texts)
    signing = time.process_time() - begun
    found = grouped(signed, texts.__getitem__)
    seconds = time.process_time() - begun
    megabytes = _memory("VmHWM") - before
    pairs, right = _pairs(found.first), _pairs(_together(found.first, documents))
    original = {one.story: at for at, one in enumerate(documents) if not one.kind}
    near = {frozenset(pair[:2]) for pair in found.suggested}
    return Found(
        documents=len(documents),
        characters=sum(map(len, texts)),
        seconds=seconds,
        signing=signing,
        megabytes=megabytes,
        pairs=pairs,
        precision=right / pairs if pairs else 1.0,
        recall=_by_kind(
            documents, lambda at: found.first[at] == found.first[original[documents[at].story]]
        ),
        offered=_by_kind(documents, lambda at: {at, original[documents[at].story]} in near),
    )


def _together(first: Sequence[int], documents: Sequence[Document]) -> list[tuple[int, int]]:
    return [(group, one.story) for group, one in zip(first, documents, strict=True)]


def _pairs(groups: Sequence[object]) -> int:
    return sum(size * (size - 1) // 2 for size in Counter(groups).values())


def _by_kind(documents: Sequence[Document], is_found: Callable[[int], bool]) -> dict[str, float]:
    total = Counter(one.kind for one in documents if one.kind)
    found = Counter(one.kind for at, one in enumerate(documents) if one.kind and is_found(at))
    return {kind: found[kind] / number for kind, number in sorted(total.items())}


def _memory(name: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(name)).split()[1]) / 1000
