"""The page router, which Streamlit runs anew for every interaction."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import streamlit as st

from annotator.core.errors import AnnotatorError
from annotator.ui import marks, places, state
from annotator.ui.page import annotate, codebook, export, home, import_, model


def run() -> None:
    """Draw the page that the address asks for."""
    st.set_page_config(page_title="annotator", page_icon="🖍️", layout="wide")
    shown = [
        st.Page(_page(annotate), title="Annotate", icon=":material/edit_note:", default=True),
        st.Page(_page(home), title="Project", icon=":material/home:", url_path="home"),
        st.Page(_page(import_), title="Import", icon=":material/upload_file:", url_path="import"),
        st.Page(_page(codebook), title="Codebook", icon=":material/book:", url_path="codebook"),
        st.Page(_page(model), title="Model", icon=":material/insights:", url_path="model"),
        st.Page(_page(export), title="Export", icon=":material/download:", url_path="export"),
    ]
    places.keep({page.url_path or "annotate": page for page in shown})
    st.navigation(shown, position="top").run()


def _page(module: ModuleType) -> Callable[[], None]:
    def draw() -> None:
        try:
            module.render(state.project(), state.coder())
        except AnnotatorError as fault:
            marks.fault(str(fault))

    draw.__name__ = module.__name__.rpartition(".")[2].strip("_")
    return draw


if __name__ == "__main__":
    run()
