"""Labels in: from our own long export, or from anybody's table; all of a file or nothing of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from annotator.core.annotation import Answer
from annotator.core.codebook import Scheme, Variable
from annotator.core.errors import RejectedEventError, TableError
from annotator.core.progress import Progress
from annotator.core.table import Table, check_coder
from annotator.corpus import table_file
from annotator.corpus.file import File
from annotator.exchange import labels_reader, spans_csv
from annotator.exchange.label_table import LabelledRow, Match, read_labels
from annotator.exchange.spans_csv import Evidence
from annotator.store import Store, codebooks, events, tables
from annotator.store.events import Told
from annotator.workflow import label_choices, label_matching, label_merging
from annotator.workflow.clock import now
from annotator.workflow.label_choices import LabelChoices, Repeated
from annotator.workflow.label_merging import Labels
from annotator.workflow.long_labels import long_labels

EACH = 1_000
"""Decisions between two tellings of how far it is."""


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
        yield from (match.line() for match in self.mapping)
        verb = "would record" if self.dry_run else "recorded"
        coders = f" of {', '.join(self.coders)}" if self.coders else ""
        yield (
            f"{self.file}: {self.rows:,} rows; {verb} {self.decisions:,} decisions{coders}, "
            f"{self.empty:,} of them without a code; {self.known:,} left as they were; "
            f"{self.created:,} documents made"
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
    spans: Path | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
    **options: Any,
) -> CodeReport:
    """Record the labels of a file; ``options`` are the fields of ``LabelChoices``.

    ``spans`` is the table of evidence that was exported with it. With ``dry_run``, only tell what
    would become of it. Everything is checked first and kept in one transaction.
    Raises ``ReadError`` for a file that is no table, ``TableError`` for one that does not fit the
    project.
    """
    labels = options.get("labels") or ()
    several = (labels,) if isinstance(labels, str) else labels
    choices = LabelChoices(
        **{k: v for k, v in options.items() if v is not None} | {"labels": several}
    )
    return code_file(
        *(store, File.of_path(path), choices),
        beside=path,
        spans=File.of_path(spans) if spans else None,
        dry_run=dry_run,
        progress=progress,
    )


def code_file(
    store: Store,
    file: File,
    choices: LabelChoices,
    *,
    beside: Path | None = None,
    spans: File | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> CodeReport:
    """The same for a file that may have been uploaded; ``beside`` is where its dictionary lies."""
    table = table_file.read(file)
    choices, remembered = label_choices.completed(store, table, choices)
    with _all_or_nothing(store, table.name, dry_run=dry_run):
        if not choices.names_labels and not choices.text and labels_reader.is_long_form(table):
            return _code_long_form(
                store, beside, table, spans, choices, dry_run=dry_run, progress=progress
            )
        if spans:
            raise TableError(f"{table.name}: --spans goes with our own labels.csv; leave it out")
        report = _code_labels(store, file, table, choices, progress)
        label_choices.remember(store, table, choices)
    told = f"read as a table of these columns was last time: {' '.join(choices.options())}"
    notes = ((told,) if remembered else ()) + report.notes
    return replace(report, notes=notes, dry_run=dry_run)


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


def _code_labels(
    store: Store, file: File, table: Table, choices: LabelChoices, progress: Progress | None
) -> CodeReport:
    columns = label_choices.columns_of(table, choices)
    scheme, at = codebooks.current_scheme(store), now()
    asked = variable_of(table.name, scheme, choices.variable)
    read = read_labels(table, asked, columns, choices.coder or "", choices.understanding)
    for row in read.rows:
        check_coder(table.name, row.line, row.coder)
    matched = label_matching.match_rows(store, file, read.rows, columns, choices, at)
    told = [(row, unit) for row, unit in zip(read.rows, matched.units, strict=True) if unit]
    gathered, clashes = _gathered(table.name, scheme, asked, told, choices.repeated)
    kept = _record(store, gathered, at, progress)
    encoding = [] if table.encoding.startswith("utf") else [f"read as {table.encoding}"]
    return CodeReport(
        file=table.name,
        rows=len(table.rows),
        decisions=kept.decisions,
        known=kept.known,
        empty=kept.empty,
        created=matched.created,
        coders=tuple(dict.fromkeys(row.coder for row, _ in told)),
        variables=(asked.name,),
        mapping=tuple(read.mapping),
        notes=(*encoding, *read.notes, *matched.notes, *clashes, *kept.notes),
    )


def variable_of(name: str, scheme: Scheme, wanted: str) -> Variable:
    """The variable of that name, or the only one; raises ``TableError`` that names all."""
    variables = [variable for _, variable in scheme.variables()]
    if not wanted and len(variables) == 1:
        return variables[0]
    listed = ", ".join(variable.name for variable in variables)
    if not wanted:
        raise TableError(
            f"{name}: say which variable is labelled: --variable NAME; there are {listed}"
        )
    found = scheme.variable(wanted)
    if found is None:
        raise TableError(f"{name}: the codebook has no variable {wanted!r}; there are {listed}")
    return found


def _gathered(
    name: str,
    scheme: Scheme,
    variable: Variable,
    rows: Sequence[tuple[LabelledRow, str]],
    repeated: Repeated,
) -> tuple[list[Labels], list[str]]:
    """All rows of one coder about one unit, as one decision; and what is to be told of them."""
    together: dict[tuple[str, str], list[LabelledRow]] = {}
    for row, unit in rows:
        together.setdefault((row.coder, unit), []).append(row)
    clashes = _clashes(together) if variable.choice == "one" else []
    if clashes and repeated == "refuse":
        raise TableError(_two(name, variable, clashes))
    if clashes:
        together = {seat: _one_each(told, repeated) for seat, told in together.items()}
    found = []
    for (coder, unit), told in together.items():
        places = frozenset((variable.name, row.target) for row in told)
        answers = dict.fromkeys((row.target, code) for row in told for code in row.codes)
        given = tuple(
            Answer(variable=variable.name, target=target, code=code) for target, code in answers
        )
        targets = [target for _, target in places]
        uuid = label_merging.table_uuid(coder, unit, variable.name, targets, given)
        found.append(Labels(uuid, coder, unit, scheme, places, given))
    note = f"{len(clashes):,} answers stand beside another one of the same coder: the {repeated} "
    return found, [f"{note}was taken"] if clashes else []


class _Clash(NamedTuple):
    """Two answers of one coder where one is taken: the unit, and the rows that give them."""

    unit: str
    before: tuple[int, str]
    row: LabelledRow
    code: str


def _clashes(together: Mapping[tuple[str, str], Sequence[LabelledRow]]) -> list[_Clash]:
    found = []
    for (_, unit), told in together.items():
        first: dict[str, tuple[int, str]] = {}
        for row in told:
            for code in row.codes:
                before = first.setdefault(row.target, (row.line, code))
                if code != before[1]:
                    found.append(_Clash(unit, before, row, code))
    return found


def _two(name: str, variable: Variable, clashes: Sequence[_Clash]) -> str:
    unit, (line, other), row, code = clashes[0]
    about = f" toward {row.target}" if row.target else ""
    so = f", as in {len(clashes):,} rows" if clashes[1:] else ""
    return (
        f"{name}: line {row.line}: {unit} is {code}{about} here and {other} in line {line}{so}, "
        f"but {variable.name} takes one code; keep one"
    )


def _one_each(told: Sequence[LabelledRow], repeated: Repeated) -> list[LabelledRow]:
    """One row for each target, with the first or last code that was given."""
    kept: dict[str, LabelledRow] = {}
    for row in told if repeated == "first" else reversed(told):
        before = kept.get(row.target)
        if before is None or (row.codes and not before.codes):
            end = slice(1) if repeated == "first" else slice(-1, None)
            kept[row.target] = replace(row, codes=row.codes[end])
    return list(kept.values())


def _record(store: Store, labels: Sequence[Labels], at: str, progress: Progress | None) -> _Kept:
    """Record what is new, merged with what the same coders have."""
    schemes = codebooks.schemes(store)
    coders = {one.coder for one in labels}
    present = {
        label_merging.seat_of(coding): coding
        for coding in tables.codings(store, retired=True)
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
        elif now_held and label_merging.adds_spans(now_held, one):
            named = label_merging.with_spans(one)
            told.append(Told(one.coder, label_merging.event_of(named, now_held, schemes)[0], at))
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
    for start in range(0, len(told), EACH):
        if progress:
            progress(start, len(told), "recording decisions")
        events.record_all(store, told[start : start + EACH])
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
    store: Store,
    beside: Path | None,
    table: Table,
    spans: File | None,
    choices: LabelChoices,
    *,
    dry_run: bool,
    progress: Progress | None,
) -> CodeReport:
    at, coder = now(), choices.coder
    evidence = spans_csv.read(table_file.read(spans)) if spans else None
    told, created = long_labels(store, beside, table, coder, evidence, create=choices.create, at=at)
    kept = _record(store, told, at, progress)
    notes = list(kept.notes)
    if coder is not None and "coder" in table.columns:
        notes.insert(0, f"the file names its coders; --coder {coder} was not used")
    if further := sum(one.further for one in told):
        notes.append(
            f"{further:,} further spans are not in the file, which has the first of each answer: "
            "export the format spans beside it, and bring the file again with --spans FILE"
        )
    if others := _without_answer(evidence, told):
        notes.append(f"the spans of {others:,} answers that are not in the file were left out")
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


def _without_answer(evidence: Evidence | None, told: Sequence[Labels]) -> int:
    """How many answers have evidence and are not among the labels."""
    if evidence is None:
        return 0
    here = {
        (one.uuid, a.variable, a.target, a.holder, a.code, a.use)
        for one in told
        for a in one.answers
    }
    return len(evidence.spans.keys() - here)
