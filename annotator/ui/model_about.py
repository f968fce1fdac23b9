"""A model's card in words: what it looks at, how it was learned, and how to tell it from others."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import streamlit as st

from annotator.core.counting import counted

LABEL_TO_VALUE = (1, 4)  # widths


def card(project_name: str, model_id: str, told: Mapping[str, Any]) -> None:
    """The card, closed until it is asked for, and the file of it."""
    with st.expander("The model's card"):
        with st.container(gap="xsmall"):
            for label, value in rows(told):
                left, right = st.columns(LABEL_TO_VALUE, gap="small")
                left.text(label)
                right.text(value)
        st.download_button(
            "Download card.json",
            data=json.dumps(told, indent=2) + "\n",
            file_name=f"{project_name}-{model_id}-card.json",
            mime="application/json",
            icon=":material/download:",
            on_click="ignore",
            help="All of the above, and every figure of every code.",
            key="model.card",
        )


def rows(told: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each line of the card, as far as the version that saved it knew."""
    yield from _learned_from(told["scheme"])
    if "features" in told:
        yield from _features(told["features"], told["scheme"])
    if "learning" in told:
        yield from _learning(told["learning"])
    if "seed" in told:
        yield "Seed", str(told["seed"])
    if "libraries" in told:
        yield "Libraries", ", ".join(f"{name} {at}" for name, at in told["libraries"].items())
    for name, digest in told.get("sha256", {}).items():
        yield f"SHA-256 of {name}", str(digest)


def _learned_from(scheme: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "Codebooks", ", ".join(f"{name} {at}" for name, at in scheme["codebooks"].items())
    if "coded_with" in scheme:
        versions = [f"{name} {', '.join(at)}" for name, at in scheme["coded_with"].items()]
        yield "Coded with", "; ".join(versions)
        yield (
            "Learned from",
            f"{counted(scheme['decisions'], 'decision')} by {counted(scheme['coders'], 'coder')} "
            f"on {counted(scheme['documents'], 'article')}",
        )


def _features(told: Mapping[str, Any], scheme: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    pieces, groups = told["pieces"], told["groups"]
    for kind, label in (("letters", "Parts of words"), ("words", "Words")):
        if kind in pieces:
            yield label, f"{pieces[kind]:,} {told[kind]}"
        else:
            yield label, "not looked at"
    yield "Topics", told["topics"] if groups["topics"] else "not looked at"
    if "vectors" in pieces:
        yield "Word vectors", _vectors(pieces["vectors"], scheme.get("vectors") or {})
    else:
        yield "Word vectors", "the project has none"


def _vectors(words: int, made: Mapping[str, Any]) -> str:
    """How many words have one, and what they were learned from, where that is known."""
    known = f"of {counted(words, 'word')} of the project"
    if "dims" in made:
        known += f", {made['dims']:,} numbers each"
    if "texts" in made:
        known += f", learned from {counted(made['texts'], 'text')}"
    return known


def _learning(told: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if told["firmness"] is None:
        return
    yield "Penalty", f"{told['firmness']:g}: the more, the less a single sentence can change"
    heard = "speak for its codes" if told["codebook"] else "take no part"
    yield "Codebook", f"its own words {heard}"
