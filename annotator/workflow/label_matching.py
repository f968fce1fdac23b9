"""Which unit each row of a table of labels is about; units are made for rows only when asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from annotator.core.document import DatePrecision, Draft, Segment, unit_id
from annotator.core.errors import TableError
from annotator.core.table import Table
from annotator.corpus.decode import cleaned
from annotator.corpus.file import File
from annotator.corpus.segment import LONGEST_UNIT
from annotator.exchange.label_columns import Columns
from annotator.exchange.label_table import LabelledRow
from annotator.exchange.labels_reader import LongDecision
from annotator.learn.sampling import draw_of
from annotator.store import Store, documents, settings
from annotator.workflow import choosing, column_maps
from annotator.workflow.choosing import ROW
from annotator.workflow.label_choices import LabelChoices
from annotator.workflow.projects import SEED
from annotator.workflow.reading import Cut, Reading
from annotator.workflow.sources import Source

SHOWN = 60
"""Characters of a text that a message shows."""

PRECISION: dict[int, DatePrecision] = {4: "year", 7: "month", 10: "day"}


class Matched(NamedTuple):
    """The unit of each row, None where there is none; how many were made; what is to be told."""

    units: list[str | None]
    created: int = 0
    notes: tuple[str, ...] = ()


def match_rows(
    store: Store,
    file: File,
    rows: Sequence[LabelledRow],
    columns: Columns,
    choices: LabelChoices,
    at: str,
) -> Matched:
    """The unit of each row; raises ``TableError`` where a row has none, unless those are skipped.

    By id: the external id of a document of one unit, else a unit's id. Else by the exact text.
    """
    by_id = bool(columns.id_)
    keys = [row.id_ if by_id else _text(row) for row in rows]
    _refuse_blank(file.name, rows, keys, by_id=by_id)
    first = dict(zip(reversed(keys), reversed(rows), strict=True))
    found = _by_id(store, file.name, first) if by_id else _by_text(store, file.name, first)
    missing = {key: row for key, row in first.items() if key not in found}
    notes: tuple[str, ...] = ()
    created = 0
    if missing and choices.create:
        _refuse_unfit(file.name, zip(keys, rows, strict=True), missing)
        made, notes = _made(store, file, missing, columns, choices, at)
        found, created = found | made, len(made)
    left = [(key, row) for key, row in zip(keys, rows, strict=True) if key not in found]
    if left and not choices.skip_unmatched:
        raise TableError(_unmatched(file.name, [row for _, row in left], choices, by_id=by_id))
    if left:
        notes = (*notes, f"{len(left):,} rows match no unit, and are left out")
    return Matched([found.get(key) for key in keys], created, notes)


def _text(row: LabelledRow) -> str:
    """The text as units keep it."""
    return cleaned(row.text)[0].strip()


def _refuse_blank(
    name: str, rows: Sequence[LabelledRow], keys: Sequence[str], *, by_id: bool
) -> None:
    for row, key in zip(rows, keys, strict=True):
        if not key:
            what = "id" if by_id else "text"
            raise TableError(
                f"{name}: line {row.line}: has no {what}; fill the cell or drop the row"
            )


def _by_id(store: Store, name: str, first: Mapping[str, LabelledRow]) -> dict[str, str]:
    ids = list(first)
    external = documents.units_of_external_ids(store, ids)
    for id_, units in external.items():
        if len(units) > 1:
            raise TableError(f"{name}: line {first[id_].line}: {_several(id_, units)}")
    known = {id_: id_ for id_ in documents.known_units(store, ids)}
    return known | {id_: units[0] for id_, units in external.items()}


def _several(id_: str, units: Sequence[str]) -> str:
    other = next((unit for unit in units if document_of(unit) != document_of(units[0])), None)
    if other:
        return f"the id {id_!r} is that of both {units[0]} and {other}; name the units by unit id"
    return f"the document {id_!r} has {len(units)} units; name each by its unit id"


def document_of(unit: str) -> str:
    """The document that a unit's id names."""
    return unit.rpartition(":")[0]


def _by_text(store: Store, name: str, first: Mapping[str, LabelledRow]) -> dict[str, str]:
    found = documents.units_of_texts(store, list(first))
    for text, units in found.items():
        if len(units) > 1:
            raise TableError(
                f"{name}: line {first[text].line}: {_shown(text)} is the text of both {units[0]} "
                f"and {units[1]}; name the units by id: --id COL"
            )
    return {text: units[0] for text, units in found.items()}


def _unmatched(
    name: str, missing: Sequence[LabelledRow], choices: LabelChoices, *, by_id: bool
) -> str:
    first = missing[0]
    if choices.create:
        return (
            f"{name}: line {first.line}: there is no sentence in the text to make a document of, "
            f"as in {len(missing)} rows; fill the cell, or leave such rows out: --skip-unmatched"
        )
    what = f"the id {first.id_!r}" if by_id else _shown(first.text)
    return (
        f"{name}: {len(missing)} rows match no unit of this project (the first in line "
        f"{first.line}: {what}); import their articles first, or make a document of each: --create"
    )


def _shown(text: str) -> str:
    bare = text.strip()
    return repr(bare if len(bare) <= SHOWN else f"{bare[: SHOWN - 1]}…")


