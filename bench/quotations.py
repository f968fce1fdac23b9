"""How well quotations and their speakers are found, against a gold, and how fast.

A gold is a folder with ``gold.jsonl`` and its articles, beside it or in ``articles/``. Two layouts
are read: that of ``tests/data/quotations``, where each line is a quotation of kind ``direct``,
``indirect`` or ``scare``; and one whose lines are of kind ``quotation`` or ``sentence``, where a
sentence says whose ``speech`` it is.

Two names are the same speaker when they are equal without case, titles and leading articles; a
line of the gold names what else is accepted for its speaker.
"""

from __future__ import annotations

import json
import random
import re
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from annotator.core.document import Draft, Segment
from annotator.core.voice import Heard, Quotation, UnitVoice
from annotator.corpus.quotations import hear, voices
from annotator.corpus.segment import segment
from annotator.corpus.wire import read_wire

LANGUAGE = "en"

ENOUGH = 0.5
"""Share of two spans' common stretch in the stretch of both, from which they are one quotation;
share of a unit's letters that makes it direct speech."""

NO_MODE = {"direct": "not named there", "scare": "term"}
"""What lines without a mode are counted as."""

_BEFORE_NAMES = re.compile(
    r"""(?: (?: an? | the | mrs? | ms | miss | dr | prof(?:essor)? | sir | dame | lord | lady
    | king | queen | president | premier | chancellor | prime | foreign | minister | deputy
    | secretary | senator | governor | mayor | judge | justice | captain | colonel | general | major
    | sergeant | inspector | commander | chief | coach | referee ) \.? \s+ )+""",
    re.VERBOSE,
)


class Line(NamedTuple):
    """One quotation of the gold; ``accepted`` are the names that count as its speaker."""

    start: int
    end: int
    kind: str
    accepted: frozenset[str]
    source: str
    mode: str


class UnitLine(NamedTuple):
    """What the gold says of one sentence."""

    voice: str
    accepted: tuple[frozenset[str], ...]


class Article(NamedTuple):
    """A document of the gold; ``units`` are told by their offsets."""

    name: str
    draft: Draft
    lines: tuple[Line, ...]
    units: dict[tuple[int, int], UnitLine]


class Count(NamedTuple):
    """How many of so many."""

    right: int
    all: int

    @property
    def share(self) -> float:
        """0 to 1; of nothing, 1."""
        return self.right / self.all if self.all else 1.0

    def __str__(self) -> str:
        return f"{self.right} of {self.all} = {self.share:.1%}"


@dataclass
class Tally:
    """What was found of one kind or mode: gold with a speaker, attributed, correct."""

    gold: int = 0
    attributed: int = 0
    correct: int = 0

    @property
    def precision(self) -> Count:
        """Of those that somebody is found for, the right ones."""
        return Count(self.correct, self.attributed)

    @property
    def recall(self) -> Count:
        """Of those that somebody says, the right ones."""
        return Count(self.correct, self.gold)


@dataclass
class Score:
    """Everything that is counted; ``wrong`` names each fault in one line, for a reader."""

    exact: list[bool] = field(default_factory=list)
    overlapping: list[bool] = field(default_factory=list)
    kinds: list[bool] = field(default_factory=list)
    speakers: Tally = field(default_factory=Tally)
    modes: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    sources: list[bool] = field(default_factory=list)
    indirect: list[bool] = field(default_factory=list)
    indirect_extra: int = 0
    indirect_speakers: list[bool] = field(default_factory=list)
    unit_voices: list[bool] = field(default_factory=list)
    unit_speakers: list[bool] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def counted(found: Sequence[bool]) -> Count:
    """How many of them are right."""
    return Count(sum(found), len(found))


