"""Codes that are cut where a wanted share of the suggestions is right, as an analyst set it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from annotator.core.codebook import Scheme
from annotator.core.errors import ModelError
from annotator.learn.model import Column
from annotator.store import Store, settings

_KEY = "precision"


def precisions(store: Store) -> dict[str, float]:
    """The wanted precision by a column's key; what is not there is cut for the best F1."""
    return dict(json.loads(settings.value(store, _KEY, "{}")))


def want(store: Store, precision_of: Mapping[str, float | None]) -> None:
    """Set what columns are cut for from the next training on, by their keys; None: the best F1."""
    with store.write():
        wanted = {**precisions(store), **precision_of}
        kept = {key: precision for key, precision in wanted.items() if precision is not None}
        settings.put(store, **{_KEY: json.dumps(kept, sort_keys=True)})


def written(told: Iterable[str], scheme: Scheme) -> dict[str, float | None]:
    """Precisions as commands are given them, ``CODE=0.8`` or ``CODE=f1``, by a column's key.

    The code may be named ``variable:code`` or ``variable:target:code``; what names several columns
    is said of them all. Raises ``ModelError``.
    """
    found: dict[str, float | None] = {}
    for one in told:
        name, equals, value = one.rpartition("=")
        if not equals:
            raise ModelError(f"{one!r}: write CODE=0.8, or CODE=f1 for the best F1")
        for column in _named(name.strip(), scheme):
            found[column.key] = _number(one, value.strip())
    return found


def _named(name: str, scheme: Scheme) -> list[Column]:
    columns = [Column(*place) for place in scheme.columns()]
    found = [column for column in columns if name in _names(column)]
    if not found:
        raise ModelError(
            f"{name!r} is no code of this project; write the code, variable:code, or "
            "variable:target:code"
        )
    return found


def _names(column: Column) -> tuple[str, ...]:
    variable, target, code = column
    return code, f"{variable}:{code}", f"{variable}:{target}:{code}"


def _number(told: str, value: str) -> float | None:
    if value.lower() == "f1":
        return None
    try:
        number = float(value)
    except ValueError:
        number = -1.0
    if not 0 < number <= 1:
        raise ModelError(f"{told!r}: a precision is a number above 0 and up to 1, or f1")
    return number
