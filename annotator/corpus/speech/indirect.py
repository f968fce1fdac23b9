"""Indirect speech: which reports tell what somebody said, and how much of the sentence it is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from annotator.corpus.layout import Span
from annotator.corpus.speech.report import ACCORDING, JOINTS, Report
from annotator.corpus.speech.subjects import is_known
from annotator.corpus.speech.tokens import Sentence, Token
from annotator.corpus.speech.words import Words

APOSTROPHE = re.compile("['’]")
BASE = frozenset({"base"})
VIEW = frozenset({"view"})
THAT_MAX = 12
"""Tokens between a verb and its "that": "said on Monday in a speech to parliament that"."""
NEAR = 4
"""Tokens between a verb and a few quoted words that are its object."""
BARE_MAX = 9
"""Tokens behind a report that is a sentence of its own: "No way!" Lind said on her way out."""
LONG_TERM = 16
"""Characters of a few quoted words that can end a reported clause: "the sea “drew back …"."""
COMPLEMENT = 25
"""Tokens of what is called something: "called the plans of the council “absurd”"."""
CLOSING = 10
"""Tokens behind a report that closes its sentence."""
SHORTEST = 3
"""Words of the shortest clause that somebody is reported with."""


def main(part: Sentence, told: Sequence[Report], words: Words) -> Report | None:
    """The report that makes a sentence indirect speech, None where there is none."""
    telling = [report for report in told if _tells(part, report, words)]
    closing = next(
        (r for r in reversed(telling) if trails(part, r) and (r.inverted or ends(part, r))), None
    )
    return closing or (telling[0] if telling else None)


def extent(part: Sentence, report: Report) -> Span:
    """Where reported words lie: in the sentence, without a quotation before the verb."""
    first = 0
    for at in range(min(report.first, len(part) - 1), -1, -1):
        if part[at].sort == "quote":
            first = min(at + 1, len(part) - 1)
            while first < report.at and part[first].sort == "mark":
                first += 1
            break
    return part[first].start, part[-1].end


def bare(part: Sentence, told: Sequence[Report], words: Words) -> Report | None:
    """The report that is a sentence of its own behind a quotation: "No way!" Smith said."""
    if not told or told[0].first or told[0].kinds is ACCORDING or told[0].inverted:
        return None
    report = told[0]
    rest = part[report.last + 1 :]
    if any(token.sort == "quote" for token in rest) or _tells(part, report, words):
        return None
    return report if len(rest) <= BARE_MAX and "say" in report.kinds else None


def is_own(part: Sentence, report: Report, at: int, words: Words) -> bool:
    """Whether a few quoted words behind a report are somebody's own: "called it “a farce”".

    A term is not: "the “humanitarian crisis”" is named, not said.
    """
    between = part[report.last + 1 : at]
    if not between:
        return True
    last = between[-1].low
    if (
        report.cue in words.naming
        and len(between) == 1
        and last in words.definite - words.pronouns.keys()
    ):
        return False  # dubbed the “crab king”
    if "label" in report.kinds and len(between) <= NEAR + 4:
        return True
    if report.cue in words.judging and _is_complement(part, at, between, words):
        return True
    if report.cue in words.bare and all(t.sort == "name" for t in between):
        return True
    if _is_reported(part, report, at, between, words):
        if _is_subject_told(part, report, at, between, words):
            return True
        return not names(part, at, words)
    if _describes(part, at, words):
        return False
    if report.kinds == VIEW and between[0].text == ",":
        return False  # was confident, after a string of “wins”
    if _is_intended(report, between, words):
        return not names(part, at, words) and not _has_noun_behind(part, at, words)
    if report.kinds is ACCORDING and last not in words.small and not names(part, at, words):
        return True
    if last in words.predicate:
        return report.kinds != BASE and not names(part, at, words)
    if (
        between[-1].sort == "word"
        and last not in words.small
        and part[at].end - part[at].start > LONG_TERM
    ):
        return has_that(between, words) or report.cue in words.bare
    return len(between) <= NEAR and between[-1].text in (":", ",")


def _is_intended(report: Report, between: Sequence[Token], words: Words) -> bool:
    """Whether words in marks are what somebody says is to be done: "vowed to fight “sloth”"."""
    if not {"say", "tell", "act"} & report.kinds or any(t.sort == "mark" for t in between):
        return False
    verb = between[:-1] if between[-1].low in words.articles else between
    return len(verb) > 1 and any(token.low in words.infinitive for token in verb[-3:-1])


def names(part: Sentence, at: int, words: Words) -> bool:
    """Whether the words before a quotation give it as a name: "known as “…”", "called the “…”"."""
    if not at or part[at - 1].low in words.naming:
        return bool(at)
    first = at - 1
    while first > 0 and (part[first].low in words.articles or part[first].low in words.naming_as):
        first -= 1
    return part[first].low in words.naming


def _is_reported(
    part: Sentence, report: Report, at: int, between: Sequence[Token], words: Words
) -> bool:
    """Whether words in marks stand in a clause that somebody is reported with."""
    if report.kinds is ACCORDING or not {"say", "tell", "participle"} & report.kinds:
        return False
    is_clause = any(token.low in words.finite for token in between) or _is_subject(between, words)
    if not is_clause and not _has_noun_behind(part, at, words):
        is_clause = has_that(between, words, least=0)
        is_clause = is_clause or _is_partly_quoted(part, report, between, words)
    return is_clause and _tells(part, report, words)


def _is_subject_told(
    part: Sentence, report: Report, at: int, between: Sequence[Token], words: Words
) -> bool:
    """Whether a told clause has words in marks for its subject: "said the “raid” had failed"."""
    if report.cue not in words.loose or len(between) != 1 or between[0].low not in words.articles:
        return False
    return any(token.low in words.finite for token in part[at + 1 : at + 1 + CLOSING])


def _is_complement(part: Sentence, at: int, between: Sequence[Token], words: Words) -> bool:
    """Whether words in marks are what a thing is called: "called the plans of Kern “absurd”"."""
    last = between[-1]
    if len(between) > COMPLEMENT or last.low in words.small or last.low in words.determiner:
        return False
    if any(token.sort == "mark" or token.low in words.finite for token in between):
        return False
    return last.sort in ("word", "name") and not _has_noun_behind(part, at, words)


def _describes(part: Sentence, at: int, words: Words) -> bool:
    """Whether a term says what kind of thing the noun behind it is: "a “sell” rating"."""
    return _has_noun_behind(part, at, words) and at > 0 and part[at - 1].low in words.articles


def _has_noun_behind(part: Sentence, at: int, words: Words) -> bool:
    behind = part[at + 1] if at + 1 < len(part) else None
    return behind is not None and behind.sort == "word" and behind.low not in words.small


def _tells(part: Sentence, report: Report, words: Words) -> bool:
    """Whether a report tells what somebody said, rather than that they did something."""
    if report.kinds is ACCORDING:
        return _tells_beside(part, report)
    if report.subject.form == "pronoun" and words.pronouns[report.subject.name] == "first":
        return False
    if words.verb_last:
        return _tells_before(part, report, words)
    if trails(part, report):
        return True
    rest = _before_quote(part[report.last + 1 :], words)
    return part[-1].text != "?" and _tells_behind(part, report, rest, words)


def _tells_beside(part: Sentence, report: Report) -> bool:
    """Whether there is more than a quotation beside "according to Lind"."""
    if any(token.sort == "quote" for token in part[max(0, report.first - 2) : report.first]):
        return False
    beside = (*part[: report.first], *part[report.last + 1 :])
    return _is_clause([token for token in beside if token.sort != "quote"], least=2)


def _tells_before(part: Sentence, report: Report, words: Words) -> bool:
    """Whether a clause stands before a verb that comes last, or one with "that" behind it."""
    if has_that(part[report.last + 1 :], words):
        return True
    said = part[report.subject.last + 1 : report.at]
    return all(token.sort != "quote" for token in said) and _is_clause(said)


def _tells_behind(part: Sentence, report: Report, rest: Sequence[Token], words: Words) -> bool:
    """Whether what stands behind a verb, up to a quotation, is what was said."""
    if not is_known(report.subject, words) and report.cue not in words.loose:
        return has_that(rest[:2], words, least=0)
    if "participle" in report.kinds and report.at and not _is_set_off(part, report, words):
        return has_that(rest[:2], words, least=0) or _has_verb(rest, words)
    if rest and rest[rest[0].text == "," and len(rest) > 1].low in words.conjunction:
        return False  # he stressed but did not explain
    is_cut = report.last + 1 + len(rest) < len(part)  # by a quotation that goes on the clause
    if has_that(rest, words, least=1 if is_cut else 2):
        return True
    if report.inverted or report.kinds == BASE or (rest and rest[0].low in words.selves):
        return False
    if "label" in report.kinds and len(rest) < len(part) - report.last - 1:
        return report.cue in words.judging
    if _is_partly_quoted(part, report, rest, words):
        return True
    return _is_clause(rest) and ("act" in report.kinds or _opens_clause(rest, report, words))


def _before_quote(rest: Sequence[Token], words: Words) -> Sequence[Token]:
    """What stands behind a verb, up to a quotation; nothing where only the way of saying does."""
    stop = next((n for n, token in enumerate(rest) if token.sort == "quote"), len(rest))
    if stop < len(rest) and stop and rest[stop - 1].text in (":", ","):
        is_clause = any(token.low in words.that for token in rest[:2])
        is_clause = is_clause or any(token.low in words.finite for token in rest[:stop])
        return rest[:stop] if is_clause else ()
    return rest[:stop]


def has_that(rest: Sequence[Token], words: Words, least: int = 2) -> bool:
    """Whether a clause with "that" follows, and not only "that" and a quotation."""
    for at, token in enumerate(rest[:THAT_MAX]):
        if token.low in words.relative and token.low not in words.that:
            return False
        if token.low in words.that:
            return at + 1 == len(rest) or _is_clause(rest[at + 1 :], least)
        if token.text in (";", ":"):
            return False
    return False


def _is_clause(rest: Sequence[Token], least: int = SHORTEST) -> bool:
    count = 0
    for token in rest:
        count += token.sort in ("name", "word")
        if count >= least:
            return True
    return False


def _opens_clause(rest: Sequence[Token], report: Report, words: Words) -> bool:
    """Whether what follows a verb is a clause without "that": "said the road was closed"."""
    at = 0
    while at < len(rest) and (rest[at].low in words.days or rest[at].low in words.between):
        at += 1
    if at == len(rest) or rest[at].sort == "mark":
        return False
    token = rest[at]
    if token.low in words.relative and "tell" in report.kinds:
        return False
    if report.cue in words.loose:
        return token.low not in words.preposition and token.low not in words.conjunction
    if report.cue in words.bare or "participle" in report.kinds:
        return token.low in words.clause or token.sort in ("name", "number")
    return (
        (at > 0 and token.low in words.clause)
        or _is_subject(rest[at:], words)
        or ("say" in report.kinds and token.low in words.determiner and _has_verb(rest[at:], words))
    )


def _is_subject(rest: Sequence[Token], words: Words) -> bool:
    """Whether a pronoun opens a clause, and is no owner's and no object: "said it would"."""
    first = APOSTROPHE.split(rest[0].low)[0]  # he’d
    return (
        first in words.pronouns
        and rest[0].low not in words.determiner
        and len(rest) > 1
        and rest[1].sort != "mark"
        and rest[1].low not in words.preposition
    )


