"""What somebody looks for: words in a small language of their own, and filters.

Words stand for themselves: all of them must occur. ``"exact phrase"``, ``terror*`` for words that
begin so, ``OR``, ``NOT`` or ``-word``, and brackets are understood, and nothing else has a meaning.
The words are read here and never handed on as they were written, so that no search is a fault of
the database, and everybody is told how theirs was understood.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from annotator.core.errors import AnnotatorError
from annotator.core.voice import Voice

LONGEST = 1_000
"""Characters of the longest search."""

MOST_TERMS = 50
DEEPEST = 8
"""Words or phrases of a search, and brackets within brackets, that SQLite's parser surely takes."""

SHORT = 2
"""Letters of a beginning that stands for so many words that the index is slow to find them."""

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
_PIECES = re.compile(
    r"(?P<minus>(?:(?<=[\s(])|^)[-−–](?=[^\s)]))|(?P<bracket>[()])"
    r'|"(?P<phrase>[^"]*)"?(?P<open>\*?)|(?P<word>[^\s()"]+)'
)


class SearchError(AnnotatorError):
    """A search that cannot be made, in one plain sentence."""


class Term(NamedTuple):
    """A word or a phrase; where it is the ``beginning``, its last word may go on."""

    text: str
    beginning: bool = False


class All(NamedTuple):
    """Every part must be there."""

    parts: tuple[Part, ...]


class Some(NamedTuple):
    """One part must be there."""

    parts: tuple[Part, ...]


class Not(NamedTuple):
    """The part must not be there; it stands in an ``All`` that looks for something else as well."""

    part: Part


Part = Term | All | Some | Not
Write = Callable[[Part], str]


