"""How far a long job is, as a bar for those who see it and in words for those who do not."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import streamlit as st

from annotator.ui import marks

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

HTML = '<p role="status"></p>'
STYLE = "p { clip-path: inset(50%); height: 1px; margin: 0; overflow: hidden; position: absolute; }"
# Only what changes inside an element that stays is read out; Streamlit puts new ones in its place.
SCRIPT = """
export default ({ data, parentElement }) => {
  const said = parentElement.querySelector("[role=status]");
  if (said.textContent !== data.said) said.textContent = data.said;
};
"""


def progress(what: str, share: float, text: str) -> None:
    """The bar of a job and, four times on its way, how far it is, for screen readers.

    ``what`` names the job; ``share`` is what is done of it, from 0 on; ``text`` stands above the
    bar and may change as often as it likes.
    """
    share = min(share, 1.0)
    with st.container(gap=None):
        st.progress(share, text=marks.plain(text))
        _component()(key=f"live.{what}", data={"said": said(what, share)})


def said(what: str, share: float) -> str:
    """What is read out, which changes with every quarter only.

    >>> said("Training", 0.0), said("Training", 0.74)
    ('Training has begun', 'Training: 50 % done')
    """
    quarters = int(4 * share)
    return f"{what}: {25 * quarters} % done" if quarters else f"{what} has begun"


@cache
def _component() -> ComponentRenderer:
    return st.components.v2.component("annotator_live", html=HTML, css=STYLE, js=SCRIPT)
