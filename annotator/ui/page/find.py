"""The find page: words and filters, what they find, and what is done with it.

What is looked for stands in the address, so that a search can be kept as a bookmark.
"""

from __future__ import annotations

import streamlit as st

from annotator.core.counting import counted
from annotator.core.errors import AnnotatorError
from annotator.core.query import Search
from annotator.store import search
from annotator.ui import find_filters, find_results, find_sets, find_shares, marks, places, state
from annotator.workflow import searching
from annotator.workflow.projects import Project
from annotator.workflow.searching import Order

PER_PAGE = 50
DEEPEST = 10_000
"""Hits that can be leafed through; who wants more takes the table."""

VIEWS = {"sentences": "Sentences", "lines": "Words in context"}
ORDERS = {
    "document": "Order of the corpus",
    "right": "By the words that follow",
    "left": "By the words before",
    "ranked": "Best first",
}
FOR_SENTENCES = ("document", "ranked")
FOR_LINES: dict[str, Order] = {"document": "document", "right": "right", "left": "left"}


def render(project: Project, coder: str | None) -> None:
    """Ask what is looked for, and show what is found."""
    st.title("Find", anchor=False)
    if places.lacks_articles(project, "There is nothing to search yet"):
        return
    find_sets.said(project, coder)
    st.text_input(
        "Words, “exact phrases”, beginnings*, OR, NOT",
        key="q",
        bind="query-params",
        placeholder='ceasefire OR "cease fire" NOT broken',
    )
    try:
        asked = find_filters.asked(project)
        looked_for = searching.search_of(project, asked)
    except AnnotatorError as fault:
        marks.fault(f"{str(fault)[:1].upper()}{str(fault)[1:]}.")
        return
    if looked_for.words is None and not looked_for.filters:
        find_filters.examples(project)
    else:
        _found(project, coder, looked_for)
    find_sets.show(project, coder)


def _found(project: Project, coder: str | None, looked_for: Search) -> None:
    if looked_for.words:
        st.caption(marks.plain(f"Looking for {looked_for.words.told}"))
    total = search.counted(project.store, looked_for)
    if not total.number:
        st.info(
            "Nothing is found. Take a word or a filter away, or write the beginning of a word*."
        )
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        number = counted(total.number, "sentence")
        st.text(f"At least {number}" if total.more else number)
        find_sets.keep(project, coder, looked_for)
        st.download_button(
            "Download CSV",
            data=lambda: searching.as_bytes(project.store, looked_for),
            file_name="found.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
            key="find.csv",
        )
    find_shares.show(project, looked_for)
    view, order = _view(looked_for)
    offset = _offset(min(total.number, DEEPEST))
    address = state.address()
    if view == "lines":
        _lines(project, looked_for, FOR_LINES[order], offset, address)
        return
    best = order == "ranked"
    if (
        best
        and total.more
        and search.count(project.store, looked_for, most=search.MOST_RANKED) > search.MOST_RANKED
    ):
        st.caption(f"More than {search.MOST_RANKED:,} hits stand in the order of the corpus.")
        best = False
    hits = search.page(project.store, looked_for, limit=PER_PAGE, offset=offset, ranked=best)
    find_results.sentences(hits, address)


def _view(looked_for: Search) -> tuple[str, str]:
    """How the hits are shown, and in which order; without words there is only one way."""
    if not looked_for.words:
        return "sentences", "document"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        view = st.segmented_control(
            "Show",
            list(VIEWS),
            format_func=VIEWS.__getitem__,
            default="sentences",
            required=True,
            key="view",
            bind="query-params",
        )
        orders = tuple(FOR_LINES) if view == "lines" else FOR_SENTENCES
        order = st.selectbox(
            "Order",
            orders,
            format_func=ORDERS.__getitem__,
            key="order",
            bind="query-params",
            width=260,
        )
    return str(view), str(order)


def _offset(total: int) -> int:
    """How many hits stand before the page that is shown."""
    pages = -(-total // PER_PAGE)
    if pages == 1:
        return 0
    if st.session_state.get("find.page", 1) > pages:
        st.session_state["find.page"] = pages
    return PER_PAGE * (int(st.pagination(pages, key="find.page")) - 1)


def _lines(
    project: Project, looked_for: Search, order: Order, offset: int, address: dict[str, str]
) -> None:
    if order != "document":
        st.caption(f"Sorted among the first {searching.MOST_SORTED:,} sentences.")
    found = searching.concordance(
        project.store, looked_for, order=order, limit=PER_PAGE, offset=offset
    )
    if found:
        find_results.lines(found, address)
    else:
        st.text("No more lines.")