class Words(NamedTuple):
    """The words of a search as they were ``written``, and ``told`` as they were understood.

    ``match`` is the expression for the index, ``wanted`` the one for what is marked in the text,
    without what must not occur. Where there are short beginnings, ``wider`` is an expression
    without them, which finds all the same units and others, empty where none is left; else None.
    """

    written: str
    match: str
    wanted: str
    told: str
    wider: str | None = None

    @property
    def widened(self) -> Words | None:
        """The search of ``wider``: what it marks and tells is that of no search."""
        return Words(self.written, self.wider, "", "") if self.wider else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What is looked for: units with these words, among those that pass every filter.

    ``since`` and ``until`` are ISO dates, or months or years; a document whose own date is a month
    or a year passes where any of its days would. ``speaker`` is the name of an actor, or of a
    speaker as exports have it. ``coded`` asks for units that somebody coded, or that nobody did;
    with ``coder`` it is about them alone. ``variable``, ``target`` and ``code`` name a code that
    the unit carries, asserted or rejected. ``one_copy`` takes the first document of each story
    alone; ``title`` is any part of a document's title.
    """

    words: Words | None = None
    sources: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    language: str = ""
    speaker: str = ""
    voice: Voice | str = ""
    coded: bool | None = None
    coder: str = ""
    variable: str = ""
    target: str = ""
    code: str = ""
    cluster: str = ""
    one_copy: bool = False
    part: str = ""
    title: str = ""

    @property
    def filters(self) -> int:
        """How many filters are on."""
        given = (
            *(self.sources, self.since or self.until, self.language, self.speaker, self.voice),
            *(self.coded is not None or self.coder, self.variable, self.cluster, self.one_copy),
            *(self.part, self.title),
        )
        return sum(map(bool, given))


def read(written: str) -> Words | None:
    r"""The words of a search, None where nothing is written.

    Raises ``SearchError`` where there is nothing to look for, or too much.

    >>> read('bread OR "closed road*" -bus').told
    '“bread” or (“closed road…” but not “bus”)'
    >>> read("terror* (truce OR talks)").match
    '"terror" * AND ("truce" OR "talks")'
    """
    if len(written) > LONGEST:
        raise SearchError(
            f"the search has {len(written):,} characters, and the limit is {LONGEST:,}; shorten it"
        )
    plain = printable(written)
    if not plain:
        return None
    found = _Reader(plain).read()
    if found is None:
        raise SearchError("there is no word in this search; write one, or leave the box empty")
    if not _is_sound(found):
        raise SearchError(
            "a part of the search only says what must not occur; add a word that it looks for"
        )
    terms = list(_terms(found))
    if len(terms) > MOST_TERMS:
        raise SearchError(f"the search has more than {MOST_TERMS} words; take fewer")
    marked = dict.fromkeys(term for term, wanted in terms if wanted)
    short = any(_is_short(term) for term, _ in terms)
    wider = _wider(found)
    return Words(
        written=plain,
        match=_match(found),
        wanted=" OR ".join(map(_match, marked)),
        told=_told(found),
        wider=None if not short else _match(wider) if wider else "",
    )


class _Reader:
    """Reads a search from left to right; what has no meaning where it stands is passed over."""

    def __init__(self, written: str) -> None:
        self._pieces = list(_pieces(written.translate(_QUOTES)))
        self._at = 0
        self._depth = 0

    def read(self) -> Part | None:
        parts = []
        while self._at < len(self._pieces):
            if part := self._any():
                parts.append(part)
            self._take(")")  # one that closes nothing
        return _joined(All, parts)

    def _take(self, *pieces: str) -> bool:
        here = self._at < len(self._pieces) and self._pieces[self._at] in pieces
        self._at += here
        return here

    def _any(self) -> Part | None:
        parts = [self._all()]
        while self._take("OR"):
            parts.append(self._all())
        return _joined(Some, [part for part in parts if part is not None])

    def _all(self) -> Part | None:
        parts = []
        while self._at < len(self._pieces) and self._pieces[self._at] not in ("OR", ")"):
            if not self._take("AND") and (part := self._one()):
                parts.append(part)
        # What must not occur comes last, as the index wants it.
        return _joined(All, sorted(parts, key=lambda part: isinstance(part, Not)))

    def _one(self) -> Part | None:
        unwanted = False
        while self._take("-"):
            unwanted = not unwanted
        if self._at == len(self._pieces) or self._pieces[self._at] in ("OR", "AND", ")"):
            return None
        piece = self._pieces[self._at]
        self._at += 1
        part = piece if isinstance(piece, Term) else self._bracket()
        if isinstance(part, Not):
            return part.part if unwanted else part
        return Not(part) if unwanted and part else part

    def _bracket(self) -> Part | None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise SearchError(f"brackets may stand {DEEPEST} deep; take some away")
        part = self._any()
        self._take(")")
        self._depth -= 1
        return part


def _pieces(written: str) -> Iterator[Term | str]:
    for found in _PIECES.finditer(written):
        text = found["word"] if found["phrase"] is None else found["phrase"]
        if found["minus"] or text == "NOT" == found["word"]:
            yield "-"
        elif found["bracket"]:
            yield found["bracket"]
        elif found["word"] in ("AND", "OR"):
            yield found["word"]
        elif _has_letters(text):
            goes_on = bool(found["open"]) or text.endswith("*")
            yield Term(" ".join(_bare(text).split()), goes_on)


def _bare(text: str) -> str:
    """Without the signs around it, which the index does not see."""
    first, last = 0, len(text)
    while unicodedata.category(text[first])[0] in "PSZ":
        first += 1
    while unicodedata.category(text[last - 1])[0] in "PSZ":
        last -= 1
    return text[first:last]


def printable(written: str) -> str:
    r"""What was written without the signs that no text holds, such as NUL and half characters.

    >>> printable("a\x00b ")
    'a b'
    """
    signs = (" " if unicodedata.category(sign) in ("Cc", "Cs") else sign for sign in written)
    return "".join(signs).strip()


def _has_letters(text: str) -> bool:
    """Whether the index would find a word in it: letters and digits of any script."""
    return any(unicodedata.category(sign)[0] in "LN" for sign in text)


def _joined(kind: type[All] | type[Some], parts: Sequence[Part]) -> Part | None:
    flat: list[Part] = []
    for part in parts:
        flat += part.parts if isinstance(part, kind) else [part]
    once = tuple(dict.fromkeys(flat))
    if not once:
        return None
    return once[0] if len(once) == 1 else kind(once)


def _is_sound(part: Part) -> bool:
    """Whether every bracket of a search looks for something, and does not only rule out."""
    if isinstance(part, Term | Not):
        return isinstance(part, Term)
    if isinstance(part, Some):
        return all(map(_is_sound, part.parts))
    seeks = not all(isinstance(one, Not) for one in part.parts)
    return seeks and all(_is_sound(one.part if isinstance(one, Not) else one) for one in part.parts)


def _terms(part: Part, wanted: bool = True) -> Iterator[tuple[Term, bool]]:
    """Every word and phrase, and whether it must occur or must not."""
    if isinstance(part, Term):
        yield part, wanted
    elif isinstance(part, Not):
        yield from _terms(part.part, not wanted)
    else:
        for one in part.parts:
            yield from _terms(one, wanted)


def _wider(part: Part) -> Part | None:
    """What finds every unit that the part finds, without short beginnings; None for all units."""
    if isinstance(part, Term):
        return _before_its_beginning(part) if _is_short(part) else part
    if isinstance(part, Some):
        either = [_wider(one) for one in part.parts]
        return None if None in either else _joined(Some, [one for one in either if one])
    if isinstance(part, Not):
        return part if not any(_is_short(term) for term, _ in _terms(part)) else None
    both = [wider for one in part.parts if (wider := _wider(one))]
    return None if all(isinstance(one, Not) for one in both) else _joined(All, both)


def _is_short(term: Term) -> bool:
    *_, last = re.split(r"[\W_]", term.text)
    return term.beginning and len(last) <= SHORT


def _before_its_beginning(term: Term) -> Term | None:
    """The words of a phrase before the last one.

    None where it is not certain that the index sees a word in both: it does not know every letter.
    """
    before, _, last = term.text.rpartition(" ")
    certain = last.isascii() and re.search("[A-Za-z0-9]", before)
    return Term(before) if certain else None


def _match(part: Part) -> str:
    """The part in the language of SQLite's full-text index; every text in it is quoted."""
    if isinstance(part, Term):
        quoted = '"' + part.text.replace('"', '""') + '"'
        return f"{quoted} *" if part.beginning else quoted
    return _written(part, _match, "AND", "OR", "NOT")


