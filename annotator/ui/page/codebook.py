"""The codebook to read, search and change: every question, code and target, with what was coded."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial

import streamlit as st

from annotator.core.codebook import Code, Codebook, Scheme, Variable
from annotator.exchange import codebook_toml
from annotator.exchange.codebook_edit import SCALE_IS_SHARED, is_written
from annotator.store import codebooks, tables
from annotator.ui import code_card, codebook_forms, codebook_history, codebook_take_in, marks
from annotator.workflow.overview import Place, code_names
from annotator.workflow.projects import Project

READING = 860
"""The width in pixels of a column that reads well."""


def render(project: Project, coder: str | None) -> None:
    """Show the codebooks of the project."""
    with st.container(width=READING):
        st.title("Codebook", anchor=False)
        parts = st.tabs(["Codes", "Take in a file", "History"], key="codebook.part",
                        on_change="rerun")  # fmt: skip
        with parts[0]:
            _codes(project)
        with parts[1]:
            codebook_take_in.show(project)
        if parts[2].open:
            with parts[2]:
                codebook_history.show(project)


def _codes(project: Project) -> None:
    scheme = project.scheme
    counts = tables.code_counts(project.store)
    kept = codebooks.with_sources(project.store, scheme.id)
    _moved(scheme)
    wanted = st.text_input(
        "Search in everything",
        placeholder="a title, a key, a word of a definition or an example",
        key="codebook.search",
    )
    shown = 0
    for codebook, (written, source) in zip(scheme.codebooks, kept, strict=True):
        _codebook(written, source, wanted)
        own = {one.name for one in written.variable if is_written(written, one.name)}
        for variable in codebook.variable:
            shown += _variable(project, variable, wanted, counts, own)
    if wanted.strip() and not shown:
        st.info("Nothing in this codebook has all of these words. Try fewer of them.")


def _moved(scheme: Scheme) -> None:
    names = code_names(scheme)
    titles = {(place[0], place[2]): name.code for place, name in names.items()}
    for variable, code, wanted, given in scheme.moved:
        key = f"is {given} now" if given else "is gone: none was left; find the code with /"
        said = f"{titles[variable, code]}: another codebook has the key {wanted}; this one's {key}."
        st.warning(marks.plain(said))


def _codebook(codebook: Codebook, source: str, wanted: str) -> None:
    st.header(marks.plain(codebook.title), anchor=False, divider="gray")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.text(f"{codebook.name} {codebook.version}")
        st.download_button(
            "Download TOML",
            data=partial(codebook_toml.dump, codebook, source or None),
            file_name=f"{codebook.name}.toml",
            mime="application/toml",
            icon=":material/download:",
            on_click="ignore",
            key=f"codebook.toml.{codebook.name}",
        )
    if codebook.description and not wanted.strip():
        with st.expander("How to decide"):
            st.text(codebook.description.strip())
    if codebook.source and not wanted.strip():
        st.text(f"Source: {codebook.source}")


def _variable(
    project: Project,
    variable: Variable,
    wanted: str,
    counts: Mapping[Place, int],
    own: Collection[str],
) -> int:
    """Show a variable with those of its codes that are looked for; how many there are.

    ``own`` are the variables whose codes stand in the codebook and can be edited.
    """
    codes = [code for code in variable.answers if code_card.fits(code, variable, wanted)]
    if not codes:
        return 0
    st.subheader(marks.plain(variable.heading), anchor=False)
    if variable.question:
        st.text(variable.question)
    st.html(code_card.facts(variable))
    if variable.targets is not None:
        _targets(project, variable)
    for code in codes:
        _code(project, variable, code, counts, may_edit=variable.name in own)
    if variable.name not in own:
        st.caption(marks.plain(f"These codes cannot be edited: {SCALE_IS_SHARED}."))
    elif form := codebook_forms.opened("new-code", variable.name):
        codebook_forms.add_code(project, form)
    else:
        codebook_forms.offer("Add a code", "new-code", variable)
    return len(codes)


def _targets(project: Project, variable: Variable) -> None:
    st.html(code_card.targets(variable.targets or ()))
    codebook_forms.said("target", variable.name)
    if form := codebook_forms.opened("target", variable.name):
        codebook_forms.add_target(project, form)
    else:
        codebook_forms.offer("Add a target", "target", variable)


def _code(
    project: Project, variable: Variable, code: Code, counts: Mapping[Place, int], *, may_edit: bool
) -> None:
    codebook_forms.said("code", variable.name, code.name)
    if form := codebook_forms.opened("code", variable.name, code.name):
        codebook_forms.edit_code(project, form, code.title)
        return
    with st.container(horizontal=True, wrap=False):
        st.html(code_card.card(code, _counted(variable, code, counts)))
        if may_edit:
            codebook_forms.offer("Edit", "code", variable, code)


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
