"""Phrases for somebody: where they begin and end in a sentence."""

from __future__ import annotations

from annotator.corpus.speech.mention import (
    Mention,
    bare,
    is_inside_name,
    is_name,
    is_possessive,
    speaks,
)
from annotator.corpus.speech.reading import read
from annotator.corpus.speech.tokens import Sentence, Token
from annotator.corpus.speech.words import Words

LONGEST = 9
"""Words of the longest phrase that is read as one; titles can be long."""
DEEPEST = 4
"""Phrases within phrases: a spokesman for the ministry of the province of …"""


def is_owner(sentence: Sentence, at: int, words: Words) -> bool:
    """Whether a pronoun is that of an owner and opens a phrase: "his brother", "her only son"."""
    if sentence[at].low not in words.determiner or at + 1 >= len(sentence):
        return False
    if _qualifies(sentence, at + 1, words):
        return at + 2 < len(sentence) and not _parts(sentence[at + 2], words)
    return not _parts(sentence[at + 1], words) and sentence[at + 1].low not in words.days


def _qualifies(sentence: Sentence, at: int, words: Words) -> bool:
    """Whether a small word stands between an article and its noun: "his only pupil"."""
    return (
        at > 0
        and sentence[at - 1].low in words.determiner
        and sentence[at].low in words.between
        and sentence[at].low not in words.finite
    )


def owner(sentence: Sentence, mention: Mention, words: Words) -> Mention | None:
    """Whose a role or an organisation is: "Lind's club"; None where nobody is named."""
    if mention.form not in ("role", "organisation"):
        return None
    for at in range(mention.first, min(mention.last, len(sentence) - 1) + 1):
        if is_possessive(sentence[at], words):
            found = before(sentence, mention.first, at + 1, words)
            if found is not None and found.form == "name":
                return found._replace(name=bare(found.name, words))
    return None


def before(sentence: Sentence, low: int, at: int, words: Words) -> Mention | None:
    """The phrase that ends with the token before ``at``, not reaching back beyond ``low``."""
    last = at - 1
    if last > low and sentence[last].text == "." and sentence[last - 1].low in words.suffixes:
        last -= 1  # Boris Lind Jr.
    if last < low:
        return None
    token = sentence[last]
    if token.low in words.pronouns:
        return Mention("pronoun", token.low, last, last)
    if token.sort not in ("name", "word"):
        return None
    first, head = _start(sentence, low, last, words), last
    if last - first > 1 and _is_behind_office(sentence, low, first, words):
        return read(sentence, last - 1, last, last, words)
    first, head = _with_field(sentence, low, first, head, words)
    for _ in range(DEEPEST):
        outer = first - 2
        if outer - 1 >= low and _is_tied(sentence, outer, words):
            outer -= 1
        elif outer < low or not _joins(sentence, outer, head, words):
            break
        first, head = _start(sentence, low, outer, words), outer
    return read(sentence, first, head, last, words)


def after(sentence: Sentence, at: int, words: Words) -> Mention | None:
    """The phrase that begins with the token at ``at``."""
    if at >= len(sentence):
        return None
    if sentence[at].low in words.pronouns and not is_owner(sentence, at, words):
        return Mention("pronoun", sentence[at].low, at, at)
    last = head = _end(sentence, at, words)
    if head < at:
        return None
    for _ in range(DEEPEST):
        if last + 2 >= len(sentence) or sentence[last + 1].low not in words.role_preposition:
            break
        further = _end(sentence, last + 2, words)
        if further < last + 2 or not _joins(sentence, last, further, words):
            break
        last = further
    return read(sentence, at, head, last, words)


def full_name(sentence: Sentence, words: Words) -> Mention | None:
    """The first name of a person in a sentence that has more than one part."""
    for at in range(len(sentence) - 1):
        if is_name(sentence[at], words) and is_name(sentence[at + 1], words):
            mention = after(sentence, at, words)
            if mention is not None and mention.form == "name" and " " in mention.name:
                return mention
    return None


def _is_behind_office(sentence: Sentence, low: int, first: int, words: Words) -> bool:
    """Whether the first of some capitals end an office: "Minister for Trade and Public Works"."""
    at = first - 1
    if at < low + 3 or sentence[at].low not in words.conjunction:
        return False
    while at > low and (is_name(sentence[at], words) or sentence[at].low in words.conjunction):
        if sentence[at].low in words.roles:
            return False
        at -= 1
    return sentence[at].low in words.role_preposition and sentence[at - 1].low in words.people


