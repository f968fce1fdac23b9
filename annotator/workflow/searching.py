"""Searches as people write them, and what is done with what they find: read, kept, taken out."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, TextIO, get_args

from annotator.core.query import Search, SearchError, fault_in_date, printable, read
from annotator.core.voice import Voice
from annotator.exchange import found_csv
from annotator.store import Store, lists, search, tables
from annotator.store.lists import Listed, UnitList
from annotator.store.search import Given, Hit, Line
from annotator.workflow import export_files
from annotator.workflow.clock import now
from annotator.workflow.projects import Project

Order = Literal["document", "left", "right"]
"""How lines of a concordance stand: as in the corpus, or by the words before or after the hit."""

MOST_SORTED = 1_000
"""Units whose lines are sorted by their context; further ones are not looked at."""

BATCH = 500
PARTS = ("headline", "lead", "body")
VOICES: tuple[str, ...] = get_args(Voice)
ONE_COPY = "one"

Asked = Mapping[str, Sequence[str]]
"""A search as an address or a saved set has it: values by name, those of ``NAMES``."""

NAMES = (
    *("q", "source", "from", "to", "language", "speaker", "voice", "coded", "by", "code"),
    *("cluster", "copies", "part", "title"),
)


def search_of(project: Project, asked: Asked) -> Search:
    """The search that is asked for. Raises ``SearchError`` for what cannot be understood."""

    def one(name: str) -> str:
        return printable(next(iter(asked.get(name, ())), ""))

    since, until = _date(one("from")), _date(one("to"))
    if since and until and until + "~" < since:
        raise SearchError(f"the search begins at {since} and ends before it, at {until}")
    variable, target, code = _code(project, one("code"))
    return Search(
        words=read(one("q")),
        sources=tuple(filter(None, map(printable, asked.get("source", ())))),
        since=since,
        until=until,
        language=one("language"),
        speaker=one("speaker"),
        voice=_among("voice", one("voice"), VOICES),
        coded={"": None, "yes": True, "no": False}[_among("coded", one("coded"), ("yes", "no"))],
        coder=one("by"),
        variable=variable,
        target=target,
        code=code,
        cluster=one("cluster"),
        one_copy=_among("copies", one("copies"), (ONE_COPY,)) == ONE_COPY,
        part=_among("part", one("part"), PARTS),
        title=one("title"),
    )


def asked_by(looked_for: Search) -> dict[str, list[str]]:
    """The search as an address has it; what is not asked for is left out."""
    coded = {None: "", True: "yes", False: "no"}[looked_for.coded]
    told: dict[str, Iterable[str]] = {
        "q": [looked_for.words.written if looked_for.words else ""],
        "source": looked_for.sources,
        "from": [looked_for.since],
        "to": [looked_for.until],
        "language": [looked_for.language],
        "speaker": [looked_for.speaker],
        "voice": [looked_for.voice],
        "coded": [coded],
        "by": [looked_for.coder],
        "code": [":".join(filter(None, _place(looked_for)))],
        "cluster": [looked_for.cluster],
        "copies": [ONE_COPY if looked_for.one_copy else ""],
        "part": [looked_for.part],
        "title": [looked_for.title],
    }
    return {name: given for name, values in told.items() if (given := [v for v in values if v])}


def _place(looked_for: Search) -> tuple[str, str, str]:
    return looked_for.variable, looked_for.target, looked_for.code


def _date(written: str) -> str:
    if fault := fault_in_date(written):
        raise SearchError(fault)
    return written


def _among(name: str, written: str, known: Sequence[str]) -> str:
    if written and written not in known:
        raise SearchError(f"{name} is one of {', '.join(known)}, not {written!r}")
    return written


def _code(project: Project, written: str) -> tuple[str, str, str]:
    """A code written ``variable:code`` or ``variable:target:code``."""
    if not written:
        return "", "", ""
    variable, *target, code = written.split(":")
    toward = ":".join(target)
    known = {*project.scheme.columns(), *tables.code_counts(project.store)}
    if not any(v == variable and c == code and toward in ("", t) for v, t, c in known):
        raise SearchError(
            f"no code {written!r} here; write it as variable:code, or variable:target:code"
        )
    return variable, toward, code


def concordance(
    store: Store,
    looked_for: Search,
    *,
    order: Order = "document",
    limit: int = 50,
    offset: int = 0,
    width: int = 60,
) -> list[Line]:
    """The lines in which the words occur, by unit, or sorted among the first ``MOST_SORTED``.

    ``limit`` and ``offset`` count units in the order of the corpus, and else lines.
    """
    if order == "document":
        return list(
            search.lines(
                store, search.page(store, looked_for, limit=limit, offset=offset), width=width
            )
        )
    found = search.lines(store, search.page(store, looked_for, limit=MOST_SORTED), width=width)
    return sorted(found, key=_SORTED_BY[order])[offset : offset + limit]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


_SORTED_BY: dict[str, Callable[[Line], list[str]]] = {
    "left": lambda line: _words(line.left)[::-1],
    "right": lambda line: _words(line.right),
}


def name_of(given: Given) -> str:
    """A code as the filter takes it, with its holder, and whether it was rejected.

    >>> name_of(Given("ana", "stance", "osten", "Mira Osk", "favor", "asserted"))
    'stance:osten:favor (Mira Osk)'
    """
    name = ":".join(filter(None, (given.variable, given.target, given.code)))
    rejected = " rejected" if given.use == "rejected" else ""
    return f"{name}{f' ({given.holder})' if given.holder else ''}{rejected}"


def write(store: Store, looked_for: Search, out: TextIO) -> int:
    """Write everything that is found as CSV; the number of rows."""
    with tables.snapshot(store):
        return found_csv.write(map(_row, _everything(store, looked_for)), out)


def write_file(store: Store, looked_for: Search, place: Path) -> int:
    """The same to a file, which is replaced only once the new one is complete.

    Raises ``ExportError`` where no file can be written or a project lies.
    """
    with export_files.writing(store, place) as out:
        return write(store, looked_for, out)


def as_bytes(store: Store, looked_for: Search) -> bytes:
    """The same as the bytes that its file would have."""
    out = io.StringIO(newline="")
    write(store, looked_for, out)
    return out.getvalue().encode("utf-8")


def _everything(store: Store, looked_for: Search) -> Iterator[Hit]:
    found = search.numbers(store, looked_for)
    for at in range(0, len(found), BATCH):
        yield from search.hits(store, looked_for, found[at : at + BATCH])


def _row(hit: Hit) -> found_csv.Row:
    names = dict.fromkeys(map(name_of, hit.codes))
    return found_csv.Row(hit.unit, "; ".join(hit.matched), "; ".join(names))


def save(store: Store, looked_for: Search, name: str, who: str) -> UnitList:
    """Keep everything that is found as a set, which can be worked through on the desk.

    Raises ``SearchError`` where nothing is found, ``RejectedEventError`` for the name.
    """
    with store.write():
        found = search.numbers(store, looked_for)
        if not found:
            raise SearchError("nothing is found, so there is nothing to save; search for more")
        settings: dict[str, Any] = {"search": asked_by(looked_for)}
        rows = map(Listed, found)
        return lists.save(store, name.strip(), "set", "", settings, rows, who=who, at=now())
