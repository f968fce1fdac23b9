"""What a search found, drawn: sentences with the words marked in them, and words in context.

Every text goes out escaped, and marks are built from offsets.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import urlencode

import streamlit as st

from annotator.store.search import Hit, Line, Span
from annotator.ui.marks import escaped
from annotator.workflow.searching import name_of

DESK = "open on the desk"

Address = dict[str, str]
"""What a link to the desk carries beside the unit: the project, and who codes."""


def sentences(hits: Sequence[Hit], address: Address) -> None:
    """Each unit with its words marked, where it is from, and the codes it carries."""
    drawn = "".join(_sentence(hit, address) for hit in hits)
    st.html(f'<ol class="found" data-testid="found">{drawn}</ol>')


def _sentence(hit: Hit, address: Address) -> str:
    unit = hit.unit
    speaker = f"{unit.speaker} ({unit.voice})" if unit.speaker else ""
    title = "headline" if unit.text == unit.title else unit.title or unit.file
    about = " · ".join(filter(None, (title, unit.source, unit.published, speaker)))
    codes = "".join(
        f"<span>{escaped(name)}</span>" for name in dict.fromkeys(map(name_of, hit.codes))
    )
    return (
        f'<li><p dir="auto">{marked(unit.text, hit.marks)}</p>'
        f"<div><small>{escaped(about)}</small>{codes}{_link(unit.unit_id, address)}</div></li>"
    )


def lines(found: Sequence[Line], address: Address) -> None:
    """The words under each other, with what stands before and behind them."""
    rows = "".join(
        f'<tr><td class="left" dir="auto"><bdi>{_one_line(one.left)}</bdi></td>'
        f'<td class="hit"><mark>{_one_line(one.hit)}</mark></td>'
        f'<td class="right" dir="auto"><bdi>{_one_line(one.right)}</bdi></td>'
        f'<td class="about">{_link(one.unit, address, _whence(one))}</td></tr>'
        for one in found
    )
    st.html(f'<table class="lines" data-testid="lines"><tbody>{rows}</tbody></table>')


def marked(text: str, marks: Iterable[Span]) -> str:
    """The text as HTML, with what lies in the spans marked.

    >>> marked("a <b> c", [(2, 5)])
    'a <mark>&lt;b&gt;</mark> c'
    """
    pieces, at = [], 0
    for start, end in marks:
        pieces += [escaped(text[at:start]), f"<mark>{escaped(text[start:end])}</mark>"]
        at = end
    return "".join([*pieces, escaped(text[at:])])


def _one_line(text: str) -> str:
    return escaped(text.replace("\n\n", " ¶ ").replace("\n", " "))


def _whence(line: Line) -> str:
    return ", ".join(filter(None, (line.published, line.source)))


def _link(unit: str, address: Address, label: str = "") -> str:
    """A link under a label; what it does is its title where the label does not say it."""
    query = escaped(urlencode({**address, "unit": unit}))
    title = f' title="{escaped(f"{label}: {DESK}")}"' if label else ""
    return f'<a href="./?{query}" target="_self"{title}>{escaped(label or DESK)}</a>'
