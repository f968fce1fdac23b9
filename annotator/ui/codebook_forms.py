"""The forms that change a codebook on its page: one is open at a time, in the place it is about.

A form that is refused keeps what was typed, because its boxes keep their keys until it is closed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

import streamlit as st

from annotator.core.codebook import CODE_KEYS, Code, Scheme, Variable
from annotator.core.errors import AnnotatorError
from annotator.ui import marks
from annotator.ui.code_card import LISTS
from annotator.workflow import editing
from annotator.workflow.editing import LISTS as LIST_FIELDS
from annotator.workflow.editing import Fields
from annotator.workflow.projects import Project

NO_COLOR = "#5c677d"
"""What the colour box shows for a code that has none."""

Kind = Literal["code", "new-code", "target"]


@dataclass(frozen=True, slots=True)
class Opened:
    """The form that is open; ``before`` is what its boxes began with, ``number`` is its own."""

    kind: Kind
    variable: str
    code: str
    number: int
    before: dict[str, str]


def offer(label: str, kind: Kind, variable: Variable, code: Code | None = None) -> None:
    """A button that opens a form."""
    name = code.name if code else ""
    st.button(
        label,
        type="tertiary",
        icon=":material/edit:" if code else ":material/add:",
        on_click=_open,
        args=(kind, variable.name, name, _before(code) if code else {}),
        help=f"Edit {marks.plain(code.title)}" if code else None,
        key=f"codebook.open.{kind}.{variable.name}.{name}",
    )


def opened(kind: Kind, variable: str, code: str = "") -> Opened | None:
    """The form of this place, if it is the one that is open."""
    found: Opened | None = st.session_state.get("codebook.opened")
    here = found is not None and (found.kind, found.variable, found.code) == (kind, variable, code)
    return found if here else None


def say(message: str, *place: str) -> None:
    """Keep what came of a click, which its callback cannot draw; ``place`` draws it once."""
    st.session_state["codebook.said"] = (place, message)


def said(*place: str) -> None:
    """Show what came of the last click, where this is the place for it."""
    if st.session_state.get("codebook.said", ((), ""))[0] == place:
        _, message = st.session_state.pop("codebook.said")
        st.success(marks.plain(message))


def edit_code(project: Project, form: Opened, title: str) -> None:
    """All that may be changed of a code."""
    with st.form(_key(form, "form")):
        st.markdown(f"**Edit {marks.plain(title)}**")
        with st.container(horizontal=True):
            _text(form, "title", "Title")
            _hotkey(form, project.scheme)
            st.color_picker("Color", form.before["color"], key=_key(form, "color"))
        _area(form, "definition", "Definition")
        for pair in (LISTS[:2], LISTS[2:]):
            for column, (field, heading) in zip(st.columns(2), pair, strict=True):
                with column:
                    _area(form, field, f"{heading}, one per line")
        _buttons("Save", _save_code, project, form)


def add_code(project: Project, form: Opened) -> None:
    """A new code: what it must have; the rest is edited once it is there."""
    with st.form(_key(form, "form")):
        st.markdown("**A new code**")
        with st.container(horizontal=True):
            _text(form, "title", "Title")
            _hotkey(form, project.scheme)
        _area(form, "definition", "Definition")
        st.text("It is asked from now on. What was decided before stays blank for it, not 0.")
        _buttons("Add the code", _add_code, project, form)


def add_target(project: Project, form: Opened) -> None:
    """A new target, for every question that asks about targets."""
    with st.form(_key(form, "form")):
        st.markdown("**A new target**")
        _text(form, "title", "Title")
        _area(form, "aliases", "Other names, one per line")
        st.text("It is asked from now on. What was decided before stays blank for it, not 0.")
        _buttons("Add the target", _add_target, project, form)


def _open(kind: Kind, variable: str, code: str, before: dict[str, str]) -> None:
    number = st.session_state.get("codebook.forms", 0) + 1
    st.session_state["codebook.forms"] = number
    st.session_state["codebook.opened"] = Opened(kind, variable, code, number, before)
    st.session_state.pop("codebook.fault", None)


def _close() -> None:
    st.session_state.pop("codebook.opened", None)
    st.session_state.pop("codebook.fault", None)


def _before(code: Code) -> dict[str, str]:
    """What the boxes begin with. Only what differs from it is saved: others edit too."""
    lists = {name: "\n".join(" ".join(x.split()) for x in getattr(code, name)) for name, _ in LISTS}
    return lists | {
        "title": code.title,
        "definition": code.definition,
        "hotkey": code.hotkey or "",
        "color": (code.color or NO_COLOR).lower(),
    }


def _key(form: Opened, name: str) -> str:
    return f"codebook.form.{form.number}.{name}"


def _text(form: Opened, field: str, label: str) -> None:
    st.text_input(label, form.before.get(field, ""), key=_key(form, field))


def _area(form: Opened, field: str, label: str) -> None:
    st.text_area(label, form.before.get(field, ""), height="content", key=_key(form, field))


def _hotkey(form: Opened, scheme: Scheme) -> None:
    own = form.before.get("hotkey", "")
    keys = sorted({own, *editing.free_keys(scheme)} - {""}, key=CODE_KEYS.index)
    options = ["", *keys]
    st.selectbox(
        "Key",
        options,
        index=options.index(own),
        format_func=lambda key: key or "none",
        width=130,
        help="The keys that are free, and the one it has. A code without a key is found with /.",
        key=_key(form, "hotkey"),
    )


def _buttons(
    label: str, save: Callable[[Project, Opened], None], project: Project, form: Opened
) -> None:
    fault = st.session_state.get("codebook.fault")
    if fault:
        marks.fault(fault)
    with st.container(horizontal=True):
        st.form_submit_button(
            label, type="primary", on_click=save, args=(project, form), key=_key(form, "save")
        )
        st.form_submit_button("Cancel", on_click=_close, key=_key(form, "cancel"))


def _typed(form: Opened, *fields: str) -> list[str]:
    return [st.session_state[_key(form, field)] for field in fields]


def _save_code(project: Project, form: Opened) -> None:
    typed = dict(zip(form.before, _typed(form, *form.before), strict=True))
    changed: dict[str, Any] = {
        field: text.splitlines() if field in LIST_FIELDS else text
        for field, text in typed.items()
        if text != form.before[field]
    }
    place = ("code", form.variable, form.code)
    try:
        change = editing.change_code(project, form.variable, form.code, **cast("Fields", changed))
    except AnnotatorError as fault:
        st.session_state["codebook.fault"] = str(fault)
        return
    _close()
    if change.lines:
        say(_told(change.name, change.version, change.lines), *place)
    else:
        say("Nothing was changed.", *place)


def _add_code(project: Project, form: Opened) -> None:
    title, definition, hotkey = _typed(form, "title", "definition", "hotkey")
    try:
        added = editing.add_code(project, form.variable, title, definition, hotkey=hotkey)
    except AnnotatorError as fault:
        st.session_state["codebook.fault"] = str(fault)
        return
    _close()
    say(f"{added.title} is asked from now on, since version {added.version}.", "code",
        form.variable, added.name)  # fmt: skip


def _add_target(project: Project, form: Opened) -> None:
    title, aliases = _typed(form, "title", "aliases")
    try:
        added = editing.add_target(project, title, aliases=tuple(aliases.splitlines()))
    except AnnotatorError as fault:
        st.session_state["codebook.fault"] = str(fault)
        return
    _close()
    say(f"{added.title} is asked from now on, since version {added.version}.", "target",
        form.variable)  # fmt: skip


def _told(name: str, version: str, lines: Sequence[str]) -> str:
    return "\n".join([f"{name} {version} is in force now.", *lines])
