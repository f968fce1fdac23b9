"""Edits of one codebook: a code or target more, or other words, checked before anything is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from annotator.core.codebook import STANCE_SCALE, Codebook, Target, Variable
from annotator.core.errors import CodebookError
from annotator.exchange import codebook_toml
from annotator.exchange.codebook_faults import faults_in


def with_code(codebook: Codebook, variable: str, fields: Mapping[str, Any]) -> Codebook:
    """The codebook with one more code, before the exclusive codes that stand last.

    ``fields`` are those of ``Code``, unchecked. Raises ``CodebookError``.
    """

    def add(codes: list[dict[str, Any]]) -> None:
        at = len(codes)
        while at and codes[at - 1].get("exclusive"):
            at -= 1
        codes.insert(at, dict(fields))

    return _edited(codebook, variable, str(fields["name"]), add)


def with_changes(
    codebook: Codebook, variable: str, code: str, fields: Mapping[str, Any]
) -> Codebook:
    """The codebook with these fields of one code changed; None takes a field out.

    Raises ``CodebookError`` where the code is not written in the codebook, or the result is
    faulty.
    """

    def change(codes: list[dict[str, Any]]) -> None:
        found = next((one for one in codes if one["name"] == code), None)
        if found is None:
            raise CodebookError([f"{variable}: there is no code {code!r} in this codebook"])
        found.update(fields)

    return _edited(codebook, variable, code, change)


def with_target(codebook: Codebook, target: Target) -> Codebook:
    """The codebook with this target in every variable that asks about targets and lacks it."""
    variables = [_with_target(variable, target) for variable in codebook.variable]
    return codebook.model_copy(update={"variable": tuple(variables)})


def _with_target(variable: Variable, target: Target) -> Variable:
    if variable.targets is None or target.name in variable.target_names:
        return variable
    return variable.model_copy(update={"targets": (*variable.targets, target)})


def is_written(codebook: Codebook, variable: str) -> bool:
    """Whether the codes of the variable stand in the codebook, not in the shared stance scale."""
    return any(one.name == variable and one.codes is None for one in codebook.variable)


def _edited(
    codebook: Codebook, variable: str, code: str, edit: Callable[[list[dict[str, Any]]], None]
) -> Codebook:
    if not is_written(codebook, variable):
        raise CodebookError([f"{variable}: {SCALE_IS_SHARED}"])
    raw = codebook.model_dump(mode="json", exclude_none=True)
    edit(next(one for one in raw["variable"] if one["name"] == variable)["code"])
    if faults := faults_in(_with_last(_without_none(raw), variable, code)):
        raise CodebookError(faults)
    return Codebook.model_validate(raw)


SCALE_IS_SHARED = (
    f"its codes are those of the shared scale {STANCE_SCALE}, which is the same in every "
    "codebook and cannot be changed here; targets can be added"
)


def _without_none(raw: Any) -> Any:
    """As a file would have it: TOML has no None, and a field without a value is not written."""
    if isinstance(raw, dict):
        return {key: _without_none(value) for key, value in raw.items() if value is not None}
    return [_without_none(value) for value in raw] if isinstance(raw, list) else raw


def _with_last(raw: dict[str, Any], variable: str, code: str) -> dict[str, Any]:
    """The edited code last of all, so that a key which two want is the edited one's fault."""

    def is_edited(name: str) -> Callable[[dict[str, Any]], bool]:
        return lambda one: one["name"] == name

    variables = [
        one | {"code": sorted(one["code"], key=is_edited(code))} for one in raw["variable"]
    ]
    return raw | {"variable": sorted(variables, key=is_edited(variable))}


def write(codebook: Codebook, source: str) -> str:
    """The codebook as TOML, written into its earlier text, with that text's own targets.

    Targets that a project added belong to the project and are not written into the file.
    Without an earlier text the whole codebook is written.
    """
    if not source:
        return codebook_toml.dump(codebook)
    before = {one.name: one for one in codebook_toml.parse(source, codebook.name).variable}
    variables = [
        one.model_copy(update={"targets": before[one.name].targets})
        if one.targets is not None and one.name in before
        else one
        for one in codebook.variable
    ]
    kept = codebook.model_copy(update={"variable": tuple(variables)})
    return codebook_toml.dump(kept, source)
