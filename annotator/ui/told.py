"""What a click came to, which its callback cannot draw: kept, shown once, and taken back.

Each page keeps these things under a name of its own, its ``place``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import streamlit as st

from annotator.core.errors import AnnotatorError
from annotator.ui import marks


def say(place: str, *, done: str = "", fault: str = "") -> None:
    """Keep what came of a click."""
    st.session_state[f"{place}.said"] = (done, fault)


@contextmanager
def refusals(place: str, head: str = "") -> Iterator[None]:
    """Keep why, behind the ``head``, where what is done inside is refused."""
    try:
        yield
    except AnnotatorError as fault:
        say(place, fault=f"{head}{fault}")


def show(place: str) -> None:
    """Show it once."""
    done, fault = st.session_state.pop(f"{place}.said", ("", ""))
    if done:
        st.success(marks.plain(done))
    if fault:
        marks.fault(fault)


def offer_undo(place: str, label: str, events: Sequence[str]) -> None:
    """Have a button of this label take these events back, until it is pressed."""
    st.session_state[f"{place}.last"] = (label, list(events))


def undo_button(place: str, take_back: Callable[..., None], *args: Any) -> None:
    """The button, where there is something to take back; ``take_back`` is given the events last."""
    if last := st.session_state.get(f"{place}.last"):
        label, events = last
        st.button(
            marks.plain(label),
            icon=":material/undo:",
            on_click=take_back,
            args=(*args, events),
            key=f"{place}.undo",
        )


def forget_undo(place: str) -> None:
    """Take the button away."""
    st.session_state.pop(f"{place}.last", None)
