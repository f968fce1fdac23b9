"""The author's sentences of a paragraph, a quotation being one word of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from annotator.corpus.layout import Span
from annotator.corpus.speech.marks import Quoted
from annotator.corpus.speech.words import Words

QUOTE, QUOTE_END = "\ue000", "\ue001"
# A quotation, initials with their stops, a word or a number with what holds it together, a mark.
TOKEN = re.compile(
    rf"{QUOTE}[^{QUOTE_END}]*{QUOTE_END}|(?:[^\W\d_]\.){{2,}}|[^\W_](?:[\w&]|[’'.\-](?=\w)|(?<=\d):(?=\d)|(?<=s)[’'](?=\s\w))*|\S"
)
LAST_INNER = re.compile(r"[.,!?…;:。！？։؟۔।](?=\W{0,3}\Z)")
PARTICLE = re.compile(r"([^\W\d_]+)[-’'](?=[^\W\d_])")  # before a name and joined to it: al-, d’
FINAL = re.compile(rf"[.!?…。！？։؟۔।][\"”’'»)\]]*({QUOTE_END}?)\s+(?=(\S))")
LAST_WORD = re.compile(r"[^\W\d_](?:\w|[’'.\-](?=\w))*\Z")
WORD_LOOK = 24
"""Characters before a stop among which its word is looked for."""
LONGEST = 4_000
"""Characters of the longest sentence that is read as one; what is longer is broken off."""

Sort = Literal["quote", "name", "word", "number", "mark"]


class Token(NamedTuple):
    """A word, a mark or a whole quotation, and where it stands in the document.

    ``sort`` is ``name`` for every word with a capital.
    """

    text: str
    low: str
    start: int
    end: int
    sort: Sort


Sentence = Sequence[Token]


class _Sorts(dict[str, Sort]):
    """The sort of a token by its first character, worked out once."""

    def __missing__(self, first: str) -> Sort:
        if first.isupper():
            sort: Sort = "name"
        elif first.isalpha():
            sort = "word"
        elif first == QUOTE:
            sort = "quote"
        else:
            sort = "number" if first.isdigit() else "mark"
        self[first] = sort
        return sort


SORTS = _Sorts()


def masked(text: str, span: Span, quoted: Sequence[Quoted]) -> str:
    """The paragraph with each quotation as one token of the same length.

    The mark at its end is kept: it tells whether the sentence ends with it.
    """
    pieces, at = [], span[0]
    for quotation in quoted:
        pieces.append(_clean(text[at : quotation.start]))
        last = LAST_INNER.search(text, max(quotation.start, quotation.end - 5), quotation.end)
        mark = last[0] if last else QUOTE
        length = quotation.end - quotation.start
        pieces.append(QUOTE * (length - 2) + mark + QUOTE_END)
        at = quotation.end
    pieces.append(_clean(text[at : span[1]]))
    return "".join(pieces)


def _clean(text: str) -> str:
    """The text without the characters that stand for quotations here."""
    if QUOTE in text or QUOTE_END in text:
        return text.replace(QUOTE, " ").replace(QUOTE_END, " ")
    return text


def parted(paragraph: str, words: Words) -> Iterator[Span]:
    """Where the sentences of a masked paragraph lie in it; a quotation never parts one."""
    start = 0
    longest = LONGEST if len(paragraph) - paragraph.count(QUOTE) > LONGEST else len(paragraph)
    for match in FINAL.finditer(paragraph):
        while match.end() - start > longest:
            at = _broken(paragraph, start, longest)
            yield start, at
            start = at
        if match.end() > start and _ends(paragraph, match, words):
            yield start, match.end()
            start = match.end()
    while len(paragraph) - start > longest:
        at = _broken(paragraph, start, longest)
        yield start, at
        start = at
    if start < len(paragraph):
        yield start, len(paragraph)


def _broken(paragraph: str, start: int, longest: int) -> int:
    """Where a sentence that is too long is broken off: at a space, never inside a quotation."""
    at = paragraph.rfind(" ", start, start + longest) + 1 or start + longest
    return paragraph.find(QUOTE_END, at) + 1 if paragraph[at - 1] == QUOTE else at


def _ends(paragraph: str, match: re.Match[str], words: Words) -> bool:
    """Whether a sentence ends with a mark and the white space behind it."""
    following = SORTS[match[2]]
    if following == "word" or (match[1] and following == "mark"):
        return False
    at = match.start()
    if match[1] or paragraph[at] != ".":
        return True
    word = LAST_WORD.search(paragraph, max(0, at - WORD_LOOK), at)
    if word is None:
        return True
    short = word[0].lower() in words.short or (len(word[0]) == 1 and word[0].isupper())
    return not short and not ("." in word[0] and following == "name")


def tokens(sentence: str, offset: int, words: Words) -> list[Token]:
    """The words and marks of a masked sentence that begins at an offset of the document.

    What stands in brackets is left out.
    """
    found: list[Token] = []
    new, sorts = tuple.__new__, SORTS  # here most of the time is spent
    for match in TOKEN.finditer(sentence):
        word = match[0]
        low = word.lower() if word != "US" else "u.s."  # which is no pronoun
        sort = sorts[word[0]]
        if sort == "word":
            if low != word and _begins_with_particle(word, words):
                sort = "name"
        elif sort == "number" and words.ages and low.endswith(words.ages):
            sort = "word"
        begin, end = match.span()
        found.append(new(Token, (word, low, offset + begin, offset + end, sort)))
    if found and found[0].sort == "name":
        found[0] = _opening(found, words)
    return _unbracketed(found) if "(" in sentence or "[" in sentence else found


def _begins_with_particle(word: str, words: Words) -> bool:
    """Whether a word is a name though its first letter is small: "al-Jundi", "d’Arc"."""
    particle = PARTICLE.match(word)
    return particle is not None and particle[1] in words.particles


def _opening(found: Sequence[Token], words: Words) -> Token:
    """The first word of a sentence: no name where it is a participle, "Speaking to …"."""
    first = found[0]
    behind = found[1].low if len(found) > 1 else ""
    if first.low.endswith(words.participle_endings) and (
        behind in words.preposition or behind in words.determiner or behind in words.that
    ):
        return first._replace(sort="word")
    return first


def _unbracketed(found: Sequence[Token]) -> list[Token]:
    """The tokens without those in brackets, quotations apart."""
    kept: list[Token] = []
    depth = 0
    for token in found:
        if token.text in ("(", "["):
            depth += 1
        elif token.text in (")", "]"):
            depth = max(0, depth - 1)
        elif not depth or token.sort == "quote":
            kept.append(token)
    return kept
