"""Taking an edited codebook in: the difference told, a new version made, nothing recoded."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from annotator.core.codebook import Codebook
from annotator.core.errors import CodebookError
from annotator.exchange import codebook_toml
from annotator.store import codebooks
from annotator.workflow.clock import now
from annotator.workflow.projects import Project, check_together, require_targets


@dataclass(frozen=True, slots=True)
class Change:
    """What an edited codebook changes, line by line; ``version`` is the one it came in under."""

    name: str
    old_version: str
    version: str
    lines: tuple[str, ...]


def update_codebook(project: Project, file: Path) -> Change:
    """Take an edited codebook in; codes that are new are asked from now on only.

    The project's targets stay where the file brings none of its own changes to them. A file whose
    content changed but whose version did not gets the next patch version. Raises
    ``CodebookError`` where the file is faulty or not a codebook of this project.
    """
    edited = codebook_toml.load(file)
    current = project.scheme.codebooks
    old = next((codebook for codebook in _stored(project) if codebook.name == edited.name), None)
    if old is None:
        names = ", ".join(codebook.name for codebook in current)
        raise CodebookError(
            [f"{file.name}: {edited.name!r} is not in this project; it has {names}"]
        )
    edited = _keep_targets(project, old, edited)
    lines = difference(old, edited)
    if not lines and _number(edited.version) <= _number(old.version):
        return Change(old.name, old.version, old.version, ())
    if _number(edited.version) <= _number(old.version):
        edited = edited.model_copy(update={"version": _next_patch(old.version)})
    chosen = [
        (edited, file.read_text(encoding="utf-8"))
        if codebook.name == edited.name
        else (codebook, codebooks.source_of(project.store, codebook.name, codebook.version))
        for codebook in _stored(project)
    ]
    check_together([codebook for codebook, _ in chosen])
    require_targets(edited)
    codebooks.put_scheme(project.store, chosen, now())
    return Change(old.name, old.version, edited.version, tuple(lines))


def difference(old: Codebook, new: Codebook) -> list[str]:
    """What differs between two versions of a codebook, one plain line each."""
    before, after = _flat(old), _flat(new)
    gone = [f"gone: {place}" for place in before if place not in after]
    came = [f"new: {place}" for place in after if place not in before]
    changed = [
        f"changed: {place}: {', '.join(sorted(_changed(before[place], after[place])))}"
        for place in after
        if place in before and before[place] != after[place]
    ]
    return came + changed + gone


def _flat(codebook: Codebook) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = {
        codebook.name: codebook.model_dump(exclude={"variable", "version"})
    }
    for variable in codebook.variable:
        found[variable.name] = variable.model_dump(exclude={"code", "targets"})
        for code in variable.code:
            found[f"{variable.name}: {code.name}"] = code.model_dump()
        for target in variable.targets or ():
            found[f"{variable.name}: target {target.name}"] = target.model_dump()
    return found


def _changed(before: dict[str, object], after: dict[str, object]) -> list[str]:
    return [name for name in after if after[name] != before.get(name)]


def _stored(project: Project) -> list[Codebook]:
    return codebooks.stored(project.store, project.scheme.id)


def _keep_targets(project: Project, old: Codebook, edited: Codebook) -> Codebook:
    """Targets given at ``init`` stay: the file's own come and go, the project's do not."""
    source = codebooks.source_of(project.store, old.name, old.version)
    written = codebook_toml.parse(source, old.name) if source else old
    was = {variable.name: variable.targets for variable in written.variable}
    held = {variable.name: variable.targets or () for variable in old.variable}
    settled = []
    for variable in edited.variable:
        if variable.targets is None or variable.name not in held:
            settled.append(variable)
            continue
        if variable.targets == was.get(variable.name):
            targets = held[variable.name]
        else:
            listed = {target.name for target in was.get(variable.name) or ()}
            given = [target for target in held[variable.name] if target.name not in listed]
            found = {target.name: target for target in (*given, *variable.targets)}
            targets = tuple(found.values())
        settled.append(variable.model_copy(update={"targets": targets}))
    return edited.model_copy(update={"variable": tuple(settled)})


def _number(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def _next_patch(version: str) -> str:
    major, minor, patch = _number(version)
    return f"{major}.{minor}.{patch + 1}"