def _with_field(
    sentence: Sentence, low: int, first: int, head: int, words: Words
) -> tuple[int, int]:
    """A phrase that is the end of what a body is for: "Ministry of Health and Social Welfare"."""
    at = first - 1
    if at < low + 3 or sentence[at].low not in words.conjunction or sentence[first].sort != "name":
        return first, head
    while at > low and (is_name(sentence[at], words) or sentence[at].low in words.conjunction):
        at -= 1
    body = sentence[at - 1]
    if at == first - 1 or at <= low or sentence[at].low not in words.role_preposition:
        return first, head
    if not is_name(body, words) or body.low not in words.organisations:
        return first, head
    return _start(sentence, low, at - 1, words), at - 1


def _is_tied(sentence: Sentence, at: int, words: Words) -> bool:
    """Whether a word ties what follows to the role before it: "a source close to the army"."""
    tie, head = sentence[at].low, sentence[at - 1]
    is_done = head.low in words.papers and tie.endswith(words.participle_endings)  # signed by
    return (is_done or (tie in words.attached and head.low in words.people)) and sentence[
        at + 1
    ].low in words.role_preposition


def _joins(sentence: Sentence, outer: int, inner: int, words: Words) -> bool:
    """Whether "for the army" belongs to the role before it, which ends with ``outer``.

    ``inner`` is where the phrase behind the preposition ends.
    """
    preposition = sentence[outer + 1].low
    token = sentence[outer]
    if _parts(token, words):
        return False
    if preposition not in words.role_preposition or token.sort not in ("name", "word"):
        return False
    if sentence[inner].low in words.days or token.low in words.no_heads:
        return False
    if token.low in words.determiner:  # one of the residents
        return preposition in words.partitive
    beside = sentence[outer - 1].low if outer else ""
    is_governed = beside in words.small and beside not in words.determiner
    if token.sort == "word" and is_governed and not speaks(token, words):
        return False  # to meet with Lind
    if preposition in words.partitive:
        return token.sort == "word" or is_name(token, words)
    return speaks(token, words) or (token.sort == "name" and is_name(sentence[inner], words))


def _parts(token: Token, words: Words) -> bool:
    """Whether a word parts phrases: no phrase goes beyond it."""
    return token.sort not in ("name", "word") or (
        token.low in words.small
        and token.low not in words.determiner
        and token.low not in words.papers
        and token.low not in words.people
    )


def _start(sentence: Sentence, low: int, last: int, words: Words) -> int:
    """Where the phrase begins that ends with token ``last``."""
    first = last
    while first > low and last - first < LONGEST:
        if sentence[first].low in words.determiner:
            return first
        previous = sentence[first - 1]
        if previous.low in words.determiner:
            outer = sentence[first - 2].low if first - 1 > low else ""
            twice = outer in words.determiner and outer not in words.that  # the two
            return first - 1 - twice
        step = _step_back(sentence, low, first, last, words)
        if not step:
            return first
        first -= step
    return first


def _step_back(sentence: Sentence, low: int, first: int, last: int, words: Words) -> int:
    """How many tokens the phrase reaches further back from ``first``; 0 where it begins there."""
    previous = sentence[first - 1]
    two_back = sentence[first - 2] if first - 2 >= low else None
    if two_back is not None and is_name(two_back, words):
        if previous.text == "." and (two_back.low in words.short or len(two_back.text) == 1):
            return 2
        joined = previous.low in words.conjunction and (
            sentence[last].low in words.organisations or sentence[last].low in words.outlets
        )
        if (joined or is_inside_name(previous, words)) and is_name(sentence[first], words):
            return 2
    particles = _particles(sentence, low, first, words)
    if particles:
        return particles
    if first - 2 >= low and _qualifies(sentence, first - 1, words):
        return 2
    if _parts(previous, words) or previous.low in words.days:
        return 0
    if previous.sort == "word" and is_name(sentence[first], words):
        speaks_before = previous.low in words.people or previous.low in words.bodies
        return int(speaks_before or _has_determiner(sentence, low, first, words))
    return 1


def _governs(sentence: Sentence, at: int, words: Words) -> bool:
    """Whether a name is the object of a participle behind a noun: "people backing Lind"."""
    return (
        sentence[at].low.endswith(words.participle_endings)
        and sentence[at].low not in words.people
        and sentence[at - 1].low not in words.determiner
    )


