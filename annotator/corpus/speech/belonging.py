"""Which report of its sentence a quotation belongs to, and which is only a name in marks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from annotator.corpus.speech import indirect, phrases
from annotator.corpus.speech.marks import MARKS, Quoted, is_term
from annotator.corpus.speech.mention import Mention, bare, is_possessive
from annotator.corpus.speech.report import ACCORDING, JOINTS, SAY, STRAY, Report
from annotator.corpus.speech.reports import match
from annotator.corpus.speech.subjects import is_known
from annotator.corpus.speech.tokens import Sentence
from annotator.corpus.speech.words import Words, is_plural

WORD = re.compile(r"\w+")
CLAUSE = 4
"""Words in marks among which a verb makes them a clause: "the “ball is in their court”"."""
LABEL_MAX = 2
"""Words between a verb that names a thing and its name: "called it", "described it as"."""
BREAK = re.compile(r"[.!?;…]\s")
DONE = frozenset({"act", "label"})
"""Verbs of what somebody does by speaking, which say no words."""
TITLE_MAX = 100
UNSAID_LOOK = 6
"""Tokens before a quotation among which nobody is found to say it."""
ENDING = ",.!?… "


def report_for(
    part: Sentence, at: int, told: Sequence[Report], term: bool, words: Words, title: bool = False
) -> Report | None:
    """The report that a quotation belongs to: right behind it, before it, or later on.

    ``term`` and ``title`` tell whether its words are few, or all with capitals.
    """
    owned = _owned(part, at, words)
    if owned is not None:
        return owned
    behind = next((report for report in told if _follows(part, at, report, term, words)), None)
    behind = behind or _signed(part, at, words)
    before = _without_told([report for report in told if report.last < at], part, at, words)
    if behind is not None and before and _tells_on(part, at, before[-1], behind, term, words):
        return before[-1]
    if behind is not None and term and behind.cue in words.relays and not before:
        return None  # jailed for “treason”, the agency reported
    if behind is not None:
        return _relayed(behind, before, words)
    closing = _closing(part, at, told, before, words)
    if closing is not None:
        return closing
    if title:
        return before[-1] if before and _names_at_once(part, at, before[-1]) else None
    if before and (not term or indirect.is_own(part, before[-1], at, words)):
        return before[-1]
    if term:
        return next((r for r in told if r.first > at and indirect.trails(part, r)), None)
    goes_on = part[at].text[-2:-1] == ","
    later = (r for r in told if r.first > at and (goes_on or _reaches_back(part, r)))
    return next(later, None)


def _without_told(before: list[Report], part: Sentence, at: int, words: Words) -> list[Report]:
    """The reports before a quotation, without one in a clause that is told and has ended.

    "Lind said that Kern had explained the plan, and the costs were “a joke”" is all Lind's.
    """
    if len(before) < 2:
        return before
    outer, inner = before[-2:]
    if _is_told_view(part, outer, inner, words):
        return before[:-1]
    if inner.inverted or "participle" in inner.kinds or outer.last >= inner.first:
        return before
    told = part[inner.first - 1 : inner.first + 1]
    if "say" not in outer.kinds or all(token.low not in words.that for token in told):
        return before
    between = part[inner.last + 1 : at]
    ends = (
        n
        for n in range(len(between) - 2)
        if between[n].text == "," and between[n + 1].low in words.conjunction
    )
    ended = next(ends, None)
    if ended is None or any(token.low in words.that for token in between[ended + 1 :]):
        return before
    is_clause = any(token.low in words.finite for token in between[ended + 3 :])
    return before[:-1] if is_clause else before


def _is_told_view(part: Sentence, outer: Report, inner: Report, words: Words) -> bool:
    """Whether a view is only told of somebody: "Lind said the mayor wants a dam since it “…”"."""
    if "say" not in outer.kinds or inner.kinds != indirect.VIEW or inner.subject.form == "pronoun":
        return False
    between = part[outer.last + 1 : inner.first]
    return (
        not outer.inverted
        and outer.last < inner.first
        and all(token.low in words.that for token in between)
    )


def _closing(
    part: Sentence, at: int, told: Sequence[Report], before: Sequence[Report], words: Words
) -> Report | None:
    """The report that closes a sentence, where the one before a quotation is nobody's.

    "That it is low suggests “the market is lousy” nearly everywhere, Lind said."
    """
    if not before or before[-1].inverted or is_known(before[-1].subject, words):
        return None
    behind = [
        report
        for report in told
        if report.first > at and part[report.first - 1].low not in words.subordinate
    ]
    inverted = next((report for report in behind if report.inverted), None)
    return inverted or next((r for r in behind if indirect.ends(part, r)), None)


def _relayed(behind: Report, before: Sequence[Report], words: Words) -> Report:
    """Whose words they are where somebody relays them: "Lind said …, the agency reported"."""
    if not before:
        return behind
    is_relay = behind.cue in words.relays and "say" in before[-1].kinds
    is_relay = is_relay or (_is_outlets(behind, words) and before[-1].kinds != indirect.BASE)
    if is_relay and is_known(before[-1].subject, words):
        return before[-1]._replace(source=before[-1].source or behind.subject.name)
    return behind


def _is_outlets(report: Report, words: Words) -> bool:
    """Whether a report is one that an outlet gives: "according to the Norrel News Agency"."""
    if report.kinds is not ACCORDING or report.subject.form == "pronoun":
        return False
    subject = report.subject
    last = subject.title[-1] if subject.form == "role" else subject.name.split()[-1].lower()
    return last in words.outlets or (subject.form == "role" and last in words.papers)


def _names_at_once(part: Sentence, at: int, report: Report) -> bool:
    """Whether a report stands right before words with capitals: "he called it “Nonsense.”"."""
    between = part[report.last + 1 : at]
    return all(token.text in ":," for token in between) or (
        "label" in report.kinds and len(between) <= LABEL_MAX
    )


def _tells_on(
    part: Sentence, at: int, before: Report, behind: Report, term: bool, words: Words
) -> bool:
    """Whether the report behind a quotation has a clause of its own, and the one before has it.

    "While Lind said the plan was “sound”, Kern said that it would fail."
    """
    if behind.inverted or not indirect.has_that(part[behind.last + 1 :], words, 0):
        return False
    return not term or indirect.is_own(part, before, at, words)


def _follows(part: Sentence, at: int, report: Report, term: bool, words: Words) -> bool:
    """Whether a report stands right behind a quotation: "…,” he said."""
    first = report.at if words.verb_last else report.first
    if not at < first <= at + 3:
        return False
    if report.kinds == indirect.BASE and part[at].text[-2:-1] not in ENDING and first == at + 1:
        return False  # “first” the use of it, they show
    if report.kinds <= DONE and not report.inverted and _has_object(part, report, words):
        return False  # ‘Read this’ The mayor blasted the press
    return all(
        token.text in JOINTS or token.text in STRAY or (token.low in words.conjunction and not term)
        for token in part[at + 1 : first]
    )