def read_gold(folder: Path, beginning: str = "") -> list[Article]:
    """The articles of a gold whose names begin so, in the order of their names."""
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in (folder / "gold.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        rows[row["doc"]].append(row)
    names = sorted(name for name in rows if name.startswith(beginning))
    return [_article(folder, name, rows[name]) for name in names]


def _article(folder: Path, name: str, rows: Sequence[dict[str, Any]]) -> Article:
    sentences = [row for row in rows if row["kind"] == "sentence"]
    place = folder / "articles" / name
    text = (place if place.is_file() else folder / name).read_bytes().decode("utf-8")
    title_end = 0 if sentences else text.find("\n\n")
    furniture = read_wire(text, title_end).furniture
    draft = Draft(text, name, "", headline_end=title_end, furniture=furniture)
    lines = tuple(_line(row) for row in rows if _kind(row))
    if sentences:
        units = {
            (row["start"], row["end"]): UnitLine(
                row["speech"] or "author", (_accepted(row),) if row["speaker"] else ()
            )
            for row in sentences
        }
    else:
        units = {(u.start, u.end): _unit(text, u, lines) for u in segment(draft, LANGUAGE)}
    return Article(name, draft, lines, units)


def _kind(row: dict[str, Any]) -> str:
    if row["kind"] == "quotation":
        return str(row["speech"])
    if row["kind"] == "sentence":
        return "indirect" if row["speech"] == "indirect" else ""
    return str(row["kind"]) if row["kind"] in {"direct", "indirect", "scare"} else ""


def _line(row: dict[str, Any]) -> Line:
    place = (row["start"], row["end"], _kind(row))
    return Line(*place, _accepted(row), row.get("source") or "", row.get("mode") or "")


def _accepted(row: dict[str, Any]) -> frozenset[str]:
    names = [row["speaker"], *row.get("aliases", ())]
    return frozenset(bare(name) for name in names if name)


def bare(name: str) -> str:
    """A name as two are compared.

    >>> bare("The Deputy Minister Ilka Brandt")
    'ilka brandt'
    """
    folded = " ".join(name.casefold().replace("’", "'").split())
    titles = _BEFORE_NAMES.match(folded)
    return folded[titles.end() if titles else 0 :].strip(".,")


def _unit(text: str, unit: Segment, lines: Sequence[Line]) -> UnitLine:
    here = [line for line in lines if line.start < unit.end and line.end > unit.start]
    spoken = [line for line in here if line.kind != "scare"]
    direct = sum(_letters(text, unit, line) for line in spoken if line.kind == "direct")
    if not spoken:
        voice = "author"
    elif direct >= ENOUGH * sum(map(str.isalnum, text[unit.start : unit.end])):
        voice = "direct"
    else:
        voice = "mixed" if direct else "indirect"
    return UnitLine(voice, tuple(dict.fromkeys(line.accepted for line in spoken if line.accepted)))


def _letters(text: str, unit: Segment, line: Line) -> int:
    return sum(map(str.isalnum, text[max(unit.start, line.start) : min(unit.end, line.end)]))


def scored(articles: Iterable[Article]) -> Score:
    """Listen to each article, and compare."""
    score = Score()
    for article in articles:
        heard = hear(article.draft.text, LANGUAGE, furniture=article.draft.furniture)
        _quotations(score, article, heard)
        _indirect(score, article, heard)
        _units(score, article, heard)
    return score


def _quotations(score: Score, article: Article, heard: Heard) -> None:
    marked = [q for q in heard.quotations if q.kind != "indirect"]
    taken = set()
    for line in article.lines:
        if line.kind == "indirect":
            continue
        found = max(marked, key=lambda q: _common(line, q), default=None)
        if found is None or _common(line, found) < ENOUGH:
            found = None
        else:
            taken.add((found.start, found.end))
        score.overlapping.append(found is not None)
        score.exact.append(found is not None and found[:2] == line[:2])
        score.kinds.append(found is not None and found.kind == line.kind)
        said = article.draft.text[line.start : line.end][:60]
        if not (score.exact[-1] and score.kinds[-1]):
            what = found and (found.kind, article.draft.text[found.start : found.end][:60])
            score.wrong.append(f"{article.name}: {line.kind} {said!r} found as {what}")
        _attribution(score, article, line, found)
    for extra in marked:
        if extra.speaker and (extra.start, extra.end) not in taken:
            score.speakers.attributed += 1
            score.wrong.append(f"{article.name}: nobody is quoted, found {extra.speaker!r}")


def _attribution(score: Score, article: Article, line: Line, found: Quotation | None) -> None:
    speaker = found.speaker if found else ""
    right = bool(speaker) and bare(speaker) in line.accepted
    for tally in (score.speakers, score.modes[line.mode or NO_MODE[line.kind]]):
        tally.gold += bool(line.accepted)
        tally.attributed += bool(speaker)
        tally.correct += right
    if line.source:
        score.sources.append(found is not None and bare(found.source) == bare(line.source))
    if not right and (speaker or line.accepted):
        said = article.draft.text[line.start : line.end][:60]
        gold = min(line.accepted, default="")
        score.wrong.append(f"{article.name}: {line.mode} {said!r}: {speaker!r} for {gold!r}")


def _indirect(score: Score, article: Article, heard: Heard) -> None:
    found = [q for q in heard.quotations if q.kind == "indirect"]
    gold = [line for line in article.lines if line.kind == "indirect"]
    for line in gold:
        here = next((q for q in found if q.start < line.end and q.end > line.start), None)
        score.indirect.append(here is not None)
        if line.accepted:
            named = here is not None and bare(here.speaker) in line.accepted
            score.indirect_speakers.append(named)
        if here is None or (line.accepted and not named):
            said = article.draft.text[line.start : line.end][:90]
            score.wrong.append(f"{article.name}: indirect {said!r}: {here and here.speaker!r}")
    for q in found:
        if not any(q.start < line.end and q.end > line.start for line in gold):
            score.indirect_extra += 1
            said = article.draft.text[q.start : q.end][:90]
            score.wrong.append(f"{article.name}: not indirect {said!r}")


def _units(score: Score, article: Article, heard: Heard) -> None:
    text = article.draft.text
    segments = segment(article.draft, LANGUAGE)
    for unit, found in zip(segments, voices(text, segments, heard), strict=True):
        gold = article.units.get((unit.start, unit.end))
        if gold is None:
            score.wrong.append(f"{article.name}: no such unit {text[unit.start : unit.end][:60]!r}")
            continue
        score.unit_voices.append(found.voice == gold.voice)
        score.unit_speakers.append(found.voice == gold.voice and _same_speakers(found, gold))
        if found.voice != gold.voice:
            said = text[unit.start : unit.end][:60]
            score.wrong.append(f"{article.name}: unit {said!r}: {found.voice} for {gold.voice}")


def _same_speakers(found: UnitVoice, gold: UnitLine) -> bool:
    return len(found.speakers) == len(gold.accepted) and all(
        bare(name) in names for name, names in zip(found.speakers, gold.accepted, strict=True)
    )


def _common(line: Line, found: Quotation) -> float:
    both = min(line.end, found.end) - max(line.start, found.start)
    return both / (max(line.end, found.end) - min(line.start, found.start))


CONSONANTS, VOWELS = "bdfgklmnprstvz", "aeiou"
LITTLE = (
    "the",
    "of",
    "and",
    "to",
    "in",
    "a",
    "that",
    "for",
    "on",
    "with",
    "was",
    "by",
    "its",
    "as",
)
VERBS = ("said", "said", "added", "told reporters", "warned")
ROLES = ("minister", "spokeswoman", "mayor", "engineer", "general", "professor", "resident")
BODIES = ("Ministry", "Council", "Union", "Agency", "Committee", "Institute")


class Writer:
    """Writes invented news: a third of the sentences are quoted or reported, where asked."""

    def __init__(self, seed: int, *, quoted: bool = True) -> None:
        self._chance = random.Random(seed)
        self._words = [self._word() for _ in range(20_000)]
        self._quoted = quoted

    def article(self, characters: int) -> str:
        """An article of about this length, in paragraphs of two or three sentences."""
        people = [(self._name(), self._chance.choice(ROLES)) for _ in range(characters // 900 + 2)]
        paragraphs, length = [self._sentence()[:-1]], 0
        while length < characters:
            paragraphs.append(self._paragraph(*self._chance.choice(people)))
            length += len(paragraphs[-1]) + 2
        return "\n\n".join(paragraphs)

    def _paragraph(self, name: str, role: str) -> str:
        verb, surname = self._chance.choice(VERBS), name.split()[-1]
        one, two, term = self._sentence(), self._sentence(), self._chance.choice(self._words)
        body = f"the {self._name().split()[-1]} {self._chance.choice(BODIES)}"
        forms = (
            f'"{one[:-1]}," {verb} {name}, a {role} in {self._name()}. "{two}"',
            f'"{one} {two[:-1]}," {surname} {verb}.',
            f'"{one[:-1]}," he {verb}. {two}',
            f"{name}, the {role}, said that {one[0].lower()}{one[1:]} {two}",
            f"According to {body}, {one[0].lower()}{one[1:]} {two}",
            f'{one} The so-called "{term}" was {two[0].lower()}{two[1:]}',
        )
        if self._quoted and self._chance.random() < 0.5:
            return self._chance.choice(forms)
        return " ".join((one, two, self._sentence()))

    def _sentence(self) -> str:
        words = [
            self._chance.choice(LITTLE if self._chance.random() < 0.45 else self._words)
            for _ in range(self._chance.randint(8, 28))
        ]
        return f"{' '.join(words).capitalize()}."

    def _name(self) -> str:
        return f"{self._word().capitalize()} {self._word().capitalize()}"

    def _word(self) -> str:
        syllables = self._chance.randint(2, 4)
        return "".join(
            self._chance.choice(CONSONANTS) + self._chance.choice(VOWELS) for _ in range(syllables)
        )


def articles_written(characters: int, *, quoted: bool = True, each: int = 4_000) -> list[str]:
    """Invented articles of this length together."""
    writer = Writer(5, quoted=quoted)
    return [writer.article(each) for _ in range(characters // each)]


def megabytes_a_second(texts: Sequence[str]) -> float:
    """Millions of characters listened to in a second of the processor, voices of units left out."""
    return sum(map(len, texts)) / 1e6 / _seconds(texts)


def growth(characters: int, times: int) -> float:
    """How many times longer one article so many times as long takes."""
    writer = Writer(6)
    short, long = writer.article(characters), writer.article(characters * times)
    return _seconds([long]) / _seconds([short])


def _seconds(texts: Sequence[str]) -> float:
    hear(texts[0][:2_000], LANGUAGE)  # the word lists are read at the first call
    begun = time.process_time()
    for text in texts:
        hear(text, LANGUAGE)
    return time.process_time() - begun
