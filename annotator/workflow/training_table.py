"""What a model learns from: one row per coded unit, one column per code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from annotator.core.annotation import BULK, CHECK
from annotator.core.asking import asks
from annotator.core.codebook import Scheme
from annotator.core.records import Candidates, CodingRecord, UnitRecord
from annotator.learn.fitting import JUDGED
from annotator.learn.model import Column
from annotator.learn.training import enough
from annotator.store import Store, codebooks, reveals, spreading, tables

NO_PART = frozenset({spreading.ARM, BULK})
"""Arms of decisions that nothing is learned from, and no model judged by."""

LEAST_STORIES = 5
"""Stories that must be coded for whole stories to be held out; with fewer, articles are."""


def columns(scheme: Scheme) -> list[Column]:
    """Every question of the scheme that a model may answer with yes or no."""
    return [Column(*place) for place in scheme.columns()]


def training_table(store: Store) -> pd.DataFrame:
    """One row per unit that somebody coded, one column per code; NaN where it was not asked.

    ``unit_id, document_id, text, blind, draw``, then ``variable|target|code``: the share of the
    coders who were asked that gave the code. A code that was
    only marked as rejected, or that the codebook did not have yet, is NaN and plays no part.
    Decisions that were copied from another one are left out, and article cards: what is said of a
    whole article is no example of its sentences. ``document_id`` is the first document
    of the story: copies of it in another fold would be an answer known beforehand. It is the
    article's own where too few stories were coded to learn from one and test on another.

    Answers that were changed after a reveal or in a review of doubted labels are learned from,
    and judged by the last one that was made blind and before: it stands in a column of the code's
    key behind ``fitting.JUDGED``, which is there only where it differs. ``blind`` is about that.
    What was confirmed in a list of suggestions plays no part at all.
    """
    return table_of(store, codings(store)).drop(columns="seq")


def codings(store: Store) -> list[CodingRecord]:
    """The decisions that a model may learn from, read as they stand at one moment."""
    with tables.snapshot(store):
        return [
            coding
            for coding in tables.codings(store)
            if coding.status == "coded" and coding.arm not in NO_PART and not coding.unit.is_card
        ]


def table_of(store: Store, coded: Sequence[CodingRecord]) -> pd.DataFrame:
    """The table of these decisions, as ``training_table`` says, with the units' ``seq``."""
    known = codebooks.schemes(store)
    keys = [column.key for column in columns(codebooks.current_scheme(store))]
    rows: dict[str, dict[str, Any]] = {}
    votes: dict[str, list[dict[str, float]]] = {}
    unled: dict[str, list[dict[str, float]]] = {}
    led = False
    for coding in coded:
        unit, judged = coding.unit.unit_id, _as_judged(store, coding)
        row = rows.setdefault(unit, _about(coding.unit))
        row["blind"] &= judged.is_blind and judged.arm != CHECK
        vote = _vote(coding, known[coding.scheme])
        votes.setdefault(unit, []).append(vote)
        led = led or judged is not coding
        said = _vote(judged, known[judged.scheme]) if judged is not coding else vote
        unled.setdefault(unit, []).append(said)
    about = ["unit_id", "document_id", "story", "seq", "text", "blind", "draw"]
    told = [row | _shares(votes[unit], keys) for unit, row in rows.items()]
    table = pd.DataFrame(told, columns=[*about, *keys])
    stories = table.pop("story")
    if _can_be_held_out(stories, table, keys):
        table["document_id"] = stories
    return _judged_beside(table, unled, keys) if led else table


def _judged_beside(
    table: pd.DataFrame, unled: Mapping[str, Sequence[Mapping[str, float]]], keys: list[str]
) -> pd.DataFrame:
    """The table with a column more for each code whose answers are not those to judge it by."""
    judged = pd.DataFrame([_shares(unled[unit], keys) for unit in table["unit_id"]], columns=keys)
    other = [key for key in keys if not judged[key].equals(table[key])]
    return table.assign(**{JUDGED + key: judged[key] for key in other})


def _about(unit: UnitRecord) -> dict[str, Any]:
    return {
        "unit_id": unit.unit_id,
        "document_id": unit.document_id,
        "story": unit.cluster_id or unit.document_id,
        "seq": unit.seq,
        "text": unit.text,
        "blind": True,
        "draw": unit.draw,
    }


def _as_judged(store: Store, coding: CodingRecord) -> CodingRecord:
    """The coding with the answers that a model may be judged by: the last that nothing had led.

    It is the same where nothing led to it, and where the coder never answered without.
    """
    if not coding.first and coding.arm != CHECK:
        return coding
    before = reveals.last_blind(store, coding)
    if before is None:
        return coding
    return coding._replace(
        answers=before.answers,
        asked=before.asked,
        scheme=before.scheme,
        arm=before.arm,
        first="",
        candidates=Candidates(),
    )


def _shares(votes: Sequence[Mapping[str, float]], keys: Sequence[str]) -> dict[str, float]:
    return {key: _share([vote[key] for vote in votes if key in vote]) for key in keys}


def _can_be_held_out(stories: pd.Series, table: pd.DataFrame, keys: Sequence[str]) -> bool:
    """Whether stories can be the folds; where they cannot, articles are, so that a model is made.

    There must be enough stories, and at least half of the codes that are spread over
    articles must be spread over stories too. Where most are not, one story is nearly all that was
    coded. Where a few are not, they come from one story, and no copies go into several folds for
    their sake.
    """
    if stories.nunique() < LEAST_STORIES:
        return False
    learned = [table[key] for key in keys if enough(table[key].to_numpy())]
    by_article = [answers for answers in learned if _is_spread(answers, table["document_id"])]
    by_story = [answers for answers in by_article if _is_spread(answers, stories)]
    return 2 * len(by_story) >= len(by_article)


def _is_spread(answers: pd.Series, documents: pd.Series) -> bool:
    """Whether no document has more than half of the positives, or of the negatives."""
    given = answers.dropna() >= 0.5
    shares = (documents[given.index[given == side]].value_counts(normalize=True) for side in (0, 1))
    return all(share.iloc[0] <= 0.5 for share in shares)


def _vote(coding: CodingRecord, scheme: Scheme) -> dict[str, float]:
    """One coder's 1.0 or 0.0 for each code that was asked."""
    asked = {
        Column(*place).key: 0.0
        for place in scheme.columns()
        if asks(coding.asked, place[0], place[1])
    }
    for answer in coding.answers:
        key = Column(answer.variable, answer.target, answer.code).key
        if answer.use == "asserted":
            asked[key] = 1.0
        elif asked.get(key) != 1.0:
            asked[key] = float("nan")
    return asked


def _share(values: list[float]) -> float:
    given = [value for value in values if value == value]
    return sum(given) / len(given) if given else float("nan")
