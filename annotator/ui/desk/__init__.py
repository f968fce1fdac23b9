"""The desk: one browser component that owns the coder's loop; Python mounts it and feeds it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import streamlit as st

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

SCRIPTS = (
    # with the server
    "outbox.js",
    "shelf.js",
    # what a coder has and does, without a line of DOM
    "session.js",
    "codebook.js",
    "line.js",
    "queue.js",
    "hand.js",
    "decisions.js",
    "undo.js",
    "progress.js",
    "evidence.js",
    # answers and events as plain values
    "answers.js",
    "events.js",
    "suggestions.js",
    "reveal.js",
    "review.js",
    "offsets.js",
    "speakers.js",
    "words.js",
    # parts of both: what is done, and how it looks
    "tuples.js",
    "card.js",
    # on the screen
    "dom.js",
    "view.js",
    "sentence.js",
    "chips.js",
    "figures.js",
    "empty.js",
    "guide.js",
    "sight.js",
    # over it
    "panels.js",
    "choices.js",
    "addition.js",
    "reading.js",
    "overlay.js",
    "why.js",
    "reasons.js",
    "people.js",
    "boundaries.js",
    # keys, buttons, and the desk itself
    "keys.js",
    "commands.js",
    "touch.js",
    "desk.js",
)
"""One ES module in several files, in the order they are read; the last one exports."""

STYLES = (
    "desk.css",
    "reading.css",
    "codes.css",
    "below.css",
    "panels.css",
    "guide.css",
    "window.css",
)
"""One style sheet in several files; what the window asks for comes last."""


def mount(
    data: dict[str, Any],
    *,
    key: str,
    on_token: Callable[[], None],
    on_guide_left: Callable[[], None],
) -> None:
    """Show the desk; ``on_token`` runs when its token was refused and it needs a new one.

    ``on_guide_left`` runs when the coder does not want the line with the first steps. Everything
    that is coded goes over HTTP, never through this component: Streamlit's triggers may be lost or
    merged when they come fast.
    """
    st.html(f"<style>{_asset('page.css')}</style>")
    # Of a dictionary Streamlit looks through every value for a table, and imports pandas for it.
    _component()(key=key, data=[data], on_token_change=on_token, on_guide_change=on_guide_left)


@cache
def _component() -> ComponentRenderer:
    script = "\n".join(_asset(name) for name in SCRIPTS)
    style = "\n".join(_asset(name) for name in STYLES)
    return st.components.v2.component(
        "annotator_desk", html=_asset("desk.html"), css=style, js=script
    )


def _asset(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
