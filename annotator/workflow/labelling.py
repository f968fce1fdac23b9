"""Labels in: from our own long export, or from anybody's table; all of a file or nothing of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from annotator.core.annotation import Answer
from annotator.core.codebook import Scheme, Variable
from annotator.core.errors import RejectedEventError, TableError
from annotator.core.table import Table, check_coder
from annotator.corpus.table_file import read_table
from annotator.exchange import labels_reader
from annotator.exchange.label_table import Columns, LabelledRow, Match, read_labels
from annotator.store import Store, codebooks, events, tables
from annotator.store.events import Told
from annotator.workflow import label_matching, label_merging
from annotator.workflow.clock import now
from annotator.workflow.label_merging import Labels
from annotator.workflow.long_labels import long_labels


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeReport:
    """What became of a file of labels.

    ``decisions`` were recorded; ``known`` were there already, as they are or changed since, and
    left alone; ``empty`` of the recorded ones carry no code; ``created`` documents were made.
    """

    file: str
    rows: int
    decisions: int
    known: int
    empty: int
    created: int
    coders: tuple[str, ...]
    variables: tuple[str, ...]
    mapping: tuple[Match, ...] = ()
    notes: tuple[str, ...] = ()
    dry_run: bool = False

    def lines(self) -> Iterator[str]:
        """The report as a page or a terminal tells it: the mapping, what was kept, remarks."""
        for match in self.mapping:
            yield f"{match.label} → {match.code}: {match.rows} rows"
        verb = "would record" if self.dry_run else "recorded"
        coders = f" of {', '.join(self.coders)}" if self.coders else ""
        yield (
            f"{self.file}: {self.rows} rows; {verb} {self.decisions} decisions{coders}, "
            f"{self.empty} of them without a code; {self.known} left as they were; "
            f"{self.created} documents made"
        )
        yield from self.notes


class _Kept(NamedTuple):
    """What recording came to."""

    decisions: int
    known: int
    empty: int
    notes: list[str]


def code_table(
    store: Store,
    path: Path,
    *,
    coder: str | None,
    text: str | None = None,
    labels: str | None = None,
    delimiter: str | None = None,
    variable: str | None = None,
    target: str | None = None,
    id_: str | None = None,
    create: bool = False,
    dry_run: bool = False,
) -> CodeReport:
    """Record the labels of a file; with ``dry_run``, only tell what would become of it.

    Everything is checked first and kept in one transaction. Raises ``ReadError`` for a file that
    is no table, ``TableError`` for one that does not fit the project.
    """
    table = read_table(path)
    if text is None and labels is None and labels_reader.is_long_form(table):
        with _all_or_nothing(store, table.name, dry_run=dry_run):
            return _code_long_form(store, path, table, coder, create=create, dry_run=dry_run)
    columns = _columns(table, text, labels, delimiter, target, id_, coder, create=create)
    with _all_or_nothing(store, table.name, dry_run=dry_run):
        return _code_labels(store, table, columns, coder or "", variable, create, dry_run)


class _Rehearsed(Exception):  # noqa: N818 - nothing went wrong: it takes a rehearsal back
    """Ends a dry run: what was written goes again."""


@contextmanager
def _all_or_nothing(store: Store, name: str, *, dry_run: bool) -> Iterator[None]:
    try:
        with suppress(_Rehearsed), store.write():
            yield
            if dry_run:
                raise _Rehearsed
    except RejectedEventError as fault:
        raise TableError(f"{name}: does not fit, and nothing came in: {fault}") from fault


def _columns(
    table: Table,
    text: str | None,
    labels: str | None,
    delimiter: str | None,
    target: str | None,
    id_: str | None,
    coder: str | None,
    *,
    create: bool,
) -> Columns:
    have = f"the columns are: {', '.join(table.columns)}"
    if not labels:
        raise TableError(f"{table.name}: say which column holds the labels: --labels COL; {have}")
    if not text and (create or not id_):
        raise TableError(f"{table.name}: say which column holds the text: --text COL; {have}")
    if coder is None and "coder" not in table.columns:
        raise TableError(f"{table.name}: names no coder; say whose labels these are: --coder NAME")
    return Columns(
        labels=labels,
        text=text or "",
        id_=id_ or "",
        target=target or "",
        coder="" if coder is not None else "coder",
        delimiter=delimiter or "",
    )


def _code_labels(
    store: Store,
    table: Table,
    columns: Columns,
    coder: str,
    variable: str | None,
    create: bool,
    dry_run: bool,
) -> CodeReport:
    scheme, at = codebooks.current_scheme(store), now()
    asked = _variable(table.name, scheme, variable)
    rows, mapping = read_labels(table, asked, columns, coder)
    for row in rows:
        check_coder(table.name, row.line, row.coder)
    units, created = label_matching.match_rows(
        store, table, rows, by_id=bool(columns.id_), create=create, at=at
    )
    gathered = _gathered(table.name, scheme, asked, list(zip(rows, units, strict=True)))
    kept = _record(store, gathered, at)
    encoding = [] if table.encoding.startswith("utf") else [f"read as {table.encoding}"]
    return CodeReport(
        file=table.name,
        rows=len(rows),
        decisions=kept.decisions,
        known=kept.known,
        empty=kept.empty,
        created=created,
        coders=tuple(dict.fromkeys(row.coder for row in rows)),
        variables=(asked.name,),
        mapping=tuple(mapping),
        notes=(*encoding, *kept.notes),
        dry_run=dry_run,
    )


def _variable(name: str, scheme: Scheme, wanted: str | None) -> Variable:
    variables = [variable for _, variable in scheme.variables()]
    if wanted is None and len(variables) == 1:
        return variables[0]
    listed = ", ".join(variable.name for variable in variables)
    if wanted is None:
        raise TableError(
            f"{name}: say which variable is labelled: --variable NAME; there are {listed}"
        )
    found = scheme.variable(wanted)
    if found is None:
        raise TableError(f"{name}: the codebook has no variable {wanted!r}; there are {listed}")
    return found


def _gathered(
    name: str, scheme: Scheme, variable: Variable, rows: Sequence[tuple[LabelledRow, str]]
) -> list[Labels]:
    """All rows of one coder about one unit, as one decision."""
    together: dict[tuple[str, str], list[LabelledRow]] = {}
    for row, unit in rows:
        together.setdefault((row.coder, unit), []).append(row)
    found = []
    for (coder, unit), told in together.items():
        if variable.choice == "one":
            _refuse_two(name, variable, unit, told)
        places = frozenset((variable.name, row.target) for row in told)
        answers = dict.fromkeys((row.target, code) for row in told for code in row.codes)
        given = tuple(
            Answer(variable=variable.name, target=target, code=code) for target, code in answers
        )
        targets = [target for _, target in places]
        uuid = label_merging.table_uuid(coder, unit, variable.name, targets, given)
        found.append(Labels(uuid, coder, unit, scheme, places, given))
    return found


def _refuse_two(name: str, variable: Variable, unit: str, rows: Sequence[LabelledRow]) -> None:
    first: dict[str, tuple[int, str]] = {}
    for row in rows:
        for code in row.codes:
            line, other = first.setdefault(row.target, (row.line, code))
            if code != other:
                about = f" toward {row.target}" if row.target else ""
                raise TableError(
                    f"{name}: line {row.line}: {unit} is {code}{about} here and {other} in line "
                    f"{line}, but {variable.name} takes one code; keep one"
                )


def _record(store: Store, labels: Sequence[Labels], at: str) -> _Kept:
    """Record what is new, merged with what the same coders have."""
    schemes = codebooks.schemes(store)
    coders = {one.coder for one in labels}
    present = {
        label_merging.seat_of(coding): coding
        for coding in tables.codings(store)
        if coding.coder in coders
    }
    names = [name for one in labels for name in (one.uuid, label_merging.merged_uuid(one))]
    known = events.known(store, names)
    told: list[Told] = []
    changed = same = aged = mixed = 0
    for one in labels:
        now_held = present.get(one.seat)
        if now_held and label_merging.says_already(now_held, schemes, one):
            same += 1
        elif one.uuid in known or label_merging.merged_uuid(one) in known:
            # A set that is here and says the same was counted above; this one says otherwise.
            is_it = now_held is not None and now_held.decision_id == one.uuid and one.op != "set"
            same, changed = same + is_it, changed + (not is_it)
        elif now_held and label_merging.is_older(one, now_held, schemes):
            aged += 1
        else:
            event, is_mixed = label_merging.event_of(one, now_held, schemes)
            mixed += is_mixed
            told.append(Told(one.coder, event, at))
    events.record_all(store, told)
    notes = {
        "were there already": same,
        "came in before and differ from what is here now: left as it is": changed,
        "are older than what the coder decided since: left as it is now": aged,
        "keep answers given under another version of the codebook": mixed,
    }
    empty = sum(not one.event.answers and one.event.op == "set" for one in told)
    said = [f"{count} decisions {what}" for what, count in notes.items() if count]
    return _Kept(len(told), same + changed + aged, empty, said)


def _code_long_form(
    store: Store, path: Path, table: Table, coder: str | None, *, create: bool, dry_run: bool
) -> CodeReport:
    at = now()
    told, created = long_labels(store, path, table, coder, create=create, at=at)
    kept = _record(store, told, at)
    notes = list(kept.notes)
    if coder is not None and "coder" in table.columns:
        notes.insert(0, f"the file names its coders; --coder {coder} was not used")
    spans = sum(row.get("n_spans", "") not in ("", "0") for row in table.rows)
    if spans:
        notes.append(f"the spans of {spans} rows were left out: spans are not read yet")
    return CodeReport(
        file=table.name,
        rows=len(table.rows),
        decisions=kept.decisions,
        known=kept.known,
        empty=kept.empty,
        created=created,
        coders=tuple(dict.fromkeys(one.coder for one in told)),
        variables=tuple(dict.fromkeys(row["variable"] for row in table.rows)),
        notes=tuple(notes),
        dry_run=dry_run,
    )
