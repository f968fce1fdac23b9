"""Changing the codebook while coding: codes, targets and examples added, wordings and keys edited.

Each call makes a new version of the codebook it changes and recodes nothing. What was decided
before keeps its scheme, so that a new code is blank for it and a new wording changes nothing.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count
from typing import Any, TypedDict, Unpack

from annotator.core.codebook import CODE_KEYS, Code, Codebook, Scheme, Target
from annotator.core.errors import CodebookError
from annotator.exchange import codebook_edit
from annotator.store import codebooks
from annotator.workflow import schemes
from annotator.workflow.projects import Project, slug
from annotator.workflow.schemes import Change


@dataclass(frozen=True, slots=True)
class Added:
    """What was added: ``name`` in answers and exports, and the codebook's version that has it.

    ``hotkey`` is the key the code is shown with, None where it has none.
    """

    name: str
    title: str
    version: str
    hotkey: str | None


class Fields(TypedDict, total=False):
    """What may be changed of a code."""

    title: str
    definition: str
    include: Sequence[str]
    exclude: Sequence[str]
    examples: Sequence[str]
    counterexamples: Sequence[str]
    hotkey: str | None
    color: str | None


LONGEST_NAME = 60
"""Characters of a name made of a title: a column of an export is named after it."""

LISTS = frozenset({"include", "exclude", "examples", "counterexamples"})


def add_code(
    project: Project, variable: str, title: str, definition: str, *, hotkey: str | None = None
) -> Added:
    """Add a code to a variable, before the exclusive codes that stand last.

    Its name is made of the title and is one the variable never had. Raises ``CodebookError``
    where the title or key is taken, or one of the texts is empty.
    """
    fields = _cleaned({"title": title, "definition": definition, "hotkey": hotkey})
    called = fields["title"]
    if not called:
        raise CodebookError([f"{variable}: the new code has no title; write what coders read"])

    def edit(books: Sequence[Codebook]) -> list[Codebook]:
        book = _asking(books, variable)
        _check_title(book, variable, called)
        _check_key(project.scheme, book, f"{variable}: {called}", fields["hotkey"])
        name = _name(called, "code", codebooks.names_used(project.store, variable))
        return _replaced(books, codebook_edit.with_code(book, variable, {"name": name, **fields}))

    (change,) = schemes.put(project, edit)
    (name,) = (step.place.code for step in change.steps)
    return _in_force(project, variable, name)


def add_target(project: Project, title: str, *, aliases: tuple[str, ...] = ()) -> Added:
    """Add a target to every variable of the scheme that asks about targets.

    Raises ``CodebookError`` where none does, or where all of them have it already.
    """
    title = _one_line(title)
    others = tuple(filter(None, map(_one_line, aliases)))
    if not title:
        raise CodebookError(["the target has no title; write what coders read"])

    def edit(books: Sequence[Codebook]) -> list[Codebook]:
        asking = [one for book in books for one in book.variable if one.targets is not None]
        if not asking:
            raise CodebookError(["no question of the codebook asks about targets"])
        known = {one.title.casefold(): one.name for v in asking for one in v.targets or ()}
        used = {name for one in asking for name in codebooks.names_used(project.store, one.name)}
        name = known.get(title.casefold()) or _name(title, "target", used)
        target = Target(name=name, title=title, aliases=others)
        edited = [codebook_edit.with_target(book, target) for book in books]
        if edited == list(books):
            raise CodebookError([f"the target {title!r} is there already"])
        return edited

    change = schemes.put(project, edit)[0]
    return Added(change.steps[0].place.target, title, change.version, None)


def add_example(
    project: Project, variable: str, code: str, text: str, *, counter: bool = False
) -> Added:
    """Put a text among a code's examples, or its counterexamples, at the end.

    Where it stands there already nothing changes, and the version is the one in force.
    """
    field = "counterexamples" if counter else "examples"
    text = _one_line(text)
    if not text:
        raise CodebookError([f"{variable}: {code}: the example is empty"])

    def edit(books: Sequence[Codebook]) -> list[Codebook]:
        book = _asking(books, variable)
        there = getattr(_code(book, variable, code), field)
        if text in map(_one_line, there):
            return list(books)
        changes = {field: [*there, text]}
        return _replaced(books, codebook_edit.with_changes(book, variable, code, changes))

    schemes.put(project, edit)
    return _in_force(project, variable, code)


def change_code(project: Project, variable: str, code: str, **fields: Unpack[Fields]) -> Change:
    """Change a code's wording, key or colour; its name and what was coded with it stay.

    Fields that are not given stay as they are; an empty key or colour is taken away. Raises
    ``CodebookError`` with one sentence for each fault.
    """
    given = _cleaned(fields)

    def edit(books: Sequence[Codebook]) -> list[Codebook]:
        book = _asking(books, variable)
        before = _code(book, variable, code)
        if "title" in given:
            _check_title(book, variable, given["title"], but=code)
        if given.get("hotkey") not in (None, before.hotkey):
            _check_key(project.scheme, book, f"{variable}: {code}", given["hotkey"])
        return _replaced(books, codebook_edit.with_changes(book, variable, code, given))

    changes = schemes.put(project, edit)
    if changes:
        return changes[0]
    book = _asking(project.scheme.codebooks, variable)
    return Change(book.name, book.version, book.version, ())


def free_keys(scheme: Scheme) -> list[str]:
    """The keys that no code on the desk has."""
    shown = _keys(scheme.codebooks)
    return [key for key in CODE_KEYS if key not in shown]


def _keys(books: Iterable[Codebook]) -> dict[str, str]:
    """Each key with the code that has it, as coders know it."""
    return {
        code.hotkey: f"{variable.heading}: {code.title}"
        for book in books
        for variable in book.variable
        for code in variable.answers
        if code.hotkey
    }


def _check_key(scheme: Scheme, book: Codebook, place: str, key: str | None) -> None:
    """Refuse a key that another codebook's code is shown with: it would move under the fingers.

    What the codebook itself has against the key is told by its own check.
    """
    taken = _keys(one for one in scheme.codebooks if one.name != book.name)
    if key not in taken:
        return
    free = free_keys(scheme)
    remedy = f"take one of {' '.join(free)}" if free else "no key is left, so leave it out"
    raise CodebookError([f"{place}: hotkey {key!r} is taken by {taken[key]}; {remedy}"])


def _check_title(book: Codebook, variable: str, title: str, *, but: str = "") -> None:
    asked = next(one for one in book.variable if one.name == variable)
    if title.casefold() in {c.title.casefold() for c in asked.answers if c.name != but}:
        fault = f"{variable}: there is a code with the title {title!r} already; choose another"
        raise CodebookError([fault])


def _cleaned(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Without blanks around texts and empty lines in lists; an empty key or colour is none.

    A title is one line.
    """
    cleaned: dict[str, Any] = {}
    for name, value in fields.items():
        if name in LISTS:
            cleaned[name] = list(filter(None, map(_readable, value)))
        elif name in ("hotkey", "color"):
            cleaned[name] = _readable(value or "") or None
        elif name == "title":
            cleaned[name] = _one_line(value)
        else:
            cleaned[name] = _readable(value)
    return cleaned


