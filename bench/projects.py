"""Projects of any size, from the sample's sentences shuffled into new articles."""

from __future__ import annotations

import csv
import random
from pathlib import Path

from annotator import sample
from annotator.core.annotation import Event
from annotator.core.codebook import Target
from annotator.corpus import readers
from annotator.corpus.article import drafted
from annotator.corpus.folders import walk
from annotator.corpus.segment import segment
from annotator.store import events, tables
from annotator.store.events import Told
from annotator.workflow import analysing, importing, projects
from annotator.workflow.projects import Project

ARTICLE = 20
"""Sentences of an article."""

AT = "2026-01-01T00:00:00+00:00"
GROUP = 500


def articles(folder: Path, units: int, seed: int = 1) -> Path:
    """A folder with about this many sentences in text files; every sentence is there once."""
    folder.mkdir(parents=True)
    chance = random.Random(seed)
    known = sentences()
    for number in range(units // ARTICLE):
        chosen = chance.sample(known, ARTICLE)
        marked = [f"{text[:-1]} (d{number}s{at})." for at, text in enumerate(chosen)]
        parts = [" ".join(marked[at : at + 4]) for at in range(0, ARTICLE, 4)]
        (folder / f"article-{number:06}.txt").write_text("\n\n".join(parts), encoding="utf-8")
    return folder


def one_sentence_files(folder: Path, files: int) -> Path:
    """A folder of that many files of one sentence each."""
    folder.mkdir(parents=True)
    chance, known = random.Random(2), sentences()
    for number in range(files):
        text = f"{chance.choice(known)[:-1]} (f{number})."
        (folder / f"note-{number:06}.txt").write_text(text, encoding="utf-8")
    return folder


def table(place: Path, units: int, *, per_row: int) -> Path:
    """A CSV with about this many sentences, so many in each row, with an id, outlet and day."""
    chance, known = random.Random(3), sentences()
    with place.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("id", "text", "source", "date"))
        for number in range(units // per_row):
            chosen = chance.sample(known, per_row)
            marked = [f"{text[:-1]} (r{number}s{at})." for at, text in enumerate(chosen)]
            parts = [" ".join(marked[at : at + 4]) for at in range(0, per_row, 4)]
            day = f"2031-{number % 12 + 1:02}-{number % 28 + 1:02}"
            outlet = ("Korva Herald", "Velm Post")[number % 2]
            writer.writerow((f"r{number}", "\n\n".join(parts), outlet, day))
    return place


def sentences() -> list[str]:
    """The sample's sentences that end in a full stop, so that a mark can stand before it."""
    found = []
    for path, _, _ in walk([sample.articles()]):
        file = readers.of_path(path)
        for article in readers.articles(file, readers.recognised(file)):
            draft = drafted(article, file)
            cut = [draft.text[s.start : s.end] for s in segment(draft, "en")]
            found += [text for text in cut if text.endswith(".") and "\n" not in text]
    return found


def project(place: Path, units: int) -> Project:
    """A project with about this many units, none of them coded; speakers and copies are found."""
    made = empty(place)
    written = table(place.with_suffix(".csv"), units, per_row=ARTICLE)
    importing.import_paths(made.store, made.seed, [written])
    written.unlink()
    analysing.finish(made.store)
    return made


def empty(place: Path) -> Project:
    """A project with the sample's codebook and targets."""
    targets = [Target(name=n, title=t, aliases=tuple(a)) for n, t, a in sample.TARGETS]
    codebook = projects.labels_directory() / f"{sample.CODEBOOK}.toml"
    return projects.create(place, [codebook], targets=targets)


def annotate(made: Project, units: int) -> None:
    """Code this many units: two frames, a stance toward each target, 25 scored candidates."""
    columns = list(made.scheme.columns())[:25]
    candidates = [
        {"variable": v, "target": t, "code": c, "score": 0.1234, "above": False, "shown": False}
        for v, t, c in columns
    ]
    answers = [{"variable": "frame", "code": code} for code in ("sovereignty", "blockade")]
    answers += [
        {"variable": "stance", "code": "favor", "target": name} for name, _, _ in sample.TARGETS
    ]
    told = [
        Told("ana", _event(number, unit.unit_id, answers, candidates, made.scheme.id), AT)
        for number, unit in zip(range(units), tables.units(made.store), strict=False)
    ]
    for at in range(0, len(told), GROUP):
        events.record_all(made.store, told[at : at + GROUP])


def _event(
    number: int,
    unit: str,
    answers: list[dict[str, str]],
    candidates: list[dict[str, object]],
    scheme: int,
) -> Event:
    stated = {"uuid": f"bench-{number:08}", "op": "set", "unit": unit, "scheme": scheme}
    stated |= {"answers": answers, "candidates": candidates, "model_id": "bench"}
    return Event.model_validate(stated)
