"""What a model was learned from: which labels, of whom, and which of them changed since."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from annotator.core.annotation import Decision
from annotator.exchange import learned_csv
from annotator.exchange.learned_csv import Row
from annotator.learn import artefact
from annotator.store import Store, codebooks, learned
from annotator.store.jobs import Registered
from annotator.store.learned import Label
from annotator.workflow import export_files


class Share(NamedTuple):
    """How many sentences a coder coded in one arm with one codebook, and how many changed since."""

    coder: str
    codebook: str
    arm: str
    sentences: int
    changed: int


def shares(store: Store, model: Registered) -> list[Share]:
    """What a model was learned from, by coder, codebook and arm. Raises as ``labels`` does."""
    books = _books(store)
    sentences: Counter[tuple[str, str, str]] = Counter()
    changed: Counter[tuple[str, str, str]] = Counter()
    for label in labels(store, model):
        event = label.source.event
        key = (label.coder, books[event.scheme], event.arm)
        sentences[key] += 1
        changed[key] += bool(change_of(label))
    return [Share(*key, number, changed[key]) for key, number in sorted(sentences.items())]


def labels(store: Store, model: Registered) -> Iterator[Label]:
    """The decisions that a model was learned from, as they stood then.

    Raises ``ModelError`` where the files that name its sentences are gone or damaged.
    """
    # It loads pandas, which pages that only list the models need not wait for.
    from annotator.workflow.training_table import NO_PART

    units = artefact.load(store.models / model.id).units
    for label in learned.labels(store, units, model.last_event):
        if label.source.event.arm not in NO_PART:
            yield label


def change_of(label: Label) -> str:
    """What became of a label since, in a word or two; empty where it is the same."""
    if label.now.status is None:
        return "taken back"
    if label.now.status != "coded":
        return label.now.status.replace("_", " ")
    return "" if _given(label.now) == _given(label.then) else "changed"


def _given(decision: Decision) -> list[str]:
    """The codes of a decision, as a cell of the table names them."""
    return sorted(learned_csv.code(answer) for answer in decision.answers)


def write(store: Store, model: Registered, place: Path) -> int:
    """Write the labels to a CSV file; the number of its rows.

    Raises ``ExportError`` where no file can be written there.
    """
    rows = list(_rows(store, model))
    with export_files.writing(store, place) as out:
        return learned_csv.write(rows, out)


def as_bytes(store: Store, model: Registered) -> bytes:
    """The same table as it goes over the wire."""
    out = io.StringIO(newline="")
    learned_csv.write(_rows(store, model), out)
    return out.getvalue().encode()


def _rows(store: Store, model: Registered) -> Iterator[Row]:
    books = _books(store)
    for label in labels(store, model):
        event, change = label.source.event, change_of(label)
        yield Row(
            unit_id=label.unit_id,
            document_id=label.document_id,
            title=label.title,
            coder=label.coder,
            arm=event.arm,
            decided_at=label.decided_at,
            decision_id=event.uuid,
            codebook=books[event.scheme],
            codes=_given(label.then),
            change=change,
            codes_now=_given(label.now) if change else [],
        )


def _books(store: Store) -> dict[int, str]:
    """The codebooks of each scheme, each with its version."""
    return {
        number: ", ".join(f"{book.name} {book.version}" for book in scheme.codebooks)
        for number, scheme in codebooks.schemes(store).items()
    }
