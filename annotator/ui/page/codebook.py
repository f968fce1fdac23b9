"""The codebook to read and search: every question, code and target, with what was coded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from annotator.core.codebook import Code, Codebook, Scheme, Variable
from annotator.store import codebooks, tables
from annotator.ui import code_card, marks
from annotator.workflow.overview import Place, code_names
from annotator.workflow.projects import Project

READING = 860
"""The width in pixels of a column that reads well."""


def render(project: Project, coder: str | None) -> None:
    """Show the codebooks of the project."""
    scheme = project.scheme
    counts = tables.code_counts(project.store)
    with st.container(width=READING):
        st.title("Codebook", anchor=False)
        _moved(scheme)
        wanted = st.text_input(
            "Search in everything",
            placeholder="a title, a key, a word of a definition or an example",
            key="codebook.search",
        )
        shown = 0
        for codebook in scheme.codebooks:
            _codebook(project, codebook, wanted)
            for variable in codebook.variable:
                shown += _variable(variable, wanted, counts)
        if wanted.strip() and not shown:
            st.info("Nothing in this codebook has all of these words. Try fewer of them.")


def _moved(scheme: Scheme) -> None:
    names = code_names(scheme)
    titles = {(place[0], place[2]): name.code for place, name in names.items()}
    for variable, code, wanted, given in scheme.moved:
        key = f"is {given} now" if given else "is gone: none was left; find the code with /"
        said = f"{titles[variable, code]}: another codebook has the key {wanted}; this one's {key}."
        st.warning(marks.plain(said))


def _codebook(project: Project, codebook: Codebook, wanted: str) -> None:
    st.header(marks.plain(codebook.title), anchor=False, divider="gray")
    source = codebooks.source_of(project.store, codebook.name, codebook.version)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.text(f"{codebook.name} {codebook.version}")
        st.download_button(
            "Download TOML",
            data=source,
            file_name=f"{codebook.name}.toml",
            mime="application/toml",
            icon=":material/download:",
            on_click="ignore",
            disabled=not source,
            key=f"codebook.toml.{codebook.name}",
        )
    if codebook.description and not wanted.strip():
        with st.expander("How to decide"):
            st.text(codebook.description.strip())
    if codebook.source and not wanted.strip():
        st.text(f"Source: {codebook.source}")


def _variable(variable: Variable, wanted: str, counts: Mapping[Place, int]) -> int:
    """Show a variable with those of its codes that are looked for; how many there are."""
    codes = [code for code in variable.answers if code_card.fits(code, variable, wanted)]
    if not codes:
        return 0
    st.subheader(marks.plain(variable.heading), anchor=False)
    if variable.question:
        st.text(variable.question)
    st.html(code_card.facts(variable))
    if variable.targets:
        st.html(code_card.targets(variable.targets))
    for code in codes:
        st.html(code_card.card(code, _counted(variable, code, counts)))
    return len(codes)


def _counted(
    variable: Variable, code: Code, counts: Mapping[Place, int]
) -> Sequence[tuple[str, int]]:
    """``(target, units)``; the target is empty where the variable has none."""
    titles = {target.name: target.title for target in variable.targets or ()}
    return [
        (titles.get(target, ""), number)
        for target in variable.target_names
        if (number := counts.get((variable.name, target, code.name), 0))
    ]
