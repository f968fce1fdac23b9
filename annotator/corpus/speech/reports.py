"""Reports: who says, and with what word, in the author's sentences."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.corpus.layout import Span
from annotator.corpus.speech import phrases
from annotator.corpus.speech.apposition import clause_start, with_apposition
from annotator.corpus.speech.clauses import over_quotation, subject_before
from annotator.corpus.speech.indirect import BASE
from annotator.corpus.speech.issuer import issuer
from annotator.corpus.speech.mention import Mention, bare, is_possessive, speaks, text_of
from annotator.corpus.speech.placed import told_by_place
from annotator.corpus.speech.report import ACCORDING, JOINTS, SAY, STRAY, Report
from annotator.corpus.speech.subjects import is_known
from annotator.corpus.speech.tokens import Sentence
from annotator.corpus.speech.words import Phrase, Words

AGENT_LOOK = 9
"""Tokens behind a passive verb among which its agent is."""
JUDGES = frozenset({"label", "act"})
NOUN_LOOK = 5
"""Tokens before what looks like a verb, among which its determiner is."""
INVERTS = frozenset({"say", "carry"})


def reports(sentence: Sentence, words: Words) -> list[Report]:
    """Every report in a sentence, in the order of its verbs."""
    found: list[Report] = []
    reached = -1
    starters = words.starters
    for at, token in enumerate(sentence):
        if at > reached and token.low in starters:
            report = _report(sentence, at, words, found)
            if report is not None:
                found.append(report)
                reached = max(at, report.last)
    for at, token in enumerate(sentence):
        if token.sort == "quote":
            unknown = told_by_place(sentence, at, words, found)
            if unknown is not None:
                found.append(unknown)
    return found


def match(sentence: Sentence, at: int, those: tuple[Phrase, ...]) -> Span | None:
    """The tokens of the first phrase that the sentence has around its anchor at ``at``."""
    for phrase in those:
        first = at - phrase.anchor
        last = first + len(phrase.words) - 1
        if (
            first >= 0
            and last < len(sentence)
            and all(sentence[first + n].low == word for n, word in enumerate(phrase.words))
        ):
            return first, last
    return None


def carrier(sentence: Sentence, words: Words) -> str:
    """Who carries the words of a sentence: "in an interview with the Gazette"."""
    for at, token in enumerate(sentence):
        those = words.carriers.get(token.low)
        phrase = match(sentence, at, those) if those else None
        if phrase:
            named = _named(sentence, phrase[1] + 1, words)
            if named:
                return named
    return ""


def _report(sentence: Sentence, at: int, words: Words, found: Sequence[Report]) -> Report | None:
    low = sentence[at].low
    according = match(sentence, at, words.according.get(low, ()))
    if according:
        return _according(sentence, *according, words)
    if low in words.own:
        return _own_view(sentence, at, words)
    if low in words.postposed:
        return _postposed(sentence, at, words)
    phrase = match(sentence, at, words.phrases.get(low, ()))
    kinds = SAY if phrase else words.cues.get(low)
    at, last = phrase or (at, at)
    if kinds is None or _is_noun(sentence, at, words) or _is_in_name(sentence, at, words):
        return None
    cue = " ".join(token.low for token in sentence[at : last + 1])
    if cue in words.quotes:
        quoted = _quoted_as_saying(sentence, at, words)
        if quoted is not None:
            return quoted
    inverted = _inverted(sentence, at, last, kinds, words)
    subject = None
    if inverted is None or inverted.form == "role":
        subject = subject_before(sentence, at, kinds, words, found)
        subject = subject or over_quotation(sentence, at, inverted, words)
    if subject is not None:
        subject = issuer(sentence, subject, words)
    if inverted is not None and (subject is None or subject.form != "name"):
        return Report(inverted, cue, at, at, inverted.last, kinds, True)
    if subject is None and not kinds.isdisjoint(JUDGES):
        subject = _agent(sentence, at, words)
    if subject is None:
        return None
    source = ""
    if "tell" in kinds:
        source = _named(sentence, last + 1, words)
        last = _object_end(sentence, last + 1, words)
    return Report(subject, cue, at, min(subject.first, at), last, kinds, source=source)


def _quoted_as_saying(sentence: Sentence, at: int, words: Words) -> Report | None:
    """ "State radio quoted the general as saying": the general says it, the radio carries it."""
    of = phrases.after(sentence, at + 1, words)
    if of is None or of.last + 1 >= len(sentence):
        return None
    if sentence[of.last + 1].low not in words.quoted_as:
        return None
    source = phrases.before(sentence, clause_start(sentence, at), at, words)
    carried = text_of(sentence, source.first, source.last) if source else ""
    last = of.last + 1
    if last + 1 < len(sentence) and "participle" in words.cues.get(sentence[last + 1].low, ()):
        last += 1
    first = source.first if source else of.first
    return Report(of, sentence[at].low, at, first, last, SAY, source=carried)


def _according(sentence: Sentence, first: int, last: int, words: Words) -> Report | None:
    subject = phrases.after(sentence, last + 1, words)
    if subject is None:
        return None
    named = with_apposition(sentence, subject, words)
    if first or named.name == subject.name or _is_closed(sentence, named):
        subject = named
    cue = " ".join(token.low for token in sentence[first : last + 1])
    return Report(subject, cue, first, first, subject.last, ACCORDING)


def _is_closed(sentence: Sentence, named: Mention) -> bool:
    """Whether an apposition ends before the clause: else its name is what the clause is about.

    "According to officials, the Harbour Ministry “has failed”"
    """
    return named.last + 1 >= len(sentence) or sentence[named.last + 1].text in (",", ".")


def _postposed(sentence: Sentence, at: int, words: Words) -> Report | None:
    """The word behind whose words are told: "Lind zufolge"."""
    subject = phrases.before(sentence, clause_start(sentence, at), at, words)
    if subject is None:
        return None
    name = bare(subject.name, words)
    return Report(subject._replace(name=name), sentence[at].low, at, subject.first, at, ACCORDING)


def _own_view(sentence: Sentence, at: int, words: Words) -> Report | None:
    """ "In her view", "in Karim's words"."""
    owner = sentence[at - 1] if at > 1 else None
    if owner is None:
        return None
    subject: Mention | None = None
    if owner.low in words.pronouns:
        subject = Mention("pronoun", owner.low, at - 1, at - 1)
    elif is_possessive(owner, words):
        subject = phrases.before(sentence, max(0, at - phrases.LONGEST), at, words)
    if subject is None or not subject.first or sentence[subject.first - 1].low not in words.within:
        return None
    name = bare(subject.name, words)
    cue = f"{sentence[subject.first - 1].low} … {sentence[at].low}"
    return Report(subject._replace(name=name), cue, at, subject.first - 1, at, ACCORDING)


def _is_noun(sentence: Sentence, at: int, words: Words) -> bool:
    """Whether what looks like a verb is a noun: "the reports", "his claims", "in reply"."""
    if not at:
        return False
    low = sentence[at - 1].low
    if sentence[at].low in words.remarks and sentence[at - 1].sort == "quote":
        return True  # his “fire and flood” warning
    if at + 1 < len(sentence) and sentence[at].low.endswith(words.plural_endings):
        following = sentence[at + 1].low  # recent reports have shown
        if following in words.finite or following in words.passive:
            return True
        if _is_of_several(sentence, at, words):
            return True
    if words.cues.get(sentence[at].low) == BASE and _is_counted(sentence, at, words):
        return True
    if is_possessive(sentence[at - 1], words) and sentence[at - 1].sort != "mark":
        return True  # the committee's report
    return low in words.articles or (
        low in words.preposition and "participle" not in words.cues.get(sentence[at].low, ())
    )


def _is_in_name(sentence: Sentence, at: int, words: Words) -> bool:
    """Whether what looks like a verb is part of a name: "the Reed States", "Edward Said".

    In a headline verbs have capitals too.
    """
    if not at or sentence[at].sort != "name" or sentence[at - 1].sort != "name":
        return False
    if sentence[at].low in words.organisations:
        return True
    return any(
        token.sort == "word"
        and not (token.low in words.preposition or token.low in words.conjunction)
        and not (token.low in words.articles or token.low in words.particles)
        for token in sentence
    )


def _agent(sentence: Sentence, at: int, words: Words) -> Mention | None:
    """Who puts words on a thing in "was called “a farce” by Lind", "was seen by Lind as “…”"."""
    is_bare = at + 1 < len(sentence) and sentence[at + 1].low in words.agents  # welcomed by Lind
    if not at or not (is_bare or sentence[at - 1].low in words.passive):
        return None
    for n in range(at + 1, min(len(sentence) - 1, at + AGENT_LOOK)):
        if sentence[n].text == ",":
            return None
        if sentence[n].low in words.agents and (n == at + 1 or sentence[n - 1].sort == "quote"):
            agent = phrases.after(sentence, n + 1, words)
            if agent is None or not is_known(agent, words):
                return None
            behind = sentence[agent.last + 1 : agent.last + 3]  # as “…”
            if n == at + 1 and all(token.sort != "quote" for token in behind):
                return None
            return agent._replace(first=at, last=at)
    return None


def _is_of_several(sentence: Sentence, at: int, words: Words) -> bool:
    """Whether a determiner of several has a noun behind it: "some more specific claims"."""
    for n in range(at - 1, max(-1, at - NOUN_LOOK), -1):
        low = sentence[n].low
        if sentence[n].sort != "word" or low in words.people or low in words.cues:
            return False
        if low in words.several:
            return True
    return False


def _is_counted(sentence: Sentence, at: int, words: Words) -> bool:
    """Whether an article and an adjective stand before a noun: "the neighbouring state"."""
    before = sentence[at - 1]
    if before.sort != "word" or before.low.endswith(words.plural_endings or ("\0",)) or at < 2:
        return False
    is_plural = before.low in words.plurals or speaks(before, words) or before.low in words.small
    return not is_plural and sentence[at - 2].low in words.articles


def _inverted(
    sentence: Sentence, at: int, last: int, kinds: frozenset[str], words: Words
) -> Mention | None:
    """The subject behind its verb: right after a quotation or a comma, "…, said the minister"."""
    if INVERTS.isdisjoint(kinds) or words.verb_last or last + 1 >= len(sentence):
        return None
    previous, joint = at - 1, False
    while previous >= 0 and (
        sentence[previous].low in words.between or sentence[previous].text in JOINTS | STRAY
    ):
        joint = joint or sentence[previous].text in JOINTS
        previous -= 1
    if previous < 0:
        return _said_by(sentence, at, last, words)
    behind_quote = sentence[previous].sort == "quote"
    if not behind_quote and not joint:
        return None
    following = sentence[last + 1]
    if following.low in words.preposition or following.low in words.that:
        return None
    opens = sentence[0].sort == "quote"  # “We left” the port, recalled Lind.
    if not behind_quote and not opens and sentence[at].low not in words.bare:
        return None
    subject = phrases.after(sentence, last + 1, words)
    if subject is None or (subject.form == "pronoun" and not behind_quote):
        return None
    if subject.form == "pronoun" and _goes_on(sentence, subject.last + 1, words):
        return None
    if not behind_quote and not _ends_clause(sentence, subject.last + 1, words):
        return None
    return with_apposition(sentence, subject, words)


def _said_by(sentence: Sentence, at: int, last: int, words: Words) -> Mention | None:
    """The subject of a verb that opens its sentence: "Said Ada Lind, the mayor:"."""
    if at or sentence[at].low not in words.bare:
        return None
    subject = phrases.after(sentence, last + 1, words)
    if subject is None or subject.form == "pronoun":
        return None
    return with_apposition(sentence, subject, words)


def _goes_on(sentence: Sentence, at: int, words: Words) -> bool:
    """Whether a pronoun has a verb of its own behind it: "said it was late"."""
    return at < len(sentence) and sentence[at].low in words.finite


def _ends_clause(sentence: Sentence, at: int, words: Words) -> bool:
    """Whether a clause ends here, so that the phrase before is no object."""
    if at >= len(sentence):
        return True
    token = sentence[at]
    return (
        token.sort == "mark"
        or token.low in words.preposition
        or token.low in words.relative
        or token.low in words.opening
        or token.low in words.days
    )


def _named(sentence: Sentence, at: int, words: Words) -> str:
    """The phrase at a token, with its article, where it is a name: "the Gazette"."""
    told = phrases.after(sentence, at, words)
    if told is None or told.form not in ("name", "organisation"):
        return ""
    return text_of(sentence, told.first, told.last)


def _object_end(sentence: Sentence, at: int, words: Words) -> int:
    """Where the phrase ends that begins at a token: of the one who was told."""
    if at < len(sentence) and sentence[at].low in words.pronouns:
        return at
    told = phrases.after(sentence, at, words)
    if told is not None:
        return told.last
    end = at
    while end < len(sentence) and (
        sentence[end].low in words.determiner
        or (sentence[end].sort in ("name", "word") and sentence[end].low not in words.small)
    ):
        end += 1
        if end - at > 3:
            break
    return end - 1
