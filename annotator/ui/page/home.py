"""The project at a glance, and the way to another one."""

from __future__ import annotations

import streamlit as st

from annotator.store import documents, tables, tallies
from annotator.store.documents import Overview
from annotator.ui import charts, imports, marks, next_steps, project_forms
from annotator.ui import guide as guide_view
from annotator.workflow import facts, guide, overview, suggesting
from annotator.workflow.overview import Glance
from annotator.workflow.projects import Project


def render(project: Project, coder: str | None) -> None:
    """Show what to do now, and where the project stands."""
    marks.title(project.title)
    imports.show(project, key="home")
    own_next = _now(project, coder)
    if own_next:
        _projects(project)
    seen = overview.glance(project.store)
    if seen.documents:
        st.header("This project so far", anchor=False)
        _figures(seen)
        _model(project)
        _charts(project)
        _documents(documents.overview(project.store))
    if not own_next:
        _projects(project)


def _now(project: Project, coder: str | None) -> bool:
    """What to do now; whether that is to make a project of one's own."""
    if not project.is_sample:
        guide_view.steps(next_steps.steps(facts.of(project, coder)))
        return False
    st.info(
        "This is the sample: invented articles about a border crisis between states that do not "
        "exist, and two invented coders who have coded a part of them. What you code is added "
        "under your own name.",
        icon=":material/science:",
    )
    project_forms.own(project)
    far = guide.of(project.store, coder)
    if not far.left:
        guide_view.tasks(project, coder, far)
        return far.task == "own"
    guide_view.steps(next_steps.steps(facts.of(project, coder)))
    guide_view.again(project, coder)
    return False


def _projects(project: Project) -> None:
    st.header("Projects", anchor=False)
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


def _model(project: Project) -> None:
    """What the model in force learned from, and what it can do."""
    engine = suggesting.engine(project.store)
    if engine is None:
        return
    st.text(
        f"Model {engine.model_id} learned from {engine.card['trained_on']:,} sentences "
        f"and suggests {engine.learned} of {len(engine.card['codes'])} codes on the desk."
    )


def _charts(project: Project) -> None:
    days = tallies.by_day(project.store)
    if not days:
        return
    counts = tables.code_counts(project.store)
    left, right = st.columns(2, gap="large")
    with left:
        st.header("Codes so far", anchor=False)
        charts.codes(project.scheme, counts)
    with right:
        if any(target for _, target, _ in counts):
            st.header("Stances so far", anchor=False)
            charts.stances(project.scheme, counts)
        st.header("Decisions a day", anchor=False)
        charts.days(days)
    _coders(project)


def _coders(project: Project) -> None:
    st.header("Coders", anchor=False)
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
    st.header("Documents", anchor=False)
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
