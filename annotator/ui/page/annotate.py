"""The desk's page: it asks who is coding and what comes next, or leaves the screen to the desk."""

from __future__ import annotations

import streamlit as st

from annotator.core.annotation import MAIN_ROUND
from annotator.core.errors import RejectedEventError
from annotator.core.order import order_of
from annotator.store import queue, reading, tables
from annotator.store.seat import Seat
from annotator.ui import desk as component
from annotator.ui import marks, places, start_card, state
from annotator.ui.start_card import Choice
from annotator.workflow import desk, desk_scheme, guide, tokens
from annotator.workflow.projects import Project


def render(project: Project, coder: str | None) -> None:
    """Mount the desk for this coder."""
    if coder is None:
        _ask_who(project)
        return
    if state.is_starting():
        start_card.show(project)
        return
    seat = Seat(coder, MAIN_ROUND, queue=state.queue())
    try:
        opened = desk.opening(project, seat)
    except RejectedEventError as fault:
        gone = "" if order_of(seat.queue) else " It may have been dropped, or be another project's."
        marks.fault(f"{str(fault)[:1].upper()}{str(fault)[1:]}.{gone}")
        st.button("Go on with the whole project", on_click=state.leave_queue, key="annotate.whole")
        return
    component.mount(
        {
            "project": project.id,
            "title": project.title,
            "sample": project.is_sample,
            "coder": coder,
            "round": MAIN_ROUND,
            "token": tokens.mint(project, coder),
            "api": "/api/v1",
            "scheme": desk_scheme.scheme(project),
            "list": desk.list_of(project, seat),
            "queue": opened,
            "guide": guide.on_desk(project, seat),
            "visit": st.query_params.get("unit", ""),
        },
        key=f"desk.{project.id}.{coder}.{seat.queue}",
        # Drawing the page again mints a new token, which is all that is asked for.
        on_token=lambda: None,
        on_guide_left=lambda: guide.leave(project.store, coder),
    )


def _ask_who(project: Project) -> None:
    """The question who is coding, and what comes next, beside the first article that waits."""
    question, waiting = st.columns([2, 3], gap="large")
    with question:
        who = st.container()
        chosen = Choice(state.queue())
        if tables.totals(project.store)["units"]:
            st.header("What comes next", anchor=False)
            chosen = start_card.choices(project)
    with who:
        st.title("Who is coding?", anchor=False)
        st.write("Every decision is kept under this name. Use the same one each time.")
        with st.form("annotate.who", border=False):
            name = st.text_input("Your name", max_chars=state.LONGEST_NAME, key="annotate.name")
            if st.form_submit_button("Start coding", type="primary"):
                if name.strip():
                    start_card.begin(chosen, name.strip())
                else:
                    marks.fault("Type a name first; any name will do.")
        if known := tables.coders(project.store):
            st.text("Has coded here: " + ", ".join(known))
    with waiting:
        _first_article(project)


def _first_article(project: Project) -> None:
    held = tables.totals(project.store)
    st.header(marks.plain(project.title), anchor=False)
    if not held["documents"]:
        st.info("No articles yet. Bring some in; then coding can start.")
        places.link("import", "Import articles")
        return
    st.text(f"{held['documents']:,} articles, {held['units']:,} sentences")
    if project.is_sample:
        st.text("All of it is invented: try the desk here, and begin a project of your own later.")
    nobody = Seat("", MAIN_ROUND)
    for first in queue.next_units(project.store, nobody, after=0, want=1):
        with st.container(border=True):
            st.text(" · ".join(filter(None, (first.source, first.place, first.published))))
            for paragraph in (reading.article(project.store, nobody, first.document_id) or [])[:5]:
                st.text("".join(piece.text for piece in paragraph))