def _has_object(part: Sentence, report: Report, words: Words) -> bool:
    """Whether a verb has an object of its own behind it, so that a quotation is none."""
    at = report.last + 1
    return at < len(part) and (part[at].sort == "name" or part[at].low in words.determiner)


def _reaches_back(part: Sentence, report: Report) -> bool:
    return report.inverted or report.kinds is ACCORDING or report.last >= len(part) - 3


def _owned(part: Sentence, at: int, words: Words) -> Report | None:
    """Whose words are named by a noun: "Lind's “sink or swim” threat", "her “mud” speech"."""
    if at + 1 >= len(part) or part[at + 1].low not in words.remarks or not at:
        return None
    owner = part[at - 1]
    if is_possessive(owner, words):
        subject = phrases.before(part, max(0, at - phrases.LONGEST), at, words)
        if subject is None:
            return None
        subject = subject._replace(name=bare(subject.name, words))
    elif owner.low in words.pronouns and owner.low in words.determiner:
        subject = Mention("pronoun", owner.low, at - 1, at - 1)
    else:
        return None
    return Report(subject, part[at + 1].low, at + 1, subject.first, at + 1, SAY)


def _signed(part: Sentence, at: int, words: Words) -> Report | None:
    """ "— Name" behind a quotation, and in a headline ": minister"."""
    if at + 2 >= len(part) or part[at + 1].text not in (JOINTS | {":"}) - {","}:
        return None
    mention = phrases.after(part, at + 2, words)
    if mention is None or mention.form == "pronoun" or mention.last < len(part) - 2:
        return None
    if mention.form != "name" and (part[at + 1].text != ":" or not _signs(mention, words)):
        return None
    return Report(mention, "—", at + 1, at + 1, mention.last, frozenset({"say"}))


def _signs(mention: Mention, words: Words) -> bool:
    """Whether a role behind a colon is somebody's: no "report", and not all "protesters"."""
    if mention.form != "role":
        return True
    head = mention.title[-1]
    if head not in words.people and head not in words.bodies:
        return False
    return " " in mention.name or not is_plural(head, words)