def _readable(text: str) -> str:
    """Without blanks around it, nor control characters and halves of characters inside."""
    kept = (c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    return "".join(kept).strip()


def _one_line(text: str) -> str:
    """In one line; a text that shows nothing, as of direction marks alone, is empty."""
    line = " ".join(_readable(text).split())
    return line if any(unicodedata.category(c)[0] not in "CZ" for c in line) else ""


def _name(title: str, noun: str, used: Collection[str]) -> str:
    """A name made of the title that was never used: an old answer must not come to mean it."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    stem = slug(plain)[:LONGEST_NAME].rstrip("-") or noun
    tries = chain([stem], (f"{stem}-{number}" for number in count(2)))
    return next(name for name in tries if name not in used)


def _asking(books: Sequence[Codebook], variable: str) -> Codebook:
    for book in books:
        if any(one.name == variable for one in book.variable):
            return book
    raise CodebookError([f"the codebook has no variable {variable!r}"])


def _code(book: Codebook, variable: str, name: str) -> Code:
    asked = next(one for one in book.variable if one.name == variable)
    for code in asked.answers:
        if code.name == name:
            return code
    raise CodebookError([f"{variable}: there is no code {name!r}"])


def _replaced(books: Sequence[Codebook], new: Codebook) -> list[Codebook]:
    return [new if book.name == new.name else book for book in books]


def _in_force(project: Project, variable: str, name: str) -> Added:
    book = _asking(project.scheme.codebooks, variable)
    code = _code(book, variable, name)
    return Added(name, code.title, book.version, code.hotkey)
