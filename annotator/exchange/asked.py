"""What coders were asked at a time: what tells *none* from *not asked* in every export."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple, TypedDict

from annotator.core.asking import asks, codes_asked
from annotator.core.codebook import Scheme


class Place(NamedTuple):
    """One variable and target that were before the coder, and the codebook that asks it."""

    variable: str
    target: str
    codebook: str
    version: str


class Asked(TypedDict):
    """One code with the versions of its codebook that asked it; ``since`` is the first of them."""

    codebook: str
    variable: str
    target: str
    code: str
    title: str
    since: str
    versions: list[str]


def places(scheme: Scheme, asked: Collection[str] | None = None) -> list[Place]:
    """Every variable and target of the scheme that was asked, in the order shown."""
    return [
        Place(variable.name, target, codebook.name, codebook.version)
        for codebook, variable in scheme.variables()
        for target in variable.target_names
        if asks(asked, variable.name, target)
    ]


def of_codes(scheme: Scheme, asked: Collection[str] | None) -> list[Place]:
    """Every variable and target of which only single codes were asked, in the order shown."""
    if asked is None:
        return []
    partly = {place[:2] for place in codes_asked(scheme, asked)}
    return [place for place in places(scheme) if place[:2] in partly]


def not_asked(asked: Sequence[Place], current: Scheme, *, card: bool = False) -> list[Place]:
    """What the current scheme asks and a decision that was asked these places was not.

    Questions about whole articles are those of a ``card``, and no sentence lacks them.
    """
    known = {place[:2] for place in asked}
    unit = "document" if card else "sentence"
    here = {variable.name for _, variable in current.variables() if variable.unit == unit}
    return [place for place in places(current) if place.variable in here and place[:2] not in known]


def versions_of_codes(schemes: Mapping[int, Scheme]) -> list[Asked]:
    """For every code that was ever asked, since which version of its codebook it is."""
    found: dict[tuple[str, ...], Asked] = {}
    for number in sorted(schemes):
        for codebook, variable in schemes[number].variables():
            for target in variable.target_names:
                for code in variable.answers:
                    key = (codebook.name, variable.name, target, code.name)
                    asked = found.setdefault(
                        key,
                        Asked(
                            codebook=codebook.name,
                            variable=variable.name,
                            target=target,
                            code=code.name,
                            title=code.title,
                            since=codebook.version,
                            versions=[],
                        ),
                    )
                    if codebook.version not in asked["versions"]:
                        asked["versions"].append(codebook.version)
    return list(found.values())
