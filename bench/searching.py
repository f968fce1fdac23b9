"""Searches of every shape over a million units.

The articles are of three years, in the order of their days, from six outlets and one more that
came late. Three words of each sentence are invented, and some of them are a thousand times as
frequent as others, as the words of a language are. In four of ten sentences somebody speaks; one
document in ten is a copy.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from annotator.core.annotation import Event
from annotator.core.document import Draft, Part, Segment
from annotator.core.query import Search, read
from annotator.core.voice import Heard, Person, UnitVoice, Voice
from annotator.store import Store, clusters, documents, events, search, voices
from annotator.store.events import Told
from annotator.store.voices import Found as Listened
from bench import projects

WORDS = {
    "no words": "",
    "a frequent word": "the",
    "a rare word": "zyxrare",
    "a word that is nowhere": "qqqqqq",
    "a beginning": "govern*",
    "a beginning of two letters": "th*",
    "a rare beginning of two letters": "zy*",
    "a beginning of one letter": "t*",
    "another beginning of one letter": "a*",
    "a phrase": '"of the"',
    "a phrase with a beginning of one letter": '"of t*"',
    "frequent words": "the of in and to",
    "a frequent and a rare word": "the zyxrare",
    "a rare word and a beginning of one letter": "zyxrare a*",
    "either of two": "border OR road",
    "a frequent or a rare word": "zyxrare OR the",
    "a frequent word without another": "the NOT of",
    "a rare word without a frequent one": "zyxrare NOT the",
    "a frequent word without a beginning of one letter": "the NOT a*",
    "brackets": "(border OR road) NOT closed",
}
SPEAKER, SILENT = "Mira Babi", "Mira Nobody"
"""Who speaks in very many documents, and who in none."""

FILTERS: dict[str, Search] = {
    "no filter": Search(),
    "an outlet of six": Search(sources=("Velm Post",)),
    "an outlet of the last 2 %": Search(sources=("Late Wire",)),
    "from the middle on": Search(since="2030-07"),
    "one month of 36": Search(since="2030-05", until="2030-05"),
    "the last day": Search(since="2031-12-28"),
    "a language of 2 %": Search(language="fr"),
    "the language of 98 %": Search(language="en"),
    "a frequent word of the title": Search(title="the"),
    "a rare word of the title": Search(title="zyxrare"),
    "a word of no title": Search(title="qqqqqq"),
    "headlines": Search(part="headline"),
    "the body": Search(part="body"),
    "a speaker": Search(speaker=SPEAKER),
    "a speaker who is nowhere": Search(speaker=SILENT),
    "the author's words": Search(voice="author"),
    "direct speech": Search(voice="direct"),
    "mixed speech": Search(voice="mixed"),
    "coded": Search(coded=True),
    "not coded": Search(coded=False),
    "coded by one of two": Search(coder="ben"),
    "not coded by one of two": Search(coded=False, coder="ana"),
    "a frequent code": Search(variable="frame", code="blockade"),
    "a rare code": Search(variable="frame", code="displacement"),
    "one of each story": Search(one_copy=True),
    "outlet, month, one of each story": Search(
        sources=("Velm Post",), since="2030-05", until="2030-05", one_copy=True
    ),
    "outlet, direct speech, not coded": Search(sources=("Velm Post",), voice="direct", coded=False),
    "outlet, title, the author's words": Search(
        sources=("Velm Post",), title="the", voice="author"
    ),
    "headlines, one of each story, language": Search(part="headline", one_copy=True, language="fr"),
    "late, lead, direct speech": Search(since="2031-10", part="lead", voice="direct"),
    "a late outlet, body, not coded": Search(sources=("Late Wire",), part="body", coded=False),
    "coded by one of two, the author's words": Search(coder="ben", voice="author"),
    "indirect speech in headlines, where is none": Search(part="headline", voice="indirect"),
}
CODED, CODED_RARELY = 10_000, 100
TIMES = 5
SOURCES = ("Korva Herald", "Velm Post", "Norrel Gazette", "Osten Courier", "Sedd Post", "Tarn Wire")
SYLLABLES = tuple(c + v for c in "bdfghjklmnprstvzwxq" for v in "aeio")
INVENTED = 3
VOCABULARY, PEOPLE = 200_000, 5_000
BATCH = 500


class Found(NamedTuple):
    """The milliseconds that a search takes, in the middle of some times."""

    shape: str
    milliseconds: float


def project(place: Path, units: int) -> Store:
    """A project of that many units, in which speakers and copies are found and some are coded."""
    made = projects.empty(place)
    documents.add_documents(
        made.store,
        _articles(units // projects.ARTICLE),
        segmenter="bench",
        draw=lambda unit: 0.5,
        at=projects.AT,
    )
    ids = [row[0] for row in made.store.db.execute("select id from document order by rowid")]
    _listen(made.store, ids)
    stories = [
        ids[at : at + 30 : 15] for at in range(0, len(ids), 30) for at in (at, at + 1, at + 2)
    ]
    clusters.put(made.store, stories, [], [], clusters.state(made.store))
    projects.annotate(made, CODED)
    _code_rarely(made.store, units, made.scheme.id)
    return made.store


def _articles(number: int) -> Iterator[tuple[Draft, list[Segment]]]:
    chance, known = random.Random(7), [text.split(" ") for text in projects.sentences()]
    for at in range(number):
        day = at * 1_008 // number  # three years of twelve months of 28 days
        draft, segments = _article(chance, known, at)
        source = "Late Wire" if at >= number * 0.98 else SOURCES[at % len(SOURCES)]
        published = f"{2029 + day // 336}-{day % 336 // 28 + 1:02}-{day % 28 + 1:02}"
        language = "fr" if at % 50 == 0 else "en"
        yield (
            draft._replace(
                source=source, published=published, date_precision="day", language=language
            ),
            segments,
        )


def _article(chance: random.Random, known: list[list[str]], at: int) -> tuple[Draft, list[Segment]]:
    text, segments = "", []
    for place in range(projects.ARTICLE):
        sentence, start = _sentence(chance, known), len(text)
        part: Part = "headline" if place == 0 else "lead" if place < 3 else "body"
        text += f"{sentence}\n\n" if part == "headline" else f"{sentence} "
        end = start + len(sentence)
        segments.append(Segment(start=start, end=end, paragraph=min(place, 1), part=part))
    title = text[: segments[0].end]
    return (
        Draft(
            text=text,
            file=f"{at}.txt",
            file_sha256="0" * 64,
            title=title,
            headline_end=len(title),
        ),
        segments,
    )


def _sentence(chance: random.Random, known: list[list[str]]) -> str:
    words = list(chance.choice(known))
    for _ in range(INVENTED):
        words.insert(chance.randrange(len(words)), _word(_uneven(chance, VOCABULARY)))
    rare = ["zyxrare"] if chance.random() < 0.0001 else []
    return " ".join([*rare, *words])


def _uneven(chance: random.Random, most: int) -> int:
    """A number below ``most``; each is drawn half as often as the one at half of it."""
    return int(most ** chance.random()) - 1


def _word(number: int) -> str:
    """The word of that number: no two are the same, and those of low numbers are short."""
    word, number = "", number + len(SYLLABLES)
    while number:
        number, at = divmod(number, len(SYLLABLES))
        word += SYLLABLES[at]
    return word


def _listen(store: Store, ids: list[str]) -> None:
    chance, rest = random.Random(8), iter(ids)
    while batch := list(islice(rest, BATCH)):
        listened = voices.listened(store, batch)
        voices.keep(store, [_heard(chance, document) for document in listened], "bench")


def _heard(chance: random.Random, document: voices.Listened) -> Listened:
    """A document in which three people speak."""
    names = [f"Mira {_word(_uneven(chance, PEOPLE)).title()}" for _ in range(3)]
    people = tuple(map(Person, dict.fromkeys(names)))
    said = [
        UnitVoice("author") if part == "headline" else _voice(chance, names)
        for part in (segment.part for segment in document.segments)
    ]
    return Listened(document, Heard((), people), said)


def _voice(chance: random.Random, names: list[str]) -> UnitVoice:
    kinds: tuple[Voice, ...] = ("author", "direct", "indirect", "mixed")
    (kind,) = chance.choices(kinds, (60, 20, 17, 3))
    if kind == "author":
        return UnitVoice(kind)
    return UnitVoice(kind, (chance.choice(names),), "name", 0.9)


def _code_rarely(store: Store, units: int, scheme: int) -> None:
    """Let Ben give a code here and there."""
    rows = store.db.execute("select id from unit where seq % ? = 5", (units // CODED_RARELY,))
    answers = [{"variable": "frame", "code": "displacement"}]
    stated = [
        {"uuid": f"bench-ben-{at:04}", "op": "set", "unit": unit, "scheme": scheme}
        for at, (unit,) in enumerate(rows.fetchall())
    ]
    told = [Event.model_validate(one | {"answers": answers}) for one in stated]
    events.record_all(store, [Told("ben", event, projects.AT) for event in told])


SOME = 7
"""One kind in so many is timed where all of them would take many minutes."""


def first_pages(store: Store) -> list[Found]:
    """The first page of every kind of words with every filter."""
    return _timed(lambda asked: search.page(store, asked))


def hundredth_pages(store: Store) -> list[Found]:
    """The last page that many would leaf to, of some kinds."""
    return _timed(lambda asked: search.page(store, asked, offset=99 * 50), one_in=SOME)


def counts(store: Store) -> list[Found]:
    """How many are found, as the page tells it beside its hits, of some kinds."""
    return _timed(lambda asked: search.counted(store, asked), one_in=SOME)


def ranked(store: Store) -> list[Found]:
    """The best hits of some searches with words that are found so rarely that they are ranked."""

    def few(asked: Search) -> bool:
        most = search.MOST_RANKED
        return asked.words is not None and search.count(store, asked, most=most) <= most

    return _timed(lambda asked: search.page(store, asked, ranked=True), few, one_in=SOME)


def _timed(
    done: Callable[[Search], object],
    asks: Callable[[Search], bool] = lambda asked: True,
    *,
    one_in: int = 1,
) -> list[Found]:
    shapes = [
        (f"{words}, {name}", replace(filtered, words=read(written)))
        for words, written in WORDS.items()
        for name, filtered in FILTERS.items()
    ]
    found = []
    for shape, asked in shapes[::one_in]:
        if asks(asked):
            taken = [_milliseconds(done, asked) for _ in range(TIMES)]
            found.append(Found(shape, statistics.median(taken)))
    return found


def _milliseconds(done: Callable[[Search], object], asked: Search) -> float:
    begun = time.perf_counter()
    done(asked)
    return (time.perf_counter() - begun) * 1000


def slowest(found: list[Found], most: int = 5) -> str:
    """The slowest of them in words."""
    last = sorted(found, key=lambda one: -one.milliseconds)[:most]
    return "; ".join(f"{one.milliseconds:.0f} ms {one.shape}" for one in last)
