"""Our own long export, as the decisions of this project: with their units and their schemes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from annotator.core.annotation import Answer
from annotator.core.asking import asked_of, code_asked
from annotator.core.codebook import Codebook, Scheme
from annotator.core.errors import TableError
from annotator.core.table import Table
from annotator.exchange import labels_reader
from annotator.exchange.labels_reader import LongDecision, Version
from annotator.exchange.spans_csv import Evidence
from annotator.store import Store, codebooks, lists, spreading
from annotator.workflow import label_matching, label_merging
from annotator.workflow.label_merging import Labels


def long_labels(
    store: Store,
    path: Path | None,
    table: Table,
    coder: str | None,
    evidence: Evidence | None,
    *,
    create: bool,
    at: str,
) -> tuple[list[Labels], int]:
    """Every decision of the file, and how many documents were made for them.

    ``coder`` counts only where no column names one. Schemes that are not here are added, from the
    data dictionary beside ``path``. Without ``evidence`` each answer has its first span alone.
    """
    decisions = labels_reader.read_decisions(table, coder, evidence)
    _refuse_twice(table.name, decisions)
    label_matching.match_cards(store, table, [one for one in decisions if one.card])
    sentences = [one for one in decisions if not one.card]
    units, created = label_matching.match_decisions(store, table, sentences, create=create, at=at)
    schemes = _schemes_for(store, path, table.name, decisions, at)
    named = {one.row.get("sample_plan", "") for one in decisions}
    plans = {plan: lists.drawn(store, plan) for plan in named if plan}
    origins = _origins(decisions)
    told = [
        _labels(
            *(table.name, one, one.document if one.card else units[one.unit_id]),
            *(scheme, plans, origins),
        )
        for one, scheme in zip(decisions, schemes, strict=True)
    ]
    return told, created


def _refuse_twice(name: str, decisions: Sequence[LongDecision]) -> None:
    first: dict[tuple[str, str, bool, str, int], int] = {}
    for one in decisions:
        line = first.setdefault((one.coder, one.unit_id, one.card, one.round, one.pass_), one.line)
        if line != one.line:
            raise TableError(
                f"{name}: line {one.line}: is a second decision of {one.coder} on {one.unit_id} "
                f"(the first is in line {line}); keep one"
            )


def _labels(
    name: str,
    decision: LongDecision,
    unit: str,
    scheme: Scheme,
    plans: Mapping[str, Collection[str]],
    origins: Mapping[str, str],
) -> Labels:
    row = decision.row
    plan = row.get("sample_plan", "")
    _refuse_unknown_places(name, decision, scheme)
    labels = Labels(
        uuid=decision.decision_id,
        coder=decision.coder,
        unit=unit,
        scheme=scheme,
        asked=decision.asked,
        answers=decision.answers if decision.card else _moved(decision, unit),
        op=decision.op,
        subject="document" if decision.card else "unit",
        round=decision.round,
        pass_=decision.pass_,
        decided_at=row.get("decided_at", ""),
        all_holders=True,
        further=decision.further,
        extra={
            "arm": row.get("arm", ""),
            "origin": origins.get(decision.decision_id),
            # A plan of another project drew other units, with other probabilities.
            "queue": plan if unit in plans.get(plan, ()) else "",
            "candidates": decision.candidates,
            "model_id": row.get("model_id") or None,
            "seconds": decision.seconds,
            "memo": row.get("memo") or None,
            "flagged": labels_reader.flagged(name, decision) or None,
        }
        | _asked_alone(decision, scheme),
    )
    try:
        label_merging.event_of(labels, None, {})
    except ValidationError as fault:
        raise labels_reader.invalid(name, decision.line, fault) from fault
    return labels


def _asked_alone(decision: LongDecision, scheme: Scheme) -> dict[str, Any]:
    """What the event says that it asked, where that were single codes of a question."""
    if not decision.codes:
        return {}
    whole = asked_of(scheme, decision.asked - decision.not_asked) or ()
    return {"asked": (*whole, *(code_asked(*code) for code in sorted(decision.codes)))}


def _origins(decisions: Sequence[LongDecision]) -> dict[str, str]:
    """The decision that each copied one was copied from, where the file has it too.

    A copy bears a name that is made of its origin's, so that the two need no column.
    """
    alike: dict[tuple[object, ...], list[LongDecision]] = {}
    for one in decisions:
        alike.setdefault(_sentence(one), []).append(one)
    return {
        copy.decision_id: one.decision_id
        for copy in decisions
        if copy.row.get("arm") == spreading.ARM
        for one in alike[_sentence(copy)]
        if one.row.get("arm") != spreading.ARM
        and spreading.uuid_of(one.decision_id, copy.unit_id) == copy.decision_id
    }


def _sentence(decision: LongDecision) -> tuple[object, ...]:
    """Whose decision it is, on a sentence of which story."""
    told = (decision.row.get("cluster_id", ""), decision.row.get("text", ""))
    return decision.coder, decision.round, decision.pass_, *told


def _moved(decision: LongDecision, unit: str) -> tuple[Answer, ...]:
    """The answers with their evidence where the unit stands in this project."""
    if unit == decision.unit_id:
        return decision.answers
    text = decision.row.get("text", "")
    blank = len(text) - len(text.lstrip())
    by = _start(unit) - _start(decision.unit_id) - blank
    return tuple(
        answer.model_copy(update={"spans": tuple((s + by, e + by) for s, e in answer.spans)})
        for answer in decision.answers
    )


def _start(unit: str) -> int:
    """Where the unit of this id begins in its document; 0 for an id of another making."""
    start = unit.rpartition(":")[2].partition("-")[0]
    return int(start) if start.isascii() and start.isdigit() else 0


def _refuse_unknown_places(name: str, decision: LongDecision, scheme: Scheme) -> None:
    """Left out without a word, what was asked and left empty would turn into "not asked"."""
    known = {column[:2] for column in scheme.columns()}
    if decision.op != "set" or decision.asked <= known:
        return
    variable, target = min(decision.asked - known)
    versions = ", ".join(f"{book.name} {book.version}" for book in scheme.codebooks)
    raise TableError(
        f"{name}: line {decision.line}: was asked about {variable}: {target}, which {versions} of "
        "this project does not have; bring the file into a project whose `init` was given "
        f"--target {target}=TITLE"
        if target
        else f"{name}: line {decision.line}: was asked about {variable}, which {versions} of this "
        "project does not have; bring the file into a project with that variable"
    )


def _schemes_for(
    store: Store, path: Path | None, name: str, decisions: Sequence[LongDecision], at: str
) -> list[Scheme]:
    """The scheme each decision was made under; one that is not here is read beside the file."""
    _refuse_other_content(store, path, name)
    found: dict[tuple[frozenset[Version], frozenset[Version]], Scheme] = {}
    for one in decisions:
        key = (one.versions, one.others)
        if key not in found:
            here = _likest(codebooks.schemes(store), one)
            found[key] = here or _added(store, path, name, one, at)
    return [found[one.versions, one.others] for one in decisions]


def _refuse_other_content(store: Store, path: Path | None, name: str) -> None:
    """Where one version number stands for two sets of codes, "not asked" could turn into 0."""
    beside = labels_reader.read_dictionary(path) if path else None
    for scheme in codebooks.schemes(store).values() if beside else ():
        for here in scheme.codebooks:
            there = beside.codebook((here.name, here.version)) if beside else None
            if there is not None and _codes(there) != _codes(here):
                raise TableError(
                    f"{name}: its codebook {here.name} {here.version} has other codes than this "
                    "project's of the same version; give the project's codebook a higher version "
                    "with `annotator codebook update` first"
                )


def _codes(book: Codebook) -> set[tuple[str, str]]:
    return {(variable.name, code.name) for variable in book.variable for code in variable.answers}


def _versions(scheme: Scheme) -> frozenset[Version]:
    return frozenset((book.name, book.version) for book in scheme.codebooks)


def _likest(schemes: Mapping[int, Scheme], decision: LongDecision) -> Scheme | None:
    """Of the schemes that hold all codebooks the decision names, the one nearest to it."""
    able = [scheme for scheme in schemes.values() if _versions(scheme) >= decision.versions]
    named = decision.versions | decision.others
    return max(
        able,
        key=lambda s: (-len(_versions(s) - named), len(_versions(s) & named), s.id),
        default=None,
    )


def _added(store: Store, path: Path | None, name: str, decision: LongDecision, at: str) -> Scheme:
    """The decision's scheme, taken from the data dictionary beside the file; not put in force."""
    beside = labels_reader.read_dictionary(path) if path else None
    here = {
        (book.name, book.version): book
        for scheme in codebooks.schemes(store).values()
        for book in scheme.codebooks
    }
    told = [one for one in beside.together() if set(one) >= decision.versions] if beside else []
    chosen: list[Codebook] = []
    for version in min(told, key=len, default=tuple(sorted(decision.versions))):
        book = here.get(version) or (beside.codebook(version) if beside else None)
        if book is None:
            wanted = labels_reader.dictionary_path(path or Path(name)).name
            raise TableError(
                f"{name}: line {decision.line}: was coded with {' '.join(version)}, which is not "
                f"in this project; put {wanted}, which was exported with it, beside the file"
            )
        chosen.append(book)
    return codebooks.add_older_scheme(store, chosen, at)
