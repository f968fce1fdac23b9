"""How texts, names and faults from outside are shown: as they are, never as markup."""

from __future__ import annotations

import html
import re

import streamlit as st

PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
LOOKED_FOR = re.compile(
    r"(?<!\S)[-<>~](?=[-=>]+(?!\S))"  # -> -- <= and their like, alone between spaces
    r"|:(?=[\w+/-]+:)"  # :smile: and :material/home:
    r"|www(?=\.)|https?(?=:)|[\w.+-](?=@)"  # addresses
)
WORD_JOINER = "\u2060"
"""Invisible and of no width."""


def plain(text: str) -> str:
    r"""The text for a place that reads markdown: every character shows as itself.

    A backslash takes the meaning from punctuation. Some things Streamlit looks for in the
    finished text, where the backslashes are gone; a word joiner breaks those up.

    >>> plain("*a*")
    '\\*a\\*'
    """
    broken_up = LOOKED_FOR.sub(rf"\g<0>{WORD_JOINER}", text)
    return re.sub(r"\s*\n\s*", "  \n", PUNCTUATION.sub(r"\\\1", broken_up).strip())


def fault(message: str) -> None:
    """A fault in what was given, as the plain sentence it is."""
    st.error(plain(message))


def title(text: str) -> None:
    """The heading of a page, where it is a name from outside."""
    st.title(plain(text), anchor=False)


def escaped(text: str) -> str:
    """The text for HTML that this program writes, in attributes too."""
    return html.escape(text, quote=True)


def swatch(color: str | None) -> str:
    """A colour that is safe inside a style: the code's own, or the page's."""
    known = color is not None and re.fullmatch(r"#[0-9a-fA-F]{6}", color)
    return str(color) if known else "var(--st-primary-color, #5c677d)"
