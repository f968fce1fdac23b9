"""How long learning and scoring take, beside bare scikit-learn in the same run, on one core.

The texts are the sample's sentences, each with three invented words put in, some of which are a
thousand times as frequent as others, as the words of a language are. Fifteen codes leave words
of their own behind in them, the first in a quarter of the texts, the last in one of sixty.
"""

from __future__ import annotations

import random
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from pyarrow import parquet
from threadpoolctl import threadpool_limits

from annotator.core.annotation import Event
from annotator.store import events, tables
from annotator.store.events import Told
from annotator.workflow import projects as annotator_projects
from bench import projects, server, suggestion_engine
from bench.suggestion_baselines import pipeline
from bench.suggestion_data import Labelled

CODES = 15
LEARNED, FEW = 10_000, 2_000
"""Labels of the training that is timed, and of the models that only score."""

NEW, DISTINCT, UNITS = 50_000, 200_000, 1_000_000
TABLE, GROUP = 1_000_000, 20_000
"""Rows of the table that several processes score, and of each of its row groups."""

VOCABULARY, INVENTED = 200_000, 3
SYLLABLES = [first + second for first in "bdfghjklmnprstvz" for second in "aeiou"]
MOST_SHARE = 0.25
CARRIED, STRAY = 0.7, 0.02
"""How often a code's own word is there where the code is, and where it is not."""


class Timed(NamedTuple):
    """Seconds of ours and of what it is compared with, and what was worked on."""

    ours: float
    other: float
    about: str

    @property
    def times(self) -> float:
        """How many times as fast ours is."""
        return self.other / self.ours


def sentences(seed: int) -> Iterator[str]:
    """Sentences without end, no two the same."""
    chance = random.Random(seed)
    known = [text.split(" ") for text in projects.sentences()]
    given: set[str] = set()
    while True:
        words = list(chance.choice(known))
        for _ in range(INVENTED):
            # The logarithm of the rank is even: each word is half as frequent as that of half its.
            words.insert(chance.randrange(len(words)), _word(int(VOCABULARY ** chance.random())))
        text = " ".join(words)
        if text not in given:
            given.add(text)
            yield text


def _word(number: int) -> str:
    word = ""
    while number:
        number, at = divmod(number, len(SYLLABLES))
        word += SYLLABLES[at]
    return word or "o"


def labelled(number: int, seed: int) -> Labelled:
    """So many texts with their codes, twenty to a document."""
    chance = np.random.default_rng(seed)
    shares = MOST_SHARE / np.arange(1, CODES + 1)
    truth = chance.random((number, CODES)) < shares
    there = chance.random((number, CODES)) < np.where(truth, CARRIED, STRAY)
    marks = [f"trace{code:02}" for code in range(CODES)]
    texts = [
        " ".join([text, *(marks[code] for code in np.flatnonzero(left))])
        for text, left in zip(islice(sentences(seed), number), there, strict=True)
    ]
    documents = [str(at // projects.ARTICLE) for at in range(number)]
    return Labelled(texts, documents, truth, tuple(marks), single=False)


@threadpool_limits.wrap(limits=1)
def retrained() -> float:
    """CPU seconds of learning 15 codes from 10,000 labels whose texts the engine knew before."""
    train = labelled(LEARNED, 1)
    kept = suggestion_engine.cached(train.texts)
    return _seconds(lambda: suggestion_engine.refitted(train, kept))


@threadpool_limits.wrap(limits=1)
def scored() -> tuple[Timed, Timed]:
    """CPU seconds of scoring new text, and of scoring known units again after a training.

    Bare scikit-learn vectorises known units again, as it keeps nothing of them; it is timed on
    the new text, and counted twenty times for the units.
    """
    train = labelled(FEW, 2)
    model = suggestion_engine.fitted(train, train.texts, corpus=None, settings={})
    bare = pipeline(train)
    known = list(islice(sentences(3), DISTINCT))
    new = known[:NEW]
    slow = _seconds(lambda: bare.predict_proba(new))
    fast = _seconds(lambda: model.score(new))
    kept = suggestion_engine.cached(known * (UNITS // DISTINCT))
    again = _seconds(lambda: suggestion_engine.rescored(model, kept))
    units = f"{UNITS:,} units, {DISTINCT:,} of them distinct, bare from {NEW:,}"
    return Timed(fast, slow, _described(new)), Timed(again, slow * UNITS / NEW, units)


def _described(texts: list[str]) -> str:
    words = re.findall(r"\w+", " ".join(texts).lower())
    return f"{len(texts):,} distinct sentences, {len(words):,} words, {len(set(words)):,} distinct"


def shared(folder: Path, home: Path) -> Timed:
    """Seconds of ``annotator suggest`` with two workers, and with one, process start included."""
    project = _trained(folder, home)
    table = folder / "new.parquet"
    texts = list(islice(sentences(4), TABLE))
    ids = [str(number) for number in range(TABLE)]
    parquet.write_table(pa.table({"id": ids, "text": texts}), table, row_group_size=GROUP)
    one, two = (
        _suggested(home, project, table, folder / f"by-{workers}.parquet", workers)
        for workers in (1, 2)
    )
    return Timed(two, one, f"{TABLE:,} rows in {TABLE // GROUP} row groups")


def _trained(folder: Path, home: Path) -> Path:
    """A project whose model knows the frames of the sample's codebook."""
    place = folder / "scoring.annotator"
    made = projects.project(place, FEW)
    codes = [column[2] for column in made.scheme.columns() if column[0] == "frame"]
    told = [
        _told(number, unit.unit_id, codes[number % len(codes)], made.scheme.id)
        for number, unit in enumerate(tables.units(made.store))
    ]
    events.record_all(made.store, told)
    annotator_projects.close_project(place)
    _annotator(home, "train", str(place))
    return place


def _told(number: int, unit: str, code: str, scheme: int) -> Told:
    stated = {"uuid": f"bench-{number:08}", "op": "set", "unit": unit, "scheme": scheme}
    answers = [{"variable": "frame", "code": code}]
    return Told("ana", Event.model_validate(stated | {"answers": answers}), projects.AT)


def _suggested(home: Path, project: Path, table: Path, output: Path, workers: int) -> float:
    begun = time.perf_counter()
    words = ("--input", str(table), "--output", str(output), "--id", "id")
    _annotator(home, "suggest", str(project), *words, "--workers", str(workers))
    return time.perf_counter() - begun


def _annotator(home: Path, *words: str) -> None:
    # One thread in each process, or the two would share what the one has for itself.
    one = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    subprocess.run(
        [sys.executable, "-m", "annotator", *words],
        env=server.environment(home) | one,
        check=True,
        stdout=subprocess.DEVNULL,
    )


def _seconds(done: Callable[[], Any]) -> float:
    begun = time.process_time()
    done()
    return time.process_time() - begun
