"""One story: the documents that tell it, what differs between two, and its decisions."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from annotator.core.counting import counted
from annotator.corpus.text_difference import MOST, Piece, differences
from annotator.store import stories
from annotator.store.clusters import article
from annotator.store.stories import Cluster, Member
from annotator.ui import marks, told
from annotator.workflow import clusters
from annotator.workflow.projects import Project

PLACE = "copies"
TAGS = {"gone": "del", "new": "ins"}
MOST_MEMBERS = 300
"""Documents of one story that the page lists."""


def show(project: Project, coder: str | None, story: Cluster) -> None:
    """The documents of a story, two of them side by side, and copying its decisions."""
    st.header(marks.plain(story.title), anchor=False)
    found = stories.members(project.store, story.id)
    _documents(found)
    _spread(project, coder, story)
    _compare(project, coder, found)


def _documents(found: list[Member]) -> None:
    rows = [
        {
            "outlet": one.source,
            "date": one.published,
            "title": one.title,
            "is": "retired" if one.retired else "copy" if one.copy else "imported first",
            "decided": f"{one.decided} of {one.units}",
            "file": one.file,
        }
        for one in found[:MOST_MEMBERS]
    ]
    st.dataframe(
        rows,
        hide_index=True,
        column_config={"title": st.column_config.TextColumn(width=300)},
        key="copies.members",
    )
    if len(found) > MOST_MEMBERS:
        st.caption(f"The first {MOST_MEMBERS} of {len(found):,}.")


def _spread(project: Project, coder: str | None, story: Cluster) -> None:
    if clusters.spreads(project.store) == "never":
        return
    _offer(project, coder, story.id, "copies.spread.story")


def spread_all(project: Project, coder: str | None) -> None:
    """Copy the decisions of all stories; what that comes to is counted when somebody asks."""
    if clusters.spreads(project.store) == "never":
        return
    if st.button("Count what could be copied in all stories", key="copies.count"):
        st.session_state["copies.counted"] = True
    if st.session_state.get("copies.counted"):
        _offer(project, coder, "", "copies.spread.all")


def _offer(project: Project, coder: str | None, cluster_id: str, key: str) -> None:
    """A button that says how much it copies; there is none where nothing is left to copy."""
    found = clusters.preview(project.store, cluster_id=cluster_id)
    if not found.sentences:
        st.caption("No decision is left to copy: its sentence stands nowhere else undecided.")
        return
    decisions = counted(found.decisions, "decision")
    sentences = counted(found.sentences, "same sentence")
    st.button(
        f"Copy {decisions} to {sentences}",
        icon=":material/content_copy:",
        on_click=_copy,
        args=(project, coder or "", cluster_id),
        key=key,
    )


def _copy(project: Project, who: str, cluster_id: str) -> None:
    with told.refusals(PLACE):
        made, event = clusters.spread(project.store, cluster_id=cluster_id, who=who)
        st.session_state.pop("copies.counted", None)
        several = f"{made:,} sentences are decided like their originals."
        told.say(PLACE, done="One sentence is decided like its original." if made == 1 else several)
        st.session_state["copies.undoable"] = event


def _compare(project: Project, coder: str | None, found: list[Member]) -> None:
    """Two documents of the story, with what differs; the second can be separated."""
    names = {one.id: _name(number, one) for number, one in enumerate(found[:MOST_MEMBERS], 1)}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        before = st.selectbox(
            "Compare", list(names), format_func=names.__getitem__, width=300, key="copies.one"
        )
        others = [id_ for id_ in names if id_ != before]
        after = st.selectbox(
            "with", others, format_func=names.__getitem__, width=300, key="copies.other"
        )
        st.button(
            "Not the same story",
            icon=":material/call_split:",
            help="Takes the document on the right out of this story. It can be undone under "
            "“To look at”, and no later comparison puts it back.",
            on_click=_separate,
            args=(project, coder or "", after, before),
            key="copies.separate",
        )
    if after:
        difference(project, before, after)


def _name(number: int, one: Member) -> str:
    return f"{number}. {', '.join(filter(None, (one.source or one.file, one.published)))}"


def _separate(project: Project, who: str, document_id: str, other_id: str) -> None:
    with told.refusals(PLACE):
        clusters.separate(project.store, document_id, who, other_id=other_id)
        told.say(PLACE, done="It stands alone now. Undo it under “To look at”.")


def difference(project: Project, before: str, after: str) -> None:
    """What it takes to make the second document of the first."""
    one, other = (article(project.store, id_).text for id_ in (before, after))
    pieces = differences(one, other)
    if all(piece.kind == "same" for piece in pieces):
        st.caption("The two texts are the same, letter for letter or but for white space.")
    else:
        st.caption("Struck out is what the first has alone, underlined what the second has.")
    st.html(f'<div class="difference">{html_of(pieces)}</div>')
    if max(len(one), len(other)) > MOST:
        st.caption(f"The first {MOST:,} characters of each.")


def html_of(pieces: Iterable[Piece]) -> str:
    """The pieces as HTML, every character of them as itself.

    >>> html_of([Piece("a ", "same"), Piece("<b>", "new")])
    'a <ins>&lt;b&gt;</ins>'
    """
    drawn = []
    for text, kind in pieces:
        safe = marks.escaped(text)
        tag = TAGS.get(kind)
        drawn.append(f"<{tag}>{safe}</{tag}>" if tag else safe)
    return "".join(drawn)


def undo(project: Project, who: str, event: str) -> None:
    """Take back what somebody said of copies or had copied, and keep what comes of it."""
    with told.refusals(PLACE):
        clusters.undo(project.store, event, who)
        told.say(PLACE, done="It is taken back.")


def said(project: Project, coder: str | None) -> None:
    """Show once what came of a click, with a way to take it back."""
    event = st.session_state.pop("copies.undoable", None)
    if event is None:
        told.show(PLACE)
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        told.show(PLACE)
        undo_button(project, coder, event, "copies.undo")


def undo_button(project: Project, coder: str | None, event: str, key: str) -> None:
    """The button that takes one thing back."""
    st.button(
        "Undo",
        icon=":material/undo:",
        on_click=undo,
        args=(project, coder or "", event),
        key=f"{key}.{event}",
    )
