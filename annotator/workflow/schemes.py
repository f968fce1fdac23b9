"""Codebooks of a project in a new version: the difference told, nothing recoded.

Every change goes through ``put``: it makes new versions of the codebooks that differ and puts
the scheme of them in force in one transaction, on top of whatever was in force at that moment.
Events keep the scheme they were made under, and so does what it asked.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from annotator.core.codebook import Codebook, Target
from annotator.core.errors import CodebookError, NotKeptError
from annotator.exchange import codebook_edit, codebook_toml
from annotator.store import Store, codebooks
from annotator.workflow.clock import now
from annotator.workflow.differing import Step, difference
from annotator.workflow.projects import Project, check_together, require_targets

Edit = Callable[[Sequence[Codebook]], Sequence[Codebook]]

FIRST_CARRIERS = 5
"""Units that are named where a code they carry would be gone."""


@dataclass(frozen=True, slots=True)
class Change:
    """What changes in one codebook; ``version`` is the one it comes in under.

    ``notes`` are sentences about what a reader of the steps would not expect.
    """

    name: str
    old_version: str
    version: str
    steps: tuple[Step, ...]
    notes: tuple[str, ...] = ()

    @property
    def is_new(self) -> bool:
        """Whether there is a new version."""
        return self.version != self.old_version

    @property
    def lines(self) -> tuple[str, ...]:
        """The steps, one line each."""
        return tuple(step.line for step in self.steps)


def update_codebook(project: Project, file: Path, *, dry_run: bool = False) -> Change:
    """Take an edited codebook in; codes that are new are asked from now on only.

    With ``dry_run`` the difference is told and nothing is kept. See ``take_in``.
    """
    text = codebook_toml.read(file)
    return rehearse(project, text, file.name) if dry_run else take_in(project, text, file.name)


def rehearse(project: Project, text: str, origin: str) -> Change:
    """What ``take_in`` would change; nothing is kept."""
    return _taken_in(project, text, origin)[0]


def take_in(project: Project, text: str, origin: str, *, seen: int | None = None) -> Change:
    """Take an edited codebook in, as TOML; ``origin`` is the name of its file.

    The targets that the project added itself stay, unless the file names any of them. A file
    that differs and does not raise the version gets the next one. ``seen`` is the number of the
    scheme that the difference was shown against. Raises ``CodebookError`` where the file is
    faulty or not a codebook of this project, or where another scheme is in force by now.
    """
    while True:
        change, base, chosen = _taken_in(project, text, origin)
        if seen is not None and base != seen:
            raise CodebookError([CHANGED_MEANWHILE])
        if not chosen or _put_after(project.store, base, chosen):
            return change


CHANGED_MEANWHILE = (
    "the codebook was changed by somebody else meanwhile, and nothing was taken in; "
    "look at the difference again"
)


def _taken_in(
    project: Project, text: str, origin: str
) -> tuple[Change, int, list[tuple[Codebook, str]]]:
    """The change, the scheme it is made to, and what to put; nothing where nothing differs."""
    store = project.store
    edited = codebook_toml.parse(text, origin)
    base = codebooks.current_number(store)
    kept = codebooks.with_sources(store, base)
    old = next((book for book, _ in kept if book.name == edited.name), None)
    if old is None:
        names = ", ".join(book.name for book, _ in kept)
        raise CodebookError([f"{origin}: {edited.name!r} is not in this project; it has {names}"])
    notes = _notes(store, old, edited, origin)
    edited = _keep_targets(store, old, edited)
    steps = tuple(_with_carriers(store, step) for step in difference(old, edited))
    raised = _number(edited.version) > _number(old.version)
    if not steps and not raised:
        return Change(old.name, old.version, old.version, ()), base, []
    if not raised:
        edited = edited.model_copy(update={"version": next_version(store, old, edited)})
        text = codebook_edit.write(edited, text)
    chosen = [(edited, text) if book.name == edited.name else (book, was) for book, was in kept]
    check_together([book for book, _ in chosen])
    require_targets(edited)
    return Change(old.name, old.version, edited.version, steps, notes), base, chosen


def _notes(store: Store, old: Codebook, edited: Codebook, origin: str) -> tuple[str, ...]:
    if edited.version == old.version or edited.version not in codebooks.numbers_used(
        store, old.name
    ):
        return ()
    return (
        f"{origin} says it is version {edited.version}, and the project is at {old.version}: "
        "what was changed in between and is not in the file goes back to what the file says",
    )


def put(project: Project, edit: Edit) -> list[Change]:
    """Edit the codebooks in force and put the result in force, each changed one in a new version.

    ``edit`` gets the codebooks as they were put in and gives them back, changed or not; it runs
    again where somebody else was faster, so that both changes stand. Its faults leave everything
    as it was.
    """
    store = project.store
    while True:
        base = codebooks.current_number(store)
        kept = codebooks.with_sources(store, base)
        before = [book for book, _ in kept]
        made = [_next(store, *one, new) for one, new in zip(kept, edit(before), strict=True)]
        changes = [
            Change(old.name, old.version, new.version, tuple(difference(old, new)))
            for old, (new, _) in zip(before, made, strict=True)
            if new != old
        ]
        if not changes or _put_after(store, base, made):
            return changes


def _next(store: Store, old: Codebook, source: str, new: Codebook) -> tuple[Codebook, str]:
    if new == old:
        return old, source
    new = new.model_copy(update={"version": next_version(store, old, new)})
    return new, codebook_edit.write(new, source)


def _put_after(store: Store, base: int, chosen: list[tuple[Codebook, str]]) -> bool:
    """Put these codebooks in force, unless the scheme they were made from no longer is.

    The work is done before the transaction begins: while it lasts, no coder can save.
    """
    try:
        with store.write():
            if codebooks.current_number(store) != base:
                return False
            codebooks.put_scheme(store, chosen, now())
    except sqlite3.Error as fault:
        raise NotKeptError(
            f"nothing was changed, because the project could not be written ({fault}); try again"
        ) from fault
    return True


def next_version(store: Store, old: Codebook, new: Codebook) -> str:
    """The version after ``old``: the middle number for what came or went, else the last one.

    Numbers that the project knows already are passed over.
    """
    major, minor, patch = _number(old.version)
    used = codebooks.numbers_used(store, old.name)
    is_larger = any(step.kind != "changed" for step in difference(old, new))
    while True:
        minor, patch = (minor + 1, 0) if is_larger else (minor, patch + 1)
        version = f"{major}.{minor}.{patch}"
        if version not in used:
            return version


def _with_carriers(store: Store, step: Step) -> Step:
    if step.kind != "gone":
        return step
    at = step.place
    found = codebooks.carriers(store, at.variable, at.code, at.target, most=FIRST_CARRIERS)
    return replace(step, carriers=found)


def _keep_targets(store: Store, old: Codebook, edited: Codebook) -> Codebook:
    """Targets given to the project itself stay: a file brings only its own changes to its own.

    A file that names a target of the project's own was made from the project's copy, and its
    list is taken as the whole.
    """
    source = codebooks.source_of(store, old.name, old.version)
    written = codebook_toml.parse(source, old.name) if source else old
    settled = []
    for variable in edited.variable:
        held, was = _targets(old, variable.name), _targets(written, variable.name)
        own = _own_targets(store, old.name, variable.name)
        if variable.targets is not None and held and not own & set(variable.target_names):
            targets = _merged(held, was, {one.name: one for one in variable.targets}, own)
            variable = variable.model_copy(update={"targets": targets})
        settled.append(variable)
    return edited.model_copy(update={"variable": tuple(settled)})


Targets = dict[str, Target]


def _merged(held: Targets, was: Targets, given: Targets, own: set[str]) -> tuple[Target, ...]:
    went = was.keys() - given.keys() - own
    came = {name: one for name, one in given.items() if one != was.get(name)}
    return tuple(({name: one for name, one in held.items() if name not in went} | came).values())


def _own_targets(store: Store, name: str, variable: str) -> set[str]:
    """The targets that first came from the project, not from the codebook's file."""
    own: set[str] = set()
    seen: set[str] = set()
    for version in codebooks.versions(store, name):
        fresh = _targets(version.codebook, variable).keys() - seen
        seen |= fresh
        if fresh and version.source:
            own |= fresh - _targets(codebook_toml.parse(version.source, name), variable).keys()
    return own


def _targets(codebook: Codebook, variable: str) -> Targets:
    found = (one for one in codebook.variable if one.name == variable)
    return {target.name: target for one in found for target in one.targets or ()}


def _number(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))
