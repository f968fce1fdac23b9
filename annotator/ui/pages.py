"""The page router, which Streamlit runs anew for every interaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from types import ModuleType

import streamlit as st

from annotator.core.errors import AnnotatorError
from annotator.ui import analyses, marks, places, state
from annotator.ui.page import (
    annotate,
    codebook,
    copies,
    export,
    find,
    home,
    import_,
    model,
    samples,
    speakers,
)
from annotator.workflow import analysis_jobs
from annotator.workflow.projects import Project


def run() -> None:
    """Draw the page that the address asks for."""
    st.set_page_config(page_icon=_beside("favicon.svg"), layout="wide")
    shown = [
        st.Page(page(annotate), title="Annotate", icon=":material/edit_note:", default=True),
        st.Page(page(home), title="Project", icon=":material/home:", url_path="home"),
        st.Page(page(import_), title="Import", icon=":material/upload_file:", url_path="import"),
        st.Page(page(find), title="Find", icon=":material/search:", url_path="find"),
        st.Page(
            page(speakers),
            title="Speakers",
            icon=":material/record_voice_over:",
            url_path="speakers",
        ),
        st.Page(page(copies), title="Copies", icon=":material/file_copy:", url_path="copies"),
        st.Page(page(samples), title="Samples", icon=":material/casino:", url_path="samples"),
        st.Page(page(codebook), title="Codebook", icon=":material/book:", url_path="codebook"),
        st.Page(page(model), title="Model", icon=":material/insights:", url_path="model"),
        st.Page(page(export), title="Export", icon=":material/download:", url_path="export"),
    ]
    places.keep({one.url_path or "annotate": one for one in shown})
    here = st.navigation(shown, position="top")
    st.html(f"<style>{_beside('pages.css')}</style>")
    st.set_page_config(page_title=_title(here.title))
    here.run()


def _title(page: str) -> str:
    """What the browser's tab says: the page first, for who has several open."""
    try:
        name = state.project().title
    except (AnnotatorError, sqlite3.Error):  # the page tells why
        return f"{page} · annotator"
    return f"{page} · {name} · annotator"


def _where(project: Project, coder: str | None) -> None:
    """One quiet line: which project is open, and who codes."""
    who = f"you code as {coder}" if coder else "no coder is named yet"
    st.caption(marks.plain(f"{project.title} · {who}"))


def page(module: ModuleType) -> Callable[[], None]:
    """The page of a module with what every page has around it."""

    def draw() -> None:
        try:
            project, coder = state.project(), state.coder()
            if module is not annotate:  # the desk names both itself
                _where(project, coder)
                with st.container():  # else its bar, gone, moves what is being typed into
                    analyses.show(project)
            else:
                analysis_jobs.keep_going(project)
            module.render(project, coder)
        except AnnotatorError as fault:
            marks.fault(str(fault))
        except sqlite3.Error as fault:
            marks.fault(f"The project file cannot be used now: {fault}. Load the page again.")

    draw.__name__ = module.__name__.rpartition(".")[2].strip("_")
    return draw


@cache
def _beside(file: str) -> str:
    return files("annotator.ui").joinpath(file).read_text(encoding="utf-8")


if __name__ == "__main__":
    run()
