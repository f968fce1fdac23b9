"""Every version of the codebooks: since when it is in force, what it changed, and its TOML."""

from __future__ import annotations

from functools import partial
from itertools import pairwise

import streamlit as st

from annotator.exchange import codebook_toml
from annotator.store import codebooks
from annotator.store.codebooks import Version
from annotator.ui import codebook_difference, marks
from annotator.workflow.differing import difference
from annotator.workflow.projects import Project

MOST = 20
"""Versions of one codebook that are shown before the button for the older ones."""


def show(project: Project) -> None:
    """The versions of each codebook, newest first."""
    for codebook in project.scheme.codebooks:
        found = codebooks.versions(project.store, codebook.name)
        st.header(marks.plain(codebook.title), anchor=False)
        pairs = [*pairwise(reversed(found)), (found[0], None)]
        older = f"codebook.history.{codebook.name}.older"
        most = len(pairs) if st.session_state.get(older) else MOST
        for version, before in pairs[:most]:
            _version(version, before)
        if len(pairs) > most:
            label = f"Show the {len(pairs) - most:,} older versions"
            st.button(label, on_click=_show_all, args=(older,), key=f"{older}.button")


def _show_all(key: str) -> None:
    st.session_state[key] = True


def _version(version: Version, before: Version | None) -> None:
    name, number = version.codebook.name, version.codebook.version
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{marks.plain(f'{name} {number}')}**", width="content")
        st.text(f"since {version.since[:10]} {version.since[11:16]} UTC", width="stretch")
        st.download_button(
            "TOML",
            data=partial(codebook_toml.dump, version.codebook, version.source or None),
            file_name=f"{name}-{number}.toml",
            mime="application/toml",
            icon=":material/download:",
            type="tertiary",
            on_click="ignore",
            key=f"codebook.history.{name}.{number}",
        )
    if before is None:
        st.text("The first version in this project.")
    elif steps := difference(before.codebook, version.codebook):
        st.html(codebook_difference.html(steps))
    else:
        st.text("Only the version.")
