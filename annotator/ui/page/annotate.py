"""The desk's page: it asks who is coding and what comes next, or leaves the screen to the desk."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from annotator.core.annotation import MAIN_ROUND
from annotator.core.errors import RejectedEventError
from annotator.core.order import order_of
from annotator.store import queue, reading, tables
from annotator.store.seat import Seat
from annotator.ui import desk as component
from annotator.ui import marks, places, start_card, state
from annotator.ui.start_card import Choice
from annotator.workflow import desk, desk_scheme, guide, sample_project, tokens
from annotator.workflow.projects import Project

MOST_KNOWN = 12
"""Names of coders that are offered."""


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
            # Nobody who is here for the first time has to choose.
            with st.expander("What comes next (all in order, unless chosen here)"):
                chosen = start_card.choices(project)
    known = tables.coders(project.store)
    with who:
        st.title("Who is coding?", anchor=False)
        st.write("Every decision is kept under this name. Use the same one each time.")
        with st.form("annotate.who", border=False):
            name = st.text_input("Your name", max_chars=state.LONGEST_NAME, key="annotate.name")
            if st.form_submit_button("Start coding", type="primary"):
                _begin_as(name.strip(), known, chosen)
        # Nobody is one of the sample's invented coders.
        if own := [one for one in known if one not in sample_project.coders(project)]:
            _known(own, chosen)
    with waiting:
        _first_article(project)


def _begin_as(name: str, known: Sequence[str], chosen: Choice) -> None:
    """Start under a name; not under one that is a known coder's but for capitals and spaces."""
    alike = [one for one in known if one != name and _folded(one) == _folded(name)]
    if not name:
        marks.fault("Type a name first; any name will do.")
    elif alike and name not in known:
        marks.fault(
            f"{alike[0]} has coded here. If that is you, press that name below; else take a name "
            "that differs by more than capitals and spaces."
        )
    else:
        start_card.begin(chosen, name)


def _folded(name: str) -> str:
    return "".join(name.casefold().split())


def _known(known: Sequence[str], chosen: Choice) -> None:
    st.text("Who has coded here goes on with one press:")
    with st.container(horizontal=True, gap="small"):
        for name in known[:MOST_KNOWN]:
            if st.button(marks.plain(name), key=f"annotate.as.{name}"):
                start_card.begin(chosen, name)
        if len(known) > MOST_KNOWN:
            st.text(f"and {len(known) - MOST_KNOWN} more")


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
