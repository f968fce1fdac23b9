"""Suggested codes for a whole project, or for new text from a file; written row by row."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from annotator.core.batches import batches
from annotator.core.document import Draft
from annotator.core.errors import ExportError, ModelError, TableError
from annotator.core.progress import Progress
from annotator.core.records import UnitRecord
from annotator.corpus import language, segment
from annotator.corpus.table_file import read_table
from annotator.learn.model import Model
from annotator.store import Store, jobs, tables
from annotator.workflow import suggesting

COLUMNS = ("id", "variable", "target", "code", "score", "suggested", "threshold", "model_id")
AT_ONCE = 5_000  # texts scored together: bounds memory, large enough for the matrix product

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Text:
    """Something to score: its id, its text, and the columns to keep beside the scores."""

    id: str
    text: str
    kept: dict[str, str]


@dataclass(frozen=True, slots=True)
class Report:
    """What was written."""

    texts: int
    rows: int
    model_id: str
    codes: int


def suggest(
    store: Store,
    output: Path,
    *,
    input_: Path | None = None,
    text: str = "text",
    id_: str | None = None,
    unit: str = "row",
    keep: Sequence[str] = (),
    progress: Progress | None = None,
) -> Report:
    """Score the project's units, or the rows of ``input_``; one output row per text and code.

    A code the model could not learn has no row; a row of ``input_`` without a text has rows
    without a score, so that none is missed. ``suggested`` is score ≥ the code's threshold;
    the desk's stricter gate plays no part.
    """
    writer = _writer(output)
    if not output.parent.is_dir():
        raise ExportError(f"{output}: there is no folder {output.parent}; make it first")
    if input_ is not None and input_.resolve() == output.resolve():
        raise ExportError(f"{output} is the table that is read; write to another file")
    model_id = _in_force(store)
    model = suggesting.loaded(store, model_id)
    texts = _of_project(store, keep) if input_ is None else _of_table(input_, text, id_, unit, keep)
    counted = _Counted()
    rows = counted.over(_score(model, model_id, texts, counted, progress))
    fresh = output.with_name(f".{output.name}.part")
    try:
        writer(fresh, [*COLUMNS, *keep], rows)
        fresh.replace(output)
    except OSError as fault:
        reason = fault.strerror or fault
        raise ExportError(f"{output} cannot be written: {reason}; choose another place") from fault
    finally:
        # A folder that takes no files has none to clear away either, and says so but once.
        with suppress(OSError):
            fresh.unlink()
    fitted = sum(card.fitted for card in model.cards)
    return Report(counted.texts, counted.rows, model_id, fitted)


def _in_force(store: Store) -> str:
    """The id of the model in force. Raises ``ModelError`` where it, or its files, are not there."""
    model_id = jobs.model_id(store)
    if model_id is None:
        raise ModelError("this project has no model yet; run `annotator train` first")
    if not suggesting.scores_file(store, model_id).is_file():
        raise ModelError(
            f"the files of model {model_id} are gone from {store.models}; bring them back beside "
            "the project, or run `annotator train` again"
        )
    return model_id


class _Counted:
    """How many texts and rows went by."""

    def __init__(self) -> None:
        self.texts = 0
        self.rows = 0

    def over(self, rows: Iterable[Row]) -> Iterator[Row]:
        for row in rows:
            self.rows += 1
            yield row


def _score(
    model: Model, model_id: str, texts: list[Text], counted: _Counted, progress: Progress | None
) -> Iterator[Row]:
    for batch in batches(texts, AT_ONCE):
        if progress:
            progress(counted.texts, len(texts), "scoring")
        scores = model.score([one.text for one in batch]).tolist()
        for one, row in zip(batch, scores, strict=True):
            for card, score in zip(model.cards, row, strict=True):
                if card.threshold is not None and score == score:
                    # Compared as written, so that a reader's own comparison agrees.
                    shown, threshold = round(score, 6), round(card.threshold, 6)
                    is_blank = not one.text.strip()
                    yield {
                        "id": one.id,
                        "variable": card.variable,
                        "target": card.target,
                        "code": card.code,
                        "score": None if is_blank else shown,
                        "suggested": None if is_blank else int(shown >= threshold),
                        "threshold": threshold,
                        "model_id": model_id,
                        **one.kept,
                    }
        counted.texts += len(batch)


def _of_project(store: Store, keep: Sequence[str]) -> list[Text]:
    known = set(UnitRecord._fields)
    _refuse_unknown(keep, known, "the project's units")
    return [
        Text(unit.unit_id, unit.text, {name: str(getattr(unit, name)) for name in keep})
        for unit in tables.units(store)
    ]


def _of_table(path: Path, text: str, id_: str | None, unit: str, keep: Sequence[str]) -> list[Text]:
    table = read_table(path, keep_blank=True)
    for column in (text, *filter(None, [id_])):
        table.need(column)
    _refuse_unknown(keep, set(table.columns), path.name)
    ids = [row[id_] if id_ else str(number) for number, row in enumerate(table.rows, 1)]
    nameless = [line for line, name in zip(table.lines, ids, strict=True) if not name.strip()]
    if nameless:
        raise TableError(
            f"{path.name}: line {nameless[0]}: has no {id_}; fill the cell or drop the row"
        )
    repeated = [name for name, times in Counter(ids).items() if times > 1]
    if repeated:
        raise TableError(f"{path.name}: {id_} {repeated[0]!r} is there twice; ids must be unique")
    found = [
        Text(name, row[text], {column: row[column] for column in keep})
        for name, row in zip(ids, table.rows, strict=True)
    ]
    return found if unit == "row" else [part for one in found for part in _cut(one, unit)]


def _cut(whole: Text, unit: str) -> Iterator[Text]:
    """The sentences of a text, each with the place it was cut from in its id; no text is kept."""
    if not whole.text.strip():
        yield whole
    draft = Draft(text=whole.text, file="", file_sha256="")
    for part in segment.SEGMENTERS[unit](draft, language.language_of(whole.text)):
        piece = whole.text[part.start : part.end]
        yield Text(f"{whole.id}:{part.start}-{part.end}", piece, whole.kept)


def _refuse_unknown(names: Sequence[str], known: set[str], where: str) -> None:
    unknown = [name for name in names if name not in known]
    if unknown:
        raise TableError(
            f"{where}: has no column {unknown[0]!r}; there are: {', '.join(sorted(known))}"
        )
    taken = [name for name in names if name in COLUMNS]
    if taken:
        raise TableError(f"the output has a column {taken[0]!r} of its own; rename the one to keep")
    repeated = [name for name, times in Counter(names).items() if times > 1]
    if repeated:
        raise TableError(f"column {repeated[0]!r} is to be kept twice; name it once")


Writer = Callable[[Path, Sequence[str], Iterable[Row]], None]


def _writer(output: Path) -> Writer:
    if output.suffix.lower() not in WRITERS:
        raise ExportError(f"{output.name}: name it with one of {', '.join(WRITERS)}")
    return WRITERS[output.suffix.lower()]


def _write_csv(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)


def _write_jsonl(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for row in rows:
            file.write(json.dumps({name: row[name] for name in columns}, ensure_ascii=False) + "\n")


def _write_parquet(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    types = {"score": pa.float64(), "threshold": pa.float64(), "suggested": pa.int8()}
    schema = pa.schema([(name, types.get(name, pa.string())) for name in columns])
    with parquet.ParquetWriter(path, schema) as writer:
        for batch in batches(rows, 100_000):
            writer.write_table(pa.Table.from_pylist(batch, schema))


WRITERS: dict[str, Writer] = {
    ".csv": _write_csv,
    ".jsonl": _write_jsonl,
    ".parquet": _write_parquet,
}
