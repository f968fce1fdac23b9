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
    "outbox.js",
    "answers.js",
    "reveal.js",
    "review.js",
    "session.js",
    "words.js",
    "spans.js",
    "tuples.js",
    "card.js",
    "view.js",
    "panels.js",
    "addition.js",
    "reading.js",
    "why.js",
    "people.js",
    "boundaries.js",
    "keys.js",
    "desk.js",
)
"""One ES module in several files, in the order they are read; the last one exports."""


def mount(data: dict[str, Any], *, key: str, on_token: Callable[[], None]) -> None:
    """Show the desk; ``on_token`` runs when its token was refused and it needs a new one.

    Everything a coder does goes over HTTP, never through this component: Streamlit's triggers
    may be lost or merged when they come fast.
    """
    st.html(f"<style>{_asset('page.css')}</style>")
    _component()(key=key, data=data, on_token_change=on_token)


@cache
def _component() -> ComponentRenderer:
    script = "\n".join(_asset(name) for name in SCRIPTS)
    return st.components.v2.component(
        "annotator_desk", html=_asset("desk.html"), css=_asset("desk.css"), js=script
    )


def _asset(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
