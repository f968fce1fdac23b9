"""The copies page: stories that several documents tell, and what is coded of them."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from annotator.core.counting import counted
from annotator.store import propagations, stories
from annotator.store.propagations import Propagation
from annotator.store.stories import Cluster, Decided, Pair
from annotator.ui import copies_charts, copies_story, places, told
from annotator.ui.copies_story import PLACE
from annotator.workflow import clusters
from annotator.workflow.clusters import SPREAD
from annotator.workflow.projects import Project

MOST = 500
"""Stories or pairs that the page lists."""


def render(project: Project, coder: str | None) -> None:
    """Show the stories with copies, the largest first."""
    st.title("Copies", anchor=False)
    if places.lacks_articles(project, "There is nothing to compare yet"):
        return
    if waiting := clusters.waiting(project.store):
        verb = "is" if waiting == 1 else "are"
        st.caption(f"{counted(waiting, 'document')} {verb} still to be compared.")
    copies_story.said(project, coder)
    sizes = stories.sizes(project.store)
    copied = sum(number for size, number in sizes.items() if size > 1)
    pairs = stories.suggested(project.store, limit=MOST)
    if not copied and not pairs:
        st.info(
            "No document tells the same story as another one. Import more articles, and what is"
            " copied among them is found by itself."
        )
        places.link("import", "Import articles")
        _history(project, coder)
        return
    _figures(sizes, copied, len(pairs))
    _settings(project)
    _tabs(project, coder, sizes, pairs)


def _figures(sizes: dict[int, int], copied: int, pairs: int) -> None:
    figures = {
        "Stories with copies": copied,
        "Documents in them": sum(size * n for size, n in sizes.items() if size > 1),
        "Stories in all": sum(sizes.values()),
        "Pairs to look at": pairs,
    }
    with st.container(horizontal=True, gap="medium"):
        for label, number in figures.items():
            st.metric(label, number, width="content", format="localized")


def _settings(project: Project) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="large"):
        st.toggle(
            "Code each story once",
            clusters.codes_once(project.store),
            on_change=_set_once,
            args=(project,),
            help="The desk then leaves out documents that copy an earlier one. Copies that a coder "
            "has begun stay in their queue. Sets and samples are not changed by it.",
            key="copies.once",
        )
        st.selectbox(
            "Copy decisions to same sentences",
            list(SPREAD),
            list(SPREAD).index(clusters.spreads(project.store)),
            format_func=lambda when: SPREAD[when],
            on_change=_set_spread,
            args=(project,),
            help="A copied decision is marked as such in every export, teaches no model, and goes "
            "when the original is taken back.",
            width=320,
            key="copies.spread",
        )


def _set_once(project: Project) -> None:
    clusters.code_once(project.store, once=st.session_state["copies.once"])


def _set_spread(project: Project) -> None:
    clusters.set_spread(project.store, st.session_state["copies.spread"])


def _tabs(
    project: Project, coder: str | None, sizes: dict[int, int], pairs: Sequence[Pair]
) -> None:
    names = ["Stories", f"To look at ({len(pairs)})" if pairs else "To look at", "Outlets"]
    told, doubtful, outlets = st.tabs(names)
    with told:
        _stories(project, coder)
    with doubtful:
        _pairs(project, coder, pairs)
        _history(project, coder)
    with outlets:
        copies_charts.stories(sizes)
        copies_charts.outlets(stories.shared(project.store))


def _stories(project: Project, coder: str | None) -> None:
    found = stories.listed(project.store, limit=MOST)
    if not found:
        st.text("No story has copies yet; look at the pairs that may be.")
        return
    event = st.dataframe(
        [_row(one) for one in found],
        hide_index=True,
        height=min(38 + 35 * len(found), 320),
        on_select="rerun",
        selection_mode="single-row",
        column_config={
            "story": st.column_config.TextColumn(width=300),
            "outlets": st.column_config.TextColumn(width=260),
        },
        key="copies.stories",
    )
    chosen = event["selection"]["rows"]
    if len(found) == MOST:
        st.caption(f"The {MOST} largest; the command “annotator copies” lists them all.")
    if chosen and chosen[0] < len(found):
        copies_story.show(project, coder, found[chosen[0]])
    else:
        st.caption("Choose a story to see its documents and what differs between them.")
        copies_story.spread_all(project, coder)


def _row(one: Cluster) -> dict[str, object]:
    return {
        "story": one.title,
        "copies": one.size,
        "coded": f"{one.coded} of {one.size}",
        "first": one.first,
        "last": one.last,
        "outlets": ", ".join(one.outlets),
    }


def _pairs(project: Project, coder: str | None, pairs: Sequence[Pair]) -> None:
    if not pairs:
        st.text("No two documents are alike enough to ask about, and not alike enough to be sure.")
        return
    names = {f"{one.document_id} {one.other_id}": one for one in pairs}
    chosen = st.selectbox(
        "Do these tell the same story?",
        list(names),
        format_func=lambda name: _pair_name(names[name]),
        key="copies.pair",
    )
    pair = names[chosen]
    with st.container(horizontal=True):
        for label, icon, act in (
            ("The same story", ":material/merge:", _accept),
            ("Two stories", ":material/call_split:", _reject),
        ):
            st.button(
                label,
                icon=icon,
                on_click=act,
                args=(project, coder or "", pair),
                key=f"copies.{act.__name__.strip('_')}",
            )
    copies_story.difference(project, pair.other_id, pair.document_id)


def _pair_name(one: Pair) -> str:
    names = [
        f"{title}{f' ({source})' if source else ''}"
        for title, source in ((one.other_title, one.other_source), (one.title, one.source))
    ]
    return f"{one.likeness:.0%} alike: {names[0]} / {names[1]}"


def _accept(project: Project, who: str, pair: Pair) -> None:
    with told.refusals(PLACE):
        clusters.unite(project.store, pair.document_id, pair.other_id, who)


def _reject(project: Project, who: str, pair: Pair) -> None:
    with told.refusals(PLACE):
        clusters.separate(project.store, pair.document_id, who, other_id=pair.other_id)


def _history(project: Project, coder: str | None) -> None:
    """What people said of copies and had copied, each with a way to take it back."""
    done: list[tuple[str, str, Decided | Propagation]] = [
        (one.at, _said_of(one), one) for one in stories.history(project.store)
    ]
    done += [(one.at, _copied_by(one), one) for one in propagations.history(project.store)]
    if not done:
        return
    st.header("What was done", anchor=False)
    for _, said, one in sorted(done, key=lambda row: row[0], reverse=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(f"{said} (taken back)" if one.undone else said, width="stretch")
            if not one.undone:
                copies_story.undo_button(project, coder, one.uuid, "copies.history")


def _said_of(one: Decided) -> str:
    verb = "tells the story of" if one.op == "unite" else "does not tell the story of"
    other = one.with_title or "a document that is gone"
    return f"{one.at[:10]} {one.coder}: {one.title} {verb} {other}"


def _copied_by(one: Propagation) -> str:
    whose = f"decisions of {one.coder}" if one.coder else "decisions"
    story = f"the story {one.title or one.cluster_id}" if one.cluster_id else "all stories"
    sentences = counted(one.sentences, "same sentence")
    return f"{one.at[:10]} {one.who}: {whose} copied to {sentences} in {story}"