def is_few(
    text: str, quoted: Quoted, part: Sentence, at: int, told: Sequence[Report], words: Words
) -> bool:
    """Whether marks hold a few words, which in a report are no predicate: “is watching”."""
    if not told or not is_term(text, quoted.start, quoted.end):
        return is_term(text, quoted.start, quoted.end)
    inner = WORD.findall(text[quoted.start : quoted.end].lower())
    if not inner:
        return True
    if at == 0 and inner[0] in words.pronouns and len(inner) > CLAUSE:
        return inner[0] in words.determiner  # “We had no wish to go” to sea, Lind said
    before = part[at - 1] if at else part[at]
    is_adverb = inner[-1].endswith(words.adverb_endings or ("\0",))
    if is_adverb and before.sort == "word" and before.low not in words.small:
        return False  # the boats “quite likely” sank
    is_clause = any(
        word in words.finite and owner not in words.articles  # against our will
        for owner, word in pairwise(inner[:CLAUSE])
    )
    return not (inner[0] in words.finite or is_clause)


def is_named(part: Sentence, at: int, quoted: str, title: bool, words: Words) -> bool:
    """Whether a quotation is the name of a thing: "the film “The Long Way Home”"."""
    before = part[at - 1].low if at else ""
    if is_unsaid(part, at, words):
        return True
    if before in words.named or (title and indirect.names(part, at, words)):
        return True
    inner = quoted.strip(MARKS)
    is_name = title or (inner[:1].isupper() and inner[-1:] not in ".,!?…")
    return before in words.works and is_name


def is_borne(part: Sentence, at: int, words: Words) -> bool:
    """Whether a quotation stands on a thing: "they held signs that read “Out” and “Go”"."""
    while at > 1 and part[at - 2].sort == "quote" and part[at - 1].low in words.conjunction:
        at -= 2
    verb = at - 1 - (at > 1 and part[at - 1].text in (":", ","))
    if verb < 1 or not (part[verb].low in words.carry or part[verb].low in words.loose):
        return False
    bearer = verb - 1
    while bearer > 0 and (
        part[bearer].low in words.that
        or part[bearer].low in words.relative
        or part[bearer].low in words.between
        or part[bearer].low.endswith(words.adverb_endings or ("\0",))
    ):
        bearer -= 1
    return part[bearer].low in words.signs


def is_unsaid(part: Sentence, at: int, words: Words) -> bool:
    """Whether nobody says what stands in marks: "a glance as if to say “Who are you?”"."""
    for n in range(max(0, at - UNSAID_LOOK), at):
        found = match(part, n, words.unsaid.get(part[n].low, ()))
        if found is not None:
            return all(token.text in ":," for token in part[found[1] + 1 : at])
    return False


def is_weak(report: Report, words: Words) -> bool:
    """Whether the subject of a report may be nobody: a word that is not known for one who speaks.

    It counts as one behind its verb, and with the ending of a role or of several.
    """
    if is_known(report.subject, words) or report.inverted or report.kinds is ACCORDING:
        return False
    head = report.subject.title[-1]
    if head in words.quantities or not words.role_endings:
        return False
    ages = (*words.ages, *words.demonyms)
    return not head.endswith((*words.role_endings, *words.plural_endings, *ages))


def is_bracketed(text: str, part: Sentence, quoted: Quoted) -> bool:
    """Whether a quotation stands in brackets inside a sentence: "(see “The Long Way Home”)"."""
    start = part[0].start
    return text.rfind("(", start, quoted.start) > text.rfind(")", start, quoted.start)


def is_title(text: str, quoted: Quoted, words: Words) -> bool:
    """Whether all the words in marks have capitals but for small ones: "“A Day in the Sun,”"."""
    inner = text[quoted.start : quoted.end].strip(MARKS).rstrip(ENDING)
    if not inner or inner[0].islower() or BREAK.search(inner):
        return False
    found = inner.split()
    capitals = sum(not word[0].islower() for word in found)
    small = (word for word in found if word[0].islower())
    return (
        (capitals > 1 or (len(found) == 1 and text[quoted.end - 2] in ",."))
        and all(
            word in words.preposition
            or word in words.conjunction
            or word in words.articles
            or word in words.particles
            for word in small
        )
        and not inner.isupper()
    )


def without_titles(text: str, quoted: Iterable[Sequence[Quoted]], words: Words) -> str:
    """The text with titles in marks blanked: nobody is named “Lind Go Home”."""
    pieces, at = [], 0
    for q in (q for here in quoted for q in here):
        if q.end - q.start < TITLE_MAX and is_title(text, q, words):
            pieces += [text[at : q.start], "\n" * (q.end - q.start)]
            at = q.end
    return "".join((*pieces, text[at:])) if pieces else text


def stands_alone(part: Sentence, quoted: Quoted) -> bool:
    """Whether a few quoted words are a sentence of their own, or the end of a longer quotation."""
    return quoted.flag != "" or all(token.sort in ("quote", "mark") for token in part)
