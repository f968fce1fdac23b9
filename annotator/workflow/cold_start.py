"""Codes that no model knows yet: which sentences to code first, by the code's own words.

The sentences are put in an order and get no score. It takes no training, and the random stream is
left out of it: those sentences are coded by chance alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TextIO

import numpy as np

from annotator.core.codebook import Code, Scheme, Variable
from annotator.core.errors import AnnotatorError
from annotator.core.progress import Progress
from annotator.core.query import Search
from annotator.exchange import ranked_csv
from annotator.learn.features import LEAST_ANSWERS
from annotator.learn.sampling import RESERVED
from annotator.store import Store, code_texts, lists, search, tables
from annotator.store.lists import Listed, UnitList
from annotator.store.search import Hit
from annotator.workflow import export_files, keywords, overview
from annotator.workflow.clock import now
from annotator.workflow.overview import Place
from annotator.workflow.projects import Project

if TYPE_CHECKING:
    from annotator.learn.cold_start import Kind

BASIS = "ranked by likeness to the code's words; not a probability"

USUAL = 20
"""Sentences that are ranked to be coded next."""

LOOKED_AT = 100_000
"""Sentences that are looked at, as chance puts them first; ranking these takes some seconds."""

WITH_KEYWORD = 20_000
"""Sentences with a keyword that are looked at beside them."""

MOST_POSITIVES = 100


class RankingError(AnnotatorError):
    """A ranking that cannot be made, in one plain sentence."""


class Short(NamedTuple):
    """A code with too few positives for a model to learn it."""

    place: Place
    positives: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """The sentences to code first for one code, best first, and what is to remark about them.

    ``looked_at`` is how many sentences took part.
    """

    place: Place
    keywords: tuple[str, ...]
    hits: tuple[Hit, ...]
    looked_at: int
    remarks: tuple[str, ...]


def short_of(project: Project) -> list[Short]:
    """The codes with fewer positives than a model needs, those with most positives first.

    Codes of whole articles are not among them: they are answered on cards, not on sentences.
    """
    counts = tables.code_counts(project.store, articles=False)
    found = [
        Short(place, counts.get(place, 0))
        for place in _places(project.scheme)
        if counts.get(place, 0) < LEAST_ANSWERS
    ]
    return sorted(found, key=lambda short: -short.positives)


def _places(scheme: Scheme) -> Iterator[Place]:
    for _, variable in scheme.variables():
        if variable.unit == "sentence":
            for target in variable.target_names:
                for code in variable.answers:
                    yield variable.name, target, code.name


def code_at(scheme: Scheme, place: Place) -> tuple[Variable, Code]:
    """The code of that place. Raises ``RankingError`` where the codebook has none."""
    variable_name, target, name = place
    variable = scheme.variable(variable_name)
    if variable is None:
        known = ", ".join(one.name for _, one in scheme.variables())
        raise RankingError(f"the codebook has no variable {variable_name!r}; it has {known}")
    if variable.unit == "document":
        raise RankingError(
            f"{variable_name} is answered once for each article, and so ranks no sentences"
        )
    code = next((one for one in variable.answers if one.name == name), None)
    if code is None:
        known = ", ".join(one.name for one in variable.answers)
        raise RankingError(f"{variable_name} has no code {name!r}; it has {known}")
    if target not in variable.target_names:
        if not any(variable.target_names):
            raise RankingError(f"{variable_name} asks about no target; leave the target out")
        known = ", ".join(variable.target_names)
        raise RankingError(f"{variable_name} asks about {known}; name one of them as target")
    return variable, code


def ranking(
    project: Project,
    place: Place,
    coder: str = "",
    *,
    limit: int = USUAL,
    progress: Progress | None = None,
) -> Ranking:
    """The sentences a coder should look at first for a code, among those they have not decided on.

    Those with one of its keywords come first, and within each half those most like its words. Of a
    large project ``LOOKED_AT`` sentences are looked at, and all with a keyword up to
    ``WITH_KEYWORD``. Raises ``RankingError`` where there is nothing to rank.
    """
    # A quarter of a second of scipy, for which no page need wait.
    from annotator.learn.cold_start import likeness, ranked

    store = project.store
    variable, code = code_at(project.scheme, place)
    given = keywords.of(store, place)
    tell = progress or _silent
    tell(0, 3, "reading the sentences")
    open_, with_word = _candidates(store, coder, given)
    if not open_:
        raise RankingError(_why_none(store))
    tell(1, 3, "comparing them with the code")
    texts = list(open_.values())
    said = _said(store, place, variable, code, given)
    alike = likeness(said, texts)
    tell(2, 3, "putting them in order")
    named = np.array([unit in with_word for unit in open_])
    order = ranked(alike, named)
    units = list(open_)
    chosen = [units[at] for at in _each_text_once(order, texts, limit)]
    looked_for = Search(words=keywords.search_for(*given) if given else None)
    total = tables.totals(store)["units"]
    return Ranking(
        place=place,
        keywords=given,
        hits=tuple(search.hits(store, looked_for, chosen)),
        looked_at=len(open_),
        remarks=tuple(_remarks(given, with_word, open_, alike, total)),
    )


def _each_text_once(order: Iterable[int], texts: Sequence[str], limit: int) -> list[int]:
    """The first places in this order, without further ones of the same text."""
    first: dict[str, int] = {}
    for at in order:
        if len(first) == limit:
            break
        first.setdefault(texts[at], at)
    return list(first.values())


def _silent(done: int, total: int, message: str) -> None:
    """Progress that nobody asked for."""


def _candidates(
    store: Store, coder: str, given: Sequence[str]
) -> tuple[dict[int, str], Mapping[int, set[str]]]:
    """Texts by the number of their unit, and which of the keywords those have that have any."""
    found = dict(code_texts.undecided(store, coder, RESERVED, LOOKED_AT))
    with_word: dict[int, set[str]] = {}
    for word in given:
        if keywords.NO_BLANKS.search(word):
            there = {unit: text for unit, text in found.items() if keywords.bare(word) in text}
        else:
            numbers = search.numbers(store, Search(words=keywords.search_for(word)))
            there = dict(code_texts.undecided_among(store, coder, RESERVED, WITH_KEYWORD, numbers))
        found |= there
        for unit in there:
            with_word.setdefault(unit, set()).add(word)
    return found, with_word


def _why_none(store: Store) -> str:
    if not tables.totals(store)["units"]:
        return "the project has no sentences to rank; import articles first"
    return (
        "nothing is left to rank: every sentence is decided, but for those that chance has "
        "reserved for the random stream, and copies"
    )


def _said(
    store: Store, place: Place, variable: Variable, code: Code, given: Sequence[str]
) -> dict[Kind, Sequence[str]]:
    """What speaks for a code; for a stance it is the target's names, since codes are a scale."""
    positives = code_texts.carrying(store, place, MOST_POSITIVES)
    found: dict[Kind, Sequence[str]] = {
        "keywords": [keywords.bare(word) for word in given],
        "positives": positives,
    }
    targets = [one for one in variable.targets or () if one.name == place[1]]
    if targets:
        return found | {"title": [name for one in targets for name in (one.title, *one.aliases)]}
    return found | {
        "title": [code.title],
        "definition": [code.definition],
        "include": code.include,
        "examples": code.examples,
    }