def _told(part: Part) -> str:
    """The part in words."""
    if isinstance(part, Term):
        return f"“{part.text}{'…' if part.beginning else ''}”"
    return _written(part, _told, "and", "or", "but not")


def _written(part: All | Some | Not, write: Write, both: str, either: str, but_not: str) -> str:
    def inner(one: Part) -> str:
        return write(one) if isinstance(one, Term) else f"({write(one)})"

    if isinstance(part, Not):
        return inner(part.part)
    if isinstance(part, Some):
        return f" {either} ".join(map(inner, part.parts))
    wanted = [inner(one) for one in part.parts if not isinstance(one, Not)]
    unwanted = [inner(one.part) for one in part.parts if isinstance(one, Not)]
    found = f" {both} ".join(wanted)
    if unwanted and len(wanted) > 1:
        found = f"({found})"
    return f" {but_not} ".join([found, *unwanted])


def fault_in_date(written: str) -> str | None:
    """Why this is no ISO date, month or year, in one sentence; None where it is, or is empty."""
    try:
        full = f"{written}-01-01"[:10]
        # Weeks are dates to Python and can be compared with no other.
        if not written or (
            len(written) in (4, 7, 10) and date.fromisoformat(full).isoformat() == full
        ):
            return None
    except ValueError:
        pass
    return f"{written!r} is no date; write it as 2031-05-04, 2031-05 or 2031"
