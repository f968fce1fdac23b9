"""Which unit each row of a table of labels is about; units are made for rows only when asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from annotator.core.document import DatePrecision, Draft, Segment, unit_id
from annotator.core.errors import TableError
from annotator.core.table import Table
from annotator.corpus.language import language_of
from annotator.corpus.segment import LONGEST_UNIT
from annotator.exchange.label_table import LabelledRow
from annotator.exchange.labels_reader import LongDecision
from annotator.learn.sampling import draw_of
from annotator.store import Store, documents, settings
from annotator.workflow.projects import SEED

SEGMENTER = "row"
SHOWN = 60
"""Characters of a text that a message shows."""

PRECISION: dict[int, DatePrecision] = {4: "year", 7: "month", 10: "day"}


def match_rows(
    store: Store, table: Table, rows: Sequence[LabelledRow], *, by_id: bool, create: bool, at: str
) -> tuple[list[str], int]:
    """The unit of each row, and how many were made; raises ``TableError``.

    By id: the external id of a document of one unit, else a unit's id. Else by the exact text.
    """
    _refuse_blank(table.name, rows, by_id=by_id)
    keys = [row.id_ if by_id else row.text.strip() for row in rows]
    found = _by_id(store, table.name, rows) if by_id else _by_text(store, table.name, rows)
    missing = [row for row, key in zip(rows, keys, strict=True) if key not in found]
    if missing and not create:
        raise TableError(_unmatched(table.name, missing, by_id=by_id))
    drafts = _drafts(table, missing)
    made = _add(store, table.name, list(drafts.items()), at)
    return [found.get(key) or made[key] for key in keys], len(drafts)


def _refuse_blank(name: str, rows: Sequence[LabelledRow], *, by_id: bool) -> None:
    for row in rows:
        if not (row.id_ if by_id else row.text.strip()):
            what = "id" if by_id else "text"
            raise TableError(
                f"{name}: line {row.line}: has no {what}; fill the cell or drop the row"
            )


def _by_id(store: Store, name: str, rows: Sequence[LabelledRow]) -> dict[str, str]:
    ids = list({row.id_ for row in rows})
    external = documents.units_of_external_ids(store, ids)
    for row in rows:
        units = external.get(row.id_, [])
        if len(units) > 1:
            raise TableError(f"{name}: line {row.line}: {_several(row.id_, units)}")
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


def _by_text(store: Store, name: str, rows: Sequence[LabelledRow]) -> dict[str, str]:
    found = documents.units_of_texts(store, list({row.text.strip() for row in rows}))
    for row in rows:
        units = found.get(row.text.strip(), [])
        if len(units) > 1:
            raise TableError(
                f"{name}: line {row.line}: {_shown(row.text)} is the text of both {units[0]} and "
                f"{units[1]}; name the units by id: --id COL"
            )
    return {text: units[0] for text, units in found.items()}


def _unmatched(name: str, missing: Sequence[LabelledRow], *, by_id: bool) -> str:
    first = missing[0]
    what = f"the id {first.id_!r}" if by_id else _shown(first.text)
    return (
        f"{name}: {len(missing)} rows match no unit of this project (the first in line "
        f"{first.line}: {what}); import their articles first, or make a document of each: --create"
    )


def _shown(text: str) -> str:
    bare = text.strip()
    return repr(bare if len(bare) <= SHOWN else f"{bare[: SHOWN - 1]}…")


def _drafts(table: Table, rows: Sequence[LabelledRow]) -> dict[str, Draft]:
    """One document of each row by the key it will be found by; rows of one key are one."""
    drafts: dict[str, Draft] = {}
    for row in rows:
        key = row.id_ or row.text.strip()
        if not row.text.strip():
            raise TableError(
                f"{table.name}: line {row.line}: has no text to make a document of; fill the cell"
            )
        if len(row.text.strip()) > LONGEST_UNIT:
            raise TableError(
                f"{table.name}: line {row.line}: the text has {len(row.text):,} characters and a "
                f"unit may have {LONGEST_UNIT:,}; cut it into rows"
            )
        if key in drafts and drafts[key].text.strip() != row.text.strip():
            raise TableError(
                f"{table.name}: line {row.line}: the id {row.id_!r} stands beside another text "
                "further up; give each text an id of its own"
            )
        drafts.setdefault(
            key,
            Draft(
                text=row.text,
                file=table.name,
                file_sha256=table.sha256,
                external_id=row.id_,
                language=language_of(row.text),
            ),
        )
    return drafts


def _add(store: Store, name: str, drafts: Sequence[tuple[str, Draft]], at: str) -> dict[str, str]:
    seed = int(settings.value(store, "seed", str(SEED)))
    whole = [(draft, [_whole(draft.text)]) for _, draft in drafts]
    draw = partial(draw_of, seed=seed)
    list(documents.add_documents(store, whole, segmenter=SEGMENTER, draw=draw, at=at))
    made = {
        key: unit_id(draft.document_id, one.start, one.end)
        for (key, draft), (_, [one]) in zip(drafts, whole, strict=True)
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
    return found | _add(store, table.name, list(drafts.items()), at), len(drafts)


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
