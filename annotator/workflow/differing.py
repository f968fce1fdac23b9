"""What differs between two versions of a codebook, step by step, in plain words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Literal

from annotator.core.codebook import Codebook
from annotator.store.codebooks import Carriers

Kind = Literal["new", "changed", "gone"]

SHORTENED = 72
"""Characters of a wording that a line of the difference shows."""

NO_CARRIERS = Carriers()


@dataclass(frozen=True, slots=True)
class Place:
    """What a step is about; a code and a target are never both given, all empty is the codebook."""

    variable: str = ""
    code: str = ""
    target: str = ""

    def __str__(self) -> str:
        """The place as a line of the difference names it.

        >>> str(Place("stance", target="velmar")), str(Place())
        ('stance: target velmar', 'the codebook')
        """
        named = self.code or (f"target {self.target}" if self.target else "")
        return ": ".join(filter(None, (self.variable, named))) or "the codebook"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that differs between two versions of a codebook.

    ``before`` and ``after`` are its wording: of what is new or gone the title and definition, of
    a changed field the text, of a changed list one entry.
    ``carriers`` are the units whose answers name what is gone; they keep it.
    """

    kind: Kind
    place: Place
    field: str = ""
    before: str = ""
    after: str = ""
    carriers: Carriers = NO_CARRIERS

    @property
    def line(self) -> str:
        """The step in one line, long texts shortened.

        >>> Step("changed", Place("frame", "order"), "title", "Order", "Public order").line
        'changed: frame: order: title: Order → Public order'
        >>> Step("gone", Place("frame", "order"), carriers=Carriers(2)).line
        'gone: frame: order (2 units carry it, and keep it)'
        """
        if self.kind != "changed":
            return f"{self.kind}: {self.place}" + (f" ({self.kept})" if self.kept else "")
        return f"changed: {self.place}: {self.field}: {self._wording()}"

    @property
    def kept(self) -> str:
        """How many units carry what is gone; empty where none does."""
        units = self.carriers.units
        if not units:
            return ""
        one = "1 unit carries it, and keeps it"
        return one if units == 1 else f"{units:,} units carry it, and keep it"

    def _wording(self) -> str:
        before, after = _short(self.before, self.after)
        if before and after:
            return f"{before} → {after}"
        return f"new: {after}" if after else f"gone: {before}"


def difference(old: Codebook, new: Codebook) -> list[Step]:
    """What differs between two versions of a codebook: what is new, then changed, then gone."""
    before, after = _flat(old), _flat(new)
    came = [
        Step("new", place, after=_about(after[place])) for place in after if place not in before
    ]
    changed = [
        Step("changed", place, field, *texts)
        for place in after
        if place in before
        for field, texts in _changed(before[place], after[place])
    ]
    changed += _moved(before, after)
    gone = [
        Step("gone", place, before=_about(before[place])) for place in before if place not in after
    ]
    return came + changed + gone


Fields = dict[str, object]


def _flat(codebook: Codebook) -> dict[Place, Fields]:
    """Every part of a codebook by itself, each without the parts inside it."""
    found: dict[Place, Fields] = {Place(): codebook.model_dump(exclude={"variable", "version"})}
    for variable in codebook.variable:
        parts = {
            **{Place(variable.name, code=one.name): one.model_dump() for one in variable.code},
            **{
                Place(variable.name, target=one.name): one.model_dump()
                for one in variable.targets or ()
            },
        }
        found[Place(variable.name)] = variable.model_dump(exclude={"code", "targets"})
        found |= parts
    return found


def _about(fields: Fields) -> str:
    return "\n".join(str(fields[key]) for key in ("title", "definition") if fields.get(key))


def _changed(before: Fields, after: Fields) -> Iterator[tuple[str, tuple[str, str]]]:
    for field, new in after.items():
        old = before[field]
        if isinstance(old, tuple) and isinstance(new, tuple) and set(old) != set(new):
            for texts in _entries(old, new):
                yield field, texts
        elif old != new:
            yield field, (_told(old), _told(new))


def _entries(old: Sequence[object], new: Sequence[object]) -> Iterator[tuple[str, str]]:
    """The entries of a list that went and came; as many of both are taken for reworded ones."""
    went = [_told(entry) for entry in old if entry not in new]
    came = [_told(entry) for entry in new if entry not in old]
    if len(went) == len(came):
        yield from zip(went, came, strict=True)
    else:
        yield from ((entry, "") for entry in went)
        yield from (("", entry) for entry in came)


def _moved(before: Iterable[Place], after: Collection[Place]) -> list[Step]:
    """Codes and targets that stand in another order, which coders see on the desk."""
    were = [place for place in before if place in after]
    are = [place for place in after if place in were]
    found = []
    for variable in dict.fromkeys(place.variable for place in were):
        for field in ("code", "target"):
            old, new = _names(were, variable, field), _names(are, variable, field)
            if old != new:
                found.append(Step("changed", Place(variable), f"order of {field}s", old, new))
    return found


def _names(places: Iterable[Place], variable: str, field: str) -> str:
    named = (getattr(place, field) for place in places if place.variable == variable)
    return ", ".join(filter(None, named))


def _told(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return "\n".join(map(str, value))
    return "" if value is None else str(value)


def _short(*wordings: str) -> list[str]:
    """Each in one line; long ones from shortly before the words in which they differ.

    >>> _short("Order is invoked.", "Law is invoked.")
    ['Order is invoked.', 'Law is invoked.']
    """
    lines = [" / ".join(text.splitlines()) for text in wordings]
    if max(map(len, lines)) <= SHORTENED:
        return lines
    alike = sum(1 for _ in takewhile(lambda both: both[0] == both[1], zip(*lines, strict=False)))
    start = lines[0].rfind(" ", 0, max(0, alike - SHORTENED // 2)) + 1
    return [_cut(line, start) for line in lines]


def _cut(line: str, start: int) -> str:
    rest = line[start:] if len(line) - start <= SHORTENED else f"{line[start:][: SHORTENED - 1]}…"
    return f"…{rest}" if start and rest else rest
