"""The scheme as the desk draws it, and what coders add to it from there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

from annotator.core.annotation import LONGEST_MEMO, NO_NUL, Text, Whole
from annotator.core.codebook import Code, Codebook, Scheme, Variable, ink
from annotator.core.errors import CodebookError
from annotator.exchange.codebook_edit import is_written
from annotator.store import (
    Store,
    codebooks,
    desk_units,
)
from annotator.store.seat import Seat
from annotator.workflow import editing
from annotator.workflow.editing import Added
from annotator.workflow.projects import Project


class Addition(BaseModel):
    """What a coder adds to the codebook from the desk.

    A code is added to ``variable``, with ``title``, ``definition`` and a ``hotkey`` or none; a
    target needs a ``title`` alone; an example is the text of ``unit``, given to the ``code`` of
    ``variable``. ``scheme`` is the one the desk shows.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    add: Literal["code", "target", "example"]
    scheme: Whole
    variable: Text = ""
    code: Text = ""
    unit: Text = ""
    title: Text = ""
    definition: Annotated[str, StringConstraints(max_length=LONGEST_MEMO, pattern=NO_NUL)] = ""
    hotkey: Text | None = None


def add(project: Project, addition: Addition) -> dict[str, Any]:
    """Add to the codebook; the scheme from now on, and what was ``added``.

    ``new`` is false where it stood there already. Raises ``CodebookError``.
    """
    if codebooks.find_scheme(project.store, addition.scheme) is None:
        raise CodebookError([f"this project has no scheme {addition.scheme}; reload the page"])
    before = codebooks.current_number(project.store)
    added = _ADD[addition.add](project, addition)
    told = {"add": addition.add, "variable": addition.variable, **asdict(added)}
    current = scheme(project)
    return {"scheme": current, "added": told | {"new": current["id"] != before}}


def _add_code(project: Project, stated: Addition) -> Added:
    return editing.add_code(
        project, stated.variable, stated.title, stated.definition, hotkey=stated.hotkey
    )


def _add_target(project: Project, stated: Addition) -> Added:
    return editing.add_target(project, stated.title)


def _add_example(project: Project, stated: Addition) -> Added:
    found = desk_units.unit(project.store, Seat(coder=""), stated.unit)
    if not found:
        raise CodebookError([f"this project has no unit {stated.unit!r}"])
    return editing.add_example(project, stated.variable, stated.code, found[0].text)


_ADD: dict[str, Callable[[Project, Addition], Added]] = {
    "code": _add_code,
    "target": _add_target,
    "example": _add_example,
}


def scheme(project: Project) -> dict[str, Any]:
    """The scheme as the desk draws it, with the keys that are still free."""
    return _scheme(project.store, project.scheme)


@lru_cache(maxsize=8)
def _scheme(store: Store, current: Scheme) -> dict[str, Any]:
    written = {
        variable.name: is_written(codebook, variable.name)
        for codebook in codebooks.stored(store, current.id)
        for variable in codebook.variable
    }
    return {
        "id": current.id,
        "moved": current.moved,
        "free_keys": editing.free_keys(current),
        "codebooks": [
            codebook.model_dump(mode="json", include={"name", "version", "title", "description"})
            for codebook in current.codebooks
        ],
        "variables": [
            _variable(codebook, variable) | {"shared": not written[variable.name]}
            for codebook, variable in current.variables()
        ],
    }


def _variable(codebook: Codebook, variable: Variable) -> dict[str, Any]:
    told = variable.model_dump(
        mode="json", include={"name", "question", "unit", "choice", "required", "use", "holder"}
    )
    targets = variable.targets
    return told | {
        "codebook": codebook.name,
        "heading": variable.heading,
        "targets": None if targets is None else [t.model_dump(mode="json") for t in targets],
        "codes": [_code(code) for code in variable.answers],
    }


def _code(code: Code) -> dict[str, Any]:
    return code.model_dump(mode="json") | {"ink": ink(code.color) if code.color else None}