def _remarks(
    given: Sequence[str],
    with_word: Mapping[int, set[str]],
    texts: Mapping[int, str],
    alike: np.ndarray,
    total: int,
) -> Iterator[str]:
    seen = set().union(*with_word.values())
    for word in given:
        if word not in seen:
            yield f"No sentence that is left has the keyword “{word}”."
    if not seen and not alike.any():
        yield (
            "No sentence has a word of the code, so that they stand in an order by chance; give "
            "keywords in the language of the articles."
        )
    if any(map(keywords.NO_BLANKS.search, given)):
        yield (
            "A keyword in a script without blanks between words is looked for as these letters "
            "in a row, also within other words."
        )
    elif sum(bool(keywords.NO_BLANKS.search(text)) for text in texts.values()) > len(texts) / 2:
        yield (
            "Most sentences are in a script without blanks between words, where likeness is rough; "
            "keywords help most."
        )
    if len(texts) >= LOOKED_AT:
        yield (
            f"Looked at {len(texts):,} of {total:,} sentences: those that chance put first, and "
            "those with a keyword."
        )


def write(ranking: Ranking, out: TextIO) -> int:
    """Write a ranking as CSV; the number of its rows."""
    return ranked_csv.write(((hit.unit, "; ".join(hit.matched)) for hit in ranking.hits), out)


def write_file(store: Store, ranking: Ranking, place: Path) -> int:
    """The same to a file, which is replaced only once the new one is complete.

    Raises ``ExportError`` where no file can be written or a project lies.
    """
    with export_files.writing(store, place) as out:
        return write(ranking, out)


def still_open(project: Project, place: Place, coder: str, ids: Sequence[str]) -> list[Hit]:
    """Those units of a ranking that the coder has still to decide on, with its keywords marked.

    They come without the codes that others gave them, since they are about to be coded.
    """
    given = keywords.of(project.store, place)
    looked_for = Search(words=keywords.search_for(*given) if given else None)
    units = code_texts.still_open(project.store, coder, ids)
    return [hit._replace(codes=()) for hit in search.hits(project.store, looked_for, units)]


def keep_list(project: Project, place: Place, units: Sequence[int], who: str) -> UnitList:
    """Keep units in this order as a set, so that the desk can open on exactly these.

    Where such a set is kept already, it is that one.
    """
    store = project.store
    about = ":".join(filter(None, place))
    told = {"likeness": {"code": about, "keywords": list(keywords.of(store, place))}}
    with store.write():
        for one in lists.everything(store, "set"):
            if one.settings == told and [row.unit for row in lists.rows(store, one.name)] == units:
                return one
        number = _free_number(store, name := f"like {about}"[: lists.LONGEST_NAME - 6])
        title = f"Most like {overview.code_names(project.scheme)[place].full}"
        rows = map(Listed, units)
        return lists.save(
            *(store, f"{name} {number}", "set", f"{title[: lists.LONGEST_NAME - 6]} {number}"),
            *(told, rows),
            who=who,
            at=now(),
        )


def _free_number(store: Store, name: str) -> int:
    taken = {one.name for one in lists.everything(store)}
    return next(number for number in count(1) if f"{name} {number}" not in taken)
