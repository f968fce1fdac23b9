"""Did the suggestions move the labels? What was coded with them on screen, and without."""

from __future__ import annotations

import io
from typing import Any

import streamlit as st

from annotator.learn.anchoring import EVERYBODY, CodeFigures
from annotator.ui import marks, model_charts, model_missing, places
from annotator.workflow import anchoring, overview
from annotator.workflow.anchoring import Report
from annotator.workflow.overview import CodeName, Place
from annotator.workflow.projects import Project

WITH, WITHOUT = "with suggestions", "without"
COMPARED = (
    "Both arms are compared as chance assigned them, among sentences for which the model had a "
    "score, whether or not anything was on screen. Lines are 95 % intervals. A code has moved "
    "where so large a difference is unlikely by chance, allowing for how many codes are looked at."
)
FIGURES = {
    "code": "Code",
    "given_shown_n": "Sentences with",
    "given_shown_value": "Given with",
    "given_hidden_n": "Sentences without",
    "given_hidden_value": "Given without",
    "given_difference": "Difference",
    "given_low": "from",
    "given_high": "to",
    "moved": "Moved",
    "same_shown_value": "Model's answer with",
    "same_hidden_value": "Model's answer without",
    "accepted_value": "Taken over",
    "accepted_n": "of shown",
    "anyway_value": "Given anyway",
    "anyway_n": "of hidden",
    "toward": "Changed toward",
    "away": "Changed away",
    "coders_shown_alpha": "Alpha with",
    "coders_hidden_alpha": "Alpha without",
    "more": "More to code",
}
"""What ``anchoring.rows`` calls it, and the heading of its column."""

SHARES = {
    *("given_shown_value", "given_hidden_value", "given_difference", "given_low", "given_high"),
    *("same_shown_value", "same_hidden_value", "accepted_value", "anyway_value"),
}


def show(project: Project, _coder: str | None) -> None:
    """The sentences first, then the plot, what goes along with it, and every figure."""
    found = anchoring.report(project)
    coder = _chosen(found)
    verdict = found.verdict(coder)
    first, *others = verdict.sentences
    if verdict.state in ("no model", "one arm", "too little"):
        st.info(marks.plain(first))
    else:
        st.markdown(f"**{marks.plain(first)}**")
    if verdict.state == "no model":
        model_missing.lead_on(project)
    elif verdict.state == "too little":
        places.link("annotate", "Go on coding")
    for sentence in others:
        st.text(sentence)
    for note in found.notes:
        st.caption(marks.plain(note))
    own = [row for row in found.codes if row.coder == coder]
    _figures(project, found, coder, own)


def _chosen(found: Report) -> str:
    """Whose figures are shown; all coders together at first."""
    if not found.coders:
        return EVERYBODY
    return st.selectbox(
        "Coder",
        [EVERYBODY, *found.coders],
        format_func=lambda name: name or "All coders together",
        key="model.anchoring.coder",
        width=320,
    )


def _figures(project: Project, found: Report, coder: str, own: list[CodeFigures]) -> None:
    names = overview.code_names(project.scheme)
    if points := _points(own, names):
        st.header("How often each code was given", anchor=False)
        model_charts.arms(points)
        st.caption(COMPARED)
    _measures(found, coder, own)
    if points:
        _table(project, found, coder, names)


def _points(own: list[CodeFigures], names: dict[Place, CodeName]) -> list[dict[str, Any]]:
    """What the plot shows: the codes that moved first, then the largest differences."""
    compared = [(row, row.given, row.code) for row in own if row.given and row.code]
    furthest = sorted(compared, key=lambda one: (not one[0].moved, -abs(one[1].difference)))
    return [
        {
            "code": f"{names[code].full}{' (moved)' if row.moved else ''}",
            "arm": name,
            "value": arm.value,
            "low": arm.low,
            "high": arm.high,
        }
        for row, given, code in furthest
        for name, arm in ((WITH, given.shown), (WITHOUT, given.hidden))
    ]


def _measures(found: Report, coder: str, own: list[CodeFigures]) -> None:
    """How many suggestions were taken over, and the time, with their intervals."""
    with st.container(horizontal=True):
        for label, share in (
            ("Taken over", own[0].accepted if own else None),
            ("Given though hidden", own[0].anyway if own else None),
        ):
            if share:
                between = f"{100 * share.low:.0f} to {100 * share.high:.0f} %, n = {share.n:,}"
                _metric(label, f"{100 * share.value:.0f} %", between)
        for pace in found.paces:
            if pace.coder == coder:
                _metric("Seconds with suggestions", f"{pace.shown_median:.1f}", "median")
                _metric("Seconds without", f"{pace.hidden_median:.1f}", "median")
                between = f"{pace.low:.2f} to {pace.high:.2f}"
                _metric("Time with against without", f"× {pace.ratio:.2f}", between)


def _metric(label: str, value: str, below: str) -> None:
    st.metric(label, value, below, delta_color="off", delta_arrow="off", width=190)


def _table(project: Project, found: Report, coder: str, names: dict[Place, CodeName]) -> None:
    """Every figure of the coder; the file has those of all coders, and more columns."""
    rows = []
    for row in anchoring.rows(found, coder):
        place = (row["variable"], row["target"], row["code"])
        told = row | {
            "code": names[place].full if place in names else "All codes",
            "moved": "yes" if row["moved"] else "",
        }
        rows.append({heading: told[name] for name, heading in FIGURES.items()})
    st.header("All figures", anchor=False)
    percent = st.column_config.NumberColumn(format="percent")
    st.dataframe(
        rows,
        hide_index=True,
        column_config={"Code": st.column_config.TextColumn(pinned=True)}
        | {FIGURES[name]: percent for name in SHARES}
        | {FIGURES[f"coders_{arm}_alpha"]: _alpha() for arm in ("shown", "hidden")},
        key="model.anchoring.table",
    )
    st.download_button(
        "Download anchoring.csv",
        data=_csv(found),
        file_name=f"{project.path.stem}-anchoring.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
        help="Every figure of every coder, with all intervals.",
        key="model.anchoring.csv",
    )


def _alpha() -> Any:
    return st.column_config.NumberColumn(format="%.2f")


def _csv(found: Report) -> bytes:
    out = io.StringIO(newline="")
    anchoring.write(found, out)
    return out.getvalue().encode("utf-8")