def _refuse_unfit(
    name: str, keyed: Iterable[tuple[str, LabelledRow]], missing: Mapping[str, LabelledRow]
) -> None:
    texts: dict[str, str] = {}
    for key, row in keyed:
        if key not in missing:
            continue
        if not row.text.strip():
            raise TableError(
                f"{name}: line {row.line}: has no text to make a document of; fill the cell"
            )
        text = _text(row)
        if len(text) > LONGEST_UNIT:
            raise TableError(
                f"{name}: line {row.line}: the text has {len(row.text):,} characters and a "
                f"unit may have {LONGEST_UNIT:,}; cut it into rows"
            )
        if texts.setdefault(key, text) != text:
            raise TableError(
                f"{name}: line {row.line}: the id {row.id_!r} stands beside another text "
                "further up; give each text an id of its own"
            )


def _made(
    store: Store,
    file: File,
    missing: Mapping[str, LabelledRow],
    columns: Columns,
    choices: LabelChoices,
    at: str,
) -> tuple[dict[str, str], tuple[str, ...]]:
    """The units of documents made as an import of rows makes them, so that each finds the other's.

    Rows of one key are one document.
    """
    fields = {"text": columns.text} | ({"id": columns.id_} if columns.id_ else {})
    reading = Reading(
        store,
        Source(file.name, lambda: file),
        choosing.chosen(store, fields={}, unit=ROW, columns=fields, dates=choices.dates),
    )
    of_coders = {*columns.of_labels, columns.given, columns.coder}
    cuts: dict[str, Cut] = {}
    for draft, segments in reading.cuts():
        key = draft.external_id if columns.id_ else draft.text.strip()
        if key in missing and key not in cuts:
            # What coders said is no property of the article, and nobody should code beside it.
            meta = {name: cell for name, cell in draft.meta.items() if name not in of_coders}
            cuts[key] = (draft._replace(meta=meta), segments)
    if reading.table:
        column_maps.remember(store, reading.table.names, reading.table.columns)
    return _add(store, file.name, cuts, at), tuple(reading.warnings)


def _add(store: Store, name: str, cuts: Mapping[str, Cut], at: str) -> dict[str, str]:
    seed = int(settings.value(store, "seed", str(SEED)))
    documents.add_documents(
        *(store, cuts.values()),
        by_words=False,
        segmenter=ROW,
        draw=lambda unit: draw_of(unit, seed),
        at=at,
    )
    made = {
        key: unit_id(draft.document_id, one.start, one.end) for key, (draft, [one]) in cuts.items()
    }
    known = documents.known_units(store, list(made.values()))
    for key, unit in made.items():
        if unit not in known:
            raise TableError(
                f"{name}: {_shown(key)} is a document of this project already, cut into other "
                "units; name them by unit id"
            )
    return made


def _whole(text: str) -> Segment:
    start = len(text) - len(text.lstrip())
    return Segment(start=start, end=len(text.rstrip()), paragraph=0, part="body")


def match_decisions(
    store: Store, table: Table, decisions: Sequence[LongDecision], *, create: bool, at: str
) -> tuple[dict[str, str], int]:
    """The unit of each unit id that the long form names, and how many were made.

    A unit made here has another id than in its own project; that one is its external id.
    """
    first = {decision.unit_id: decision for decision in reversed(decisions)}
    found = {id_: id_ for id_ in documents.known_units(store, list(first))}
    external = documents.units_of_external_ids(store, [id_ for id_ in first if id_ not in found])
    found |= {id_: units[0] for id_, units in external.items() if len(units) == 1}
    missing = [decision for decision in decisions if decision.unit_id not in found]
    if missing and not create:
        count = len({decision.unit_id for decision in missing})
        raise TableError(
            f"{table.name}: {count} of its units are not in this project (the first in line "
            f"{missing[0].line}: {missing[0].unit_id}); import their articles first, "
            "or make a document of each: --create"
        )
    drafts = {one.unit_id: _draft_of(table, first[one.unit_id]) for one in missing}
    cuts: dict[str, Cut] = {key: (one, (_whole(one.text),)) for key, one in drafts.items()}
    return found | _add(store, table.name, cuts, at), len(cuts)


def match_cards(store: Store, table: Table, decisions: Sequence[LongDecision]) -> None:
    """Raise ``TableError`` where article cards of the long form are about no document here.

    A document cannot be made of one: the table does not have its text.
    """
    here = documents.known_documents(store, list({one.document for one in decisions}))
    missing = [one for one in decisions if one.document not in here]
    if missing:
        count = len({one.document for one in missing})
        raise TableError(
            f"{table.name}: {count} of its article cards are about documents that are not in this "
            f"project (the first in line {missing[0].line}: {missing[0].document}); import their "
            "articles first, or leave the rows out whose part is document"
        )


def _draft_of(table: Table, decision: LongDecision) -> Draft:
    row: Mapping[str, str] = decision.row
    if not row.get("text", "").strip():
        raise TableError(
            f"{table.name}: line {decision.line}: has no text to make a document of; fill the cell"
        )
    published = row.get("published", "")
    return Draft(
        text=row["text"],
        file=row.get("file") or table.name,
        file_sha256=table.sha256,
        title=row.get("title", ""),
        published=published if len(published) in PRECISION else "",
        date_precision=PRECISION.get(len(published), ""),
        author=row.get("author", ""),
        source=row.get("source", ""),
        place=row.get("place", ""),
        url=row.get("url", ""),
        external_id=decision.unit_id,
        language=row.get("language", ""),
    )
