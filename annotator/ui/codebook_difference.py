"""The difference between two versions of a codebook: HTML made of escaped text only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import groupby

from annotator.ui.marks import escaped
from annotator.workflow.differing import Kind, Place, Step

COLORS: dict[Kind, str] = {"new": "#3fa34d", "changed": "#3d8bc4", "gone": "#d9534f"}
QUIET = "opacity:.72"
BADGE = (
    "font-size:.8rem;font-weight:600;padding:.05rem .5rem;border-radius:4px;"
    "background:color-mix(in srgb,{color} 24%,transparent)"
)
MARK = "text-decoration:none;color:inherit;background:color-mix(in srgb,{color} 30%,transparent)"
ALIKE = 0.4
"""Wordings that share less than this are shown one after the other, without marked words."""


def html(steps: Iterable[Step]) -> str:
    """All steps, those of one place together."""
    groups = groupby(steps, key=lambda step: (step.kind, step.place))
    return "".join(_group(kind, place, list(found)) for (kind, place), found in groups)


def _group(kind: Kind, place: Place, steps: Sequence[Step]) -> str:
    badge = f'<span style="{BADGE.format(color=COLORS[kind])}">{kind}</span>'
    if kind == "changed":
        fields = groupby(steps, key=lambda step: step.field)
        rows = "".join(_changed(field, list(found)) for field, found in fields)
    else:
        rows = "".join(map(_whole, steps))
    return (
        '<section style="margin:0 0 .9rem;overflow-wrap:anywhere">'
        f"<div>{badge} <strong>{escaped(str(place))}</strong></div>{rows}</section>"
    )


def _whole(step: Step) -> str:
    """What is new or gone: its title and definition, and the units that carry it."""
    title, _, definition = (step.after or step.before).partition("\n")
    said = f"{title}: {definition}" if definition else title
    text = f'<div style="{QUIET}">{escaped(said)}</div>' if said else ""
    return text + _carried(step)


def _carried(step: Step) -> str:
    units, first = step.carriers.units, step.carriers.first
    if not units:
        return ""
    said = f'<div style="margin-top:.2rem"><strong>{step.kept}</strong></div>'
    items = "".join(f"<li>{_unit(*unit)}</li>" for unit in first)
    more = f"<li>… and {units - len(first):,} more</li>" if units > len(first) else ""
    return f'{said}<ul style="margin:.1rem 0 0">{items}{more}</ul>'


def _unit(title: str, text: str) -> str:
    source = f' <span style="{QUIET}">({escaped(title)})</span>' if title else ""
    return escaped(text) + source


def _changed(field: str, steps: Iterable[Step]) -> str:
    rows = "".join(_wording(*marked(step.before, step.after)) for step in steps)
    heading = f'<div style="font-size:.85rem;{QUIET}">{escaped(field)}</div>'
    return f'<div style="margin:.25rem 0 0">{heading}{rows}</div>'


def _wording(before: str, after: str) -> str:
    return (_row("−", before) if before else "") + (_row("+", after) if after else "")


def _row(sign: str, text: str) -> str:
    return (
        '<div style="display:flex;gap:.5rem;white-space:pre-wrap">'
        f'<span aria-hidden="true" style="{QUIET}">{sign}</span><span>{text}</span></div>'
    )


def marked(before: str, after: str) -> tuple[str, str]:
    """Both wordings as HTML, with the words that went and came marked.

    >>> [re.sub(' style="[^"]*"', "", text) for text in marked("a <b> dog", "a <b> cat")]
    ['a &lt;b&gt; <del>dog</del>', 'a &lt;b&gt; <ins>cat</ins>']
    """
    old, new = _words(before), _words(after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < ALIKE:
        return _mark("del", before), _mark("ins", after)
    left, right = [], []
    for is_equal, one, other in _runs(matcher, old, new):
        left.append(escaped(one) if is_equal else _mark("del", one))
        right.append(escaped(other) if is_equal else _mark("ins", other))
    return "".join(left), "".join(right)


def _runs(
    matcher: SequenceMatcher[str], old: Sequence[str], new: Sequence[str]
) -> Iterator[tuple[bool, str, str]]:
    """What is equal and what is not by turns; a lone blank between two changes is part of them."""
    runs = [
        (kind == "equal" and any(word.strip() for word in old[a:b]), old[a:b], new[c:d])
        for kind, a, b, c, d in matcher.get_opcodes()
    ]
    for is_equal, found in groupby(runs, key=lambda run: run[0]):
        pairs = [("".join(one), "".join(other)) for _, one, other in found]
        yield is_equal, "".join(one for one, _ in pairs), "".join(other for _, other in pairs)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+|\s+|[^\w\s]", text)


def _mark(tag: str, text: str) -> str:
    if not text:
        return ""
    color = COLORS["gone" if tag == "del" else "new"]
    return f'<{tag} style="{MARK.format(color=color)}">{escaped(text)}</{tag}>'