def _is_set_off(part: Sentence, report: Report, words: Words) -> bool:
    """Whether "saying" stands behind a comma, or has somebody of its own: "with one saying"."""
    return part[report.at - 1].text == "," or report.first < report.at


def _is_partly_quoted(part: Sentence, report: Report, rest: Sequence[Token], words: Words) -> bool:
    """Whether a clause begins without marks and goes on in them: "said Lind “had gone too far”"."""
    if not rest or report.last + 1 + len(rest) >= len(part) or rest[-1].sort == "mark":
        return False
    return report.cue in words.bare and (
        rest[0].sort == "name"
        or _is_subject((*rest, rest[-1]), words)
        or rest[0].low in words.clause
    )


def _has_verb(rest: Sequence[Token], words: Words) -> bool:
    """Whether a clause follows rather than an object: something in it is, has or will."""
    return any(token.low in words.finite for token in rest[1:10])


def ends(part: Sentence, report: Report) -> bool:
    """Whether a sentence ends with a report, or little behind it."""
    return report.last >= len(part) - CLOSING


def trails(part: Sentence, report: Report) -> bool:
    """Whether the clause stands before: "The road is closed, the mayor said on Monday."."""
    if not ({"say", "tell", "view", "base"} & report.kinds) or report.first < 2:
        return False
    first = report.first
    if part[first - 1].text not in JOINTS or part[0].sort == "quote":
        return False
    if any(token.sort == "quote" for token in part[max(0, first - 3) : first]):
        return False
    behind = part[report.last + 1 : report.last + 3]
    if any(token.sort == "quote" for token in behind):
        return False
    rest = part[report.last + 1 : report.last + 6]
    ends = not rest or any(token.sort == "mark" for token in rest)
    return ends and _is_clause(part[:first], least=2)
