"""The project at a glance, and the way to another one."""

from __future__ import annotations

import streamlit as st

from annotator.store import documents, tables, tallies
from annotator.store.documents import Overview
from annotator.ui import charts, imports, marks, places, project_forms, state
from annotator.workflow import overview, suggesting, supervising
from annotator.workflow.overview import Glance
from annotator.workflow.projects import Project


def render(project: Project, coder: str | None) -> None:
    """Show where the project stands."""
    marks.title(project.title)
    if project.is_sample:
        st.info(
            "This is the sample: invented articles about a border crisis between states that do "
            "not exist, and two invented coders who have coded a part of them. Code under your "
            "own name and it is added to theirs; a project of your own is made below, where the "
            "sample can be removed too.",
            icon=":material/science:",
        )
    imports.show(project, key="home")
    seen = overview.glance(project.store)
    _figures(seen)
    if seen.documents:
        _next_steps(project, coder)
        _charts(project)
        _documents(documents.overview(project.store))
    else:
        st.info("No articles yet. Bring some in; then coding can start.")
        places.link("import", "Import articles")
    st.subheader("Projects", anchor=False)
    project_forms.show(project)


def _figures(seen: Glance) -> None:
    told = {
        "Documents": seen.documents,
        "Sentences": seen.units,
        "Coded": seen.coded,
        "Skipped": seen.skipped,
        "Not codable": seen.not_codable,
        "Flagged": seen.flagged,
    }
    with st.container(horizontal=True, gap="medium"):
        for label, number in told.items():
            st.metric(label, number, width="content", format="localized")
    if seen.skipped or seen.flagged:
        st.caption(
            "The desk leads through the skipped and the flagged ones again, from its end screen."
        )


def _next_steps(project: Project, coder: str | None) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(
            "Start coding" if coder is None else "Go on coding",
            type="primary",
            icon=":material/edit_note:",
            key="home.code",
        ):
            places.go("annotate")
        if state.may_rename() and st.button("Code under another name", key="home.rename"):
            state.forget_coder()
            places.go("annotate")
        st.text(_suggestions(project))


def _suggestions(project: Project) -> str:
    """What the model can do so far, or what it is waiting for."""
    if supervising.is_training(project):
        return "The model is learning right now."
    engine = suggesting.engine(project.store)
    if engine is None:
        missing = overview.until_training(project.store)
        return f"No suggestions yet. {missing or 'Enough is coded to train: see Model.'}"
    ready = sum(code["desk_threshold"] is not None for code in engine.card["codes"])
    return (
        f"Model {engine.model_id} learned from {engine.card['trained_on']:,} sentences "
        f"and suggests {ready} of {len(engine.card['codes'])} codes on the desk."
    )


def _charts(project: Project) -> None:
    days = tallies.by_day(project.store)
    if not days:
        return
    counts = tables.code_counts(project.store)
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("Codes so far", anchor=False)
        charts.codes(project.scheme, counts)
    with right:
        if any(target for _, target, _ in counts):
            st.subheader("Stances so far", anchor=False)
            charts.stances(project.scheme, counts)
        st.subheader("Decisions a day", anchor=False)
        charts.days(days)
    _coders(project)


def _coders(project: Project) -> None:
    st.subheader("Coders", anchor=False)
    rows = [
        {
            "coder": one.coder,
            "coded": one.coded,
            "skipped": one.skipped,
            "not codable": one.not_codable,
            "flagged": one.flagged,
            "last decision": one.latest[:16].replace("T", " "),
        }
        for one in tallies.by_coder(project.store)
    ]
    st.dataframe(rows, hide_index=True, key="home.coders")


def _documents(found: list[Overview]) -> None:
    st.subheader("Documents", anchor=False)
    rows = [
        {
            "title": one.title or one.file,
            "source": one.source,
            "date": one.published,
            "progress": round(100 * one.coded / one.units) if one.units else 0,
            "decided": one.coded,
            "sentences": one.units,
            "language": one.language,
        }
        for one in found
    ]
    shown = {
        "title": st.column_config.TextColumn(width=320),
        "progress": st.column_config.ProgressColumn(format="%d %%", min_value=0, max_value=100),
    }
    st.dataframe(rows, hide_index=True, key="home.documents", column_config=shown)
