"""The filters of a search, each kept in the address under a name of its own."""

from __future__ import annotations

import streamlit as st

from annotator.core.query import Search
from annotator.store import documents, search, tables
from annotator.ui import marks
from annotator.workflow import overview, searching
from annotator.workflow.projects import Project

CODED = {"": "Coded or not", "yes": "Coded", "no": "Not coded"}
VOICES = {
    "": "Any",
    "author": "The author",
    "direct": "Direct speech",
    "indirect": "Indirect speech",
    "mixed": "Mixed",
}
PARTS = {"": "Anywhere", "headline": "Headline", "lead": "Lead", "body": "Body"}
COPIES = {"": "Every copy", searching.ONE_COPY: "One of each story"}
EXAMPLES = {
    "Words that begin so": "ceasefire*",
    "Either of two": "blockade OR embargo",
    "An exact phrase": '"right to"',
    "One without the other": "border NOT talks",
}


def asked(project: Project) -> dict[str, list[str]]:
    """What is asked for, by the names of ``searching.NAMES``."""
    on = sum(map(_is_on, searching.NAMES)) - _is_on("q")
    label = f"Filters: {on} on" if on else "Filters"
    with st.expander(label, expanded=False, key="find.filters"):
        _draw(project)
        if on:
            st.button("Take all filters away", on_click=_clear, key="find.clear")
    return _given()


def _is_on(name: str) -> bool:
    # Before a box is drawn for the first time, what it holds stands in the address alone.
    return bool(st.session_state.get(name, st.query_params.get(name)))


def _given() -> dict[str, list[str]]:
    given = {name: st.session_state.get(name) or "" for name in searching.NAMES}
    return {name: one if isinstance(one, list) else [one] for name, one in given.items()}


def _draw(project: Project) -> None:
    store = project.store
    names = {
        ":".join(filter(None, place)): f"{name.variable} · {name.full}"
        for place, name in overview.code_names(project.scheme).items()
    }
    with st.container(horizontal=True):
        st.multiselect(
            "Source",
            [name for name, _ in documents.sources(store) if name],
            key="source",
            bind="query-params",
            width=300,
        )
        st.text_input("From", key="from", bind="query-params", width=120, placeholder="2031-05")
        st.text_input("To", key="to", bind="query-params", width=120, placeholder="2031-06-15")
        _choice("Language", ["", *search.languages(store)], "language", {"": "Any"}, 120)
        st.text_input("Words of the title", key="title", bind="query-params", width=200)
        _choice("Part", list(PARTS), "part", PARTS, 130)
    with st.container(horizontal=True):
        st.selectbox(
            "Speaker",
            search.speakers(store),
            index=None,
            key="speaker",
            bind="query-params",
            accept_new_options=True,
            placeholder="Choose or type a name",
            width=240,
        )
        _choice("Voice", list(VOICES), "voice", VOICES, 160)
        _choice("Copies", list(COPIES), "copies", COPIES, 180)
        st.text_input(
            "Story",
            key="cluster",
            bind="query-params",
            width=180,
            help="Its id, as in the column cluster_id of the tables.",
        )
    with st.container(horizontal=True):
        _choice("Coded", list(CODED), "coded", CODED, 160)
        _choice("By", ["", *tables.coders(store)], "by", {"": "Anybody"}, 160)
        _choice("Code", ["", *names], "code", {"": "Any", **names}, 300)


def _choice(label: str, options: list[str], key: str, names: dict[str, str], width: int) -> None:
    st.selectbox(
        label,
        options,
        format_func=lambda one: names.get(one, one),
        key=key,
        bind="query-params",
        width=width,
    )


def _clear() -> None:
    for name in searching.NAMES:
        if name != "q":
            _put(name, [])


def _put(name: str, values: list[str]) -> None:
    if name == "source":
        st.session_state[name] = values
    else:
        st.session_state[name] = values[0] if values else None if name == "speaker" else ""


def search_again(looked_for: dict[str, list[str]]) -> None:
    """Put a search into the boxes; a callback."""
    for name in searching.NAMES:
        _put(name, looked_for.get(name, []))


def examples(project: Project) -> None:
    """What can be looked for, to try it."""
    st.text("Some searches to try:")
    with st.container(horizontal=True):
        for label, words in EXAMPLES.items():
            st.button(
                marks.plain(words),
                help=label,
                on_click=search_again,
                args=({"q": [words]},),
                key=f"find.example.{words}",
            )
        if search.count(project.store, Search(coded=False), most=1):
            st.button(
                "Sentences that nobody coded",
                on_click=search_again,
                args=({"coded": ["no"]},),
                key="find.example.open",
            )
