"""When to stop: what is found of each code, what likely is not, and what came last."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from annotator.core.counting import counted
from annotator.learn.samplers import SAMPLERS
from annotator.learn.sampling import RESERVED
from annotator.learn.stopping import HUNDRED, LEAST_DRAWN, Unfound
from annotator.ui import model_table, places, state, stopping_charts
from annotator.ui.marks import escaped
from annotator.workflow import overview, stopping
from annotator.workflow.overview import CodeName
from annotator.workflow.projects import Project
from annotator.workflow.stopping import CodeOutlook, Outlook

Rows = Sequence[tuple[CodeName, CodeOutlook]]

BY_CHANCE = "Every way of choosing what comes next mixes some in; coding in order does not."
COLUMNS = ("Code", "Found", "Likely unfound (range)", "Share found", "At least")
MOST_NAMED = 5
ENOUGH_FOUND = 0.8
"""A share that most studies would call nearly all; the page then says that one may stop."""


def show(project: Project, coder: str | None) -> None:
    """Every code with its estimate, then what each hundred sentences brought of one of them."""
    del coder  # what is found is found, whoever did it
    if places.lacks_articles(project, "There is nothing to find yet"):
        return
    found = stopping.outlook(project)
    if not found.decided:
        st.info("Nothing is coded yet. Once some is, this page tells how much is still unfound.")
        _start_card("Start coding")
        return
    names = overview.code_names(project.scheme)
    rows = [(names[one.place], one) for one in found.codes]
    rows.sort(key=lambda row: -row[1].unfound.found)
    _sample(found)
    if not found.lacking:
        _estimates(rows)
    # Another code is no reason to read the project again.
    st.fragment(_brought)(rows)


def _start_card(label: str) -> None:
    places.link("annotate", label, {"start": "1"} | state.address())


def _sample(found: Outlook) -> None:
    """What the estimates rest on, or what is missing for them."""
    done = f"{found.decided:,} of {counted(found.units, 'sentence')} are coded"
    if found.decided == found.units:
        st.text(f"All of {counted(found.units, 'sentence')} are coded: nothing is left to find.")
    elif found.lacking:
        st.text(f"{done}.")
        st.info(
            f"How much is still unfound cannot be said yet: that takes {LEAST_DRAWN} sentences "
            f"that chance alone picked, and {found.drawn:,} of those are coded. {BY_CHANCE}"
        )
        _start_card("Choose what comes next")
    else:
        st.text(
            f"{done}. The estimates rest on {found.drawn:,} of them, which chance alone picked; "
            "bars and ranges hold with 95 % confidence."
        )


def _estimates(rows: Rows) -> None:
    """A bar and a row for each code that was found; the others together."""
    met = [row for row in rows if row[1].unfound.found]
    st.header("Found, and likely still unfound", anchor=False)
    if met:
        stopping_charts.unfound([_bar(*row) for row in met if row[1].unfound.expected is not None])
        _what_next(met)
        st.html(_table(met))
    for sentence in stopping.never_found([one for _, one in rows]):
        st.text(sentence)
    st.caption(
        "Unfound are the sentences with a code among those that nobody read. "
        "A sentence has a code where at least half of its coders gave it."
    )


def _bar(name: CodeName, one: CodeOutlook) -> dict[str, object]:
    found, estimate = one.unfound.found, one.unfound
    return {
        "code": name.full,
        "found": found,
        "likely": found + (estimate.expected or 0),
        "low": found + (estimate.low or 0),
        "high": found + (estimate.high or 0),
        "told": stopping.told(name.full, estimate),
    }


def _table(met: Rows) -> str:
    """One row for each code: HTML made of escaped text only."""
    head = "".join(f'<th scope="col">{title}</th>' for title in COLUMNS)
    body = "".join(
        f'<tr><th scope="row">{escaped(name.full)}</th>'
        + "".join(f"<td>{escaped(cell)}</td>" for cell in _cells(one.unfound))
        + "</tr>"
        for name, one in met
    )
    return model_table.framed(head, body, label="Found and unfound of every code")


def _cells(one: Unfound) -> tuple[str, ...]:
    found = f"{one.found:,}"
    if one.expected is None:
        return found, f"{counted(one.lacking, 'more sentence')} by chance needed", "–", "–"
    likely = f"{one.expected:,} ({one.low:,} to {one.high:,})"
    about = f"{100 * one.recall:.0f} %" if one.recall is not None else "–"
    # No sign of any more is no proof that all are found.
    return found, likely, about if one.expected or not one.high else "–", stopping.surely(one)


def _what_next(met: Rows) -> None:
    """For which codes one may stop, and how to go on with the others."""
    sure: list[str] = []
    open_: list[str] = []
    for name, one in met:
        is_sure = (one.unfound.recall_low or 0.0) >= ENOUGH_FOUND
        (sure if is_sure else open_).append(name.full)
    share = overview.percent(ENOUGH_FOUND)
    if sure:
        st.text(f"At least {share} are surely found of {_named(sure)}: for these you may stop.")
    if open_:
        way = SAMPLERS["rare-code"].title
        st.text(
            f"It is not sure that {share} are found of {_named(open_)}. To find more of them, "
            f"choose “{way}” as what comes next. To know better how many there are, code more "
            "sentences by chance: four times as many halve the range."
        )
        _start_card("Choose what comes next")


def _named(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _brought(rows: Rows) -> None:
    """The curve of one code, and what the last hundred sentences brought of all of them."""
    met = [row for row in rows if row[1].hundreds and row[1].unfound.found]
    if not met:
        return
    st.header("What the last sentences brought", anchor=False)
    st.text(_last(met))
    titles = [name.full for name, _ in met]
    chosen = st.selectbox(
        "Code",
        range(len(met)),
        format_func=titles.__getitem__,
        key="stopping.code",
    )
    name, one = met[chosen or 0]
    stopping_charts.hundreds(one.hundreds, name.full)
    st.caption(
        "Each bar is a hundred sentences in the order in which they were coded, the last one "
        "in full color; below, all that is found so far. By chance: of the "
        f"{overview.percent(RESERVED)} of all sentences that no other way of choosing picks."
    )


def _last(met: Rows) -> str:
    """What the last hundred sentences brought, in one sentence for all codes."""
    size = min(HUNDRED, max(one.hundreds[-1].upto for _, one in met))
    ranked = sorted(met, key=lambda row: -row[1].hundreds[-1].new)
    brought = [
        f"{name.full} {one.hundreds[-1].new}" for name, one in ranked if one.hundreds[-1].new
    ]
    last = f"The last {counted(size, 'sentence')}"
    if not brought:
        return f"{last} brought no code that is counted here."
    without = len(met) - len(brought)
    rest = f"; nothing of {counted(without, 'other code')}" if without else ""
    return f"{last} brought: {_named(brought)}{rest}."