def _particles(sentence: Sentence, low: int, first: int, words: Words) -> int:
    """How many tokens a name reaches back over its particles: "Ilse van der Mark"."""
    at = first - 1
    while at > low and sentence[at].low in words.particles:
        at -= 1
    if at == first - 1 or not (is_name(sentence[first], words) and is_name(sentence[at], words)):
        return 0
    return first - at


def _has_determiner(sentence: Sentence, low: int, first: int, words: Words) -> bool:
    """Whether small words before a name open a phrase with it: "the hydrologist Ada Lind"."""
    for at in range(first - 1, max(low, first - 5) - 1, -1):
        if sentence[at].low in words.determiner:
            return at == first - 1 or not _governs(sentence, first - 1, words)
        if sentence[at].sort != "word" or _parts(sentence[at], words):
            return False
    return False


def _end(sentence: Sentence, at: int, words: Words) -> int:
    """Where the phrase ends that begins with token ``at``; before ``at`` where there is none."""
    named = spoken = False
    last = at - 1
    here = at
    while here < len(sentence) and here - at < LONGEST:
        token = sentence[here]
        following = sentence[here + 1] if here + 1 < len(sentence) else None
        opens_phrase = here == at and token.low in words.determiner
        if opens_phrase or (here == at + 1 and _qualifies(sentence, here, words)):
            pass
        elif token.text == "." and here > at and _is_stop(sentence[here - 1], words):
            here += 1
            continue
        elif token.low in words.particles and _leads_to_name(sentence, here, words):
            named = named or token.sort == "name"
        elif is_name(token, words):
            opens = here == at and _is_common(sentence, at, words)
            opens = opens or _is_of_descent(sentence, here, words)
            named = (named or not opens) and not is_possessive(token, words)
            last = here
        elif (
            token.low in words.conjunction
            and named
            and following
            and is_name(following, words)
            and _names_body(sentence, here + 1, words)
        ):
            pass
        elif named and sentence[at].low in words.determiner and speaks(token, words):
            last = here  # the Lowmark runner
        elif named and _is_title_between(sentence, here, words):
            pass  # Green Bay coach Mike Lind
        elif (
            token.low in words.determiner
            or named
            or _parts(token, words)
            or token.sort == "name"
            or token.low in words.days
        ):
            break
        elif spoken and not speaks(token, words):
            break  # the army gave no figures
        else:
            last = here
            spoken = speaks(token, words) and here > at
        here += 1
    if last < at and sentence[at].low in words.determiner - words.articles:
        return at
    return last


def _is_title_between(sentence: Sentence, at: int, words: Words) -> bool:
    """Whether a small word between names is a role: a known one, or any with two names behind."""
    token, behind = sentence[at], sentence[at + 1 : at + 3]
    if token.sort != "word" or not behind or not is_name(behind[0], words):
        return False
    if token.low in words.people:
        return True
    if _parts(token, words) or not token.low.endswith(words.role_endings or ("\0",)):
        return False
    return len(behind) == 2 and is_name(behind[1], words)


def _leads_to_name(sentence: Sentence, at: int, words: Words) -> bool:
    """Whether particles from here on have a name behind them."""
    while at < len(sentence) - 1 and sentence[at].low in words.particles:
        at += 1
    return is_name(sentence[at], words)


def _is_stop(token: Token, words: Words) -> bool:
    return token.low in words.short or len(token.text) == 1


def _is_common(sentence: Sentence, at: int, words: Words) -> bool:
    """Whether a capital is not yet a person's: "Visiting boss Lind", "Norrel mayor"."""
    following = sentence[at + 1] if at + 1 < len(sentence) else None
    if following is None or following.sort != "word":
        return False
    if following.low in words.people or following.low in words.bodies:
        return True
    if at:
        return False
    behind = sentence[at + 2] if at + 2 < len(sentence) else None
    return not _parts(following, words) and behind is not None and is_name(behind, words)


def _is_of_descent(sentence: Sentence, at: int, words: Words) -> bool:
    """Whether a capital is an adjective's: "nine Italian-Swiss anglers"."""
    low = sentence[at].low
    if not words.demonyms or not low.endswith(words.demonyms) or low in words.sexes:
        return False
    behind = sentence[at + 1] if at + 1 < len(sentence) else None
    return behind is not None and behind.sort == "word" and behind.low not in words.small


def _names_body(sentence: Sentence, at: int, words: Words) -> bool:
    """Whether the names from here on end as an organisation's: "Justice and Equality League"."""
    while at + 1 < len(sentence) and is_name(sentence[at + 1], words):
        at += 1
    return sentence[at].low in words.organisations or sentence[at].low in words.outlets
