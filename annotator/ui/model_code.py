"""One code of a model closely: its figures, whether its scores can be trusted, its mistakes."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from annotator.learn.model import CodeCard, Mistake
from annotator.store import reading
from annotator.store.desk_units import DeskUnit
from annotator.store.seat import Seat
from annotator.ui import marks, model_charts, model_cut
from annotator.ui.model_card import name_of
from annotator.workflow import overview
from annotator.workflow.projects import Project

INTERVALS = {
    "precision": "Precision",
    "recall": "Recall",
    "average_precision": "Average precision",
}
CALIBRATED = (
    "Its scores are probabilities: of sentences scored 0.7, about seven in ten carry the code, as "
    "long as new text resembles the coded text."
)
UNCALIBRATED = "Its scores are uncalibrated: they put sentences in order, and are no probabilities."
NO_PLOT = {
    True: (
        "For a plot of how far its scores can be trusted, 30 sentences with it and 30 without "
        "must have been tested."
    ),
    False: "There is nothing to plot: calibrated scores take about 30 sentences with the code.",
}
"""What is said instead of a reliability plot, by whether the code is calibrated."""


def one_code(project: Project, coder: str | None, codes: Sequence[CodeCard]) -> None:
    """Choose a code, and see what is known of it."""
    names = overview.code_names(project.scheme)
    given = {
        (code.variable, code.target, code.code): code
        for code in sorted(codes, key=lambda code: -code.positives)
        if code.positives
    }
    if not given:
        return
    st.header("One code closely", anchor=False)
    chosen = st.selectbox(
        "Code",
        list(given),
        format_func=lambda place: _label(name_of(given[place], names)),
        key="model.code",
        width=420,
    )
    code = given[chosen]
    st.text(_standing(code))
    if code.n:
        _figures(code)
        _plots(code)
    model_cut.choose(project, code)
    _terms(code)
    _mistakes(project, coder, code)


def _label(name: overview.CodeName) -> str:
    return f"{name.variable} · {name.full}"


def _standing(code: CodeCard) -> str:
    """How much is known of it, and what it lacks, in one line."""
    where = "" if code.positive_documents is None else f" in {code.positive_documents:,} articles"
    lacks = overview.missing(code)
    desk = f"Not on the desk: {lacks}." if lacks else "On the desk."
    trust = "" if not code.fitted else CALIBRATED if code.calibrated else UNCALIBRATED
    return f"{desk} {code.positives:,} sentences with it{where}. {trust}".strip()


def _figures(code: CodeCard) -> None:
    """The main figures with their intervals below them."""
    share = code.evaluated_positives / code.n
    helped = {
        "F1": "The balance of precision and recall.",
        "Brier score": (
            "The mean squared gap between score and truth; 0 is perfect, and always saying "
            f"how frequent the code is would give {share * (1 - share):.2f}."
        ),
        "Calibration error": (
            "How far the scores lie from the shares they promise, over tenths of the score; "
            "0 is perfect."
        ),
    }
    with st.container(horizontal=True):
        for name, label in INTERVALS.items():
            low, high = getattr(code, f"{name}_low"), getattr(code, f"{name}_high")
            st.metric(
                label,
                _figure(getattr(code, name)),
                "interval unknown" if low is None else f"{low:.2f} to {high:.2f}",
                delta_color="off",
                delta_arrow="off",
                width=180,
                help=f"A random order would give {share:.2f}."
                if name == "average_precision"
                else None,
            )
        for label, value in zip(helped, (code.f1, code.brier, code.calibration_error), strict=True):
            if value is not None:
                st.metric(label, _figure(value), help=helped[label], width=150)


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _plots(code: CodeCard) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("Can its scores be trusted?", anchor=False)
        if code.reliability:
            model_charts.reliability(code.reliability)
            st.caption(
                "Sentences grouped by score, and how many of each group carry the code, with "
                "95 % intervals; the numbers above count them. On the dotted line the scores keep "
                "their promise."
            )
        else:
            st.text(NO_PLOT[code.calibrated])
    with right:
        if code.curve:
            st.subheader("What does a higher threshold buy?", anchor=False)
            model_charts.precision_recall(code.curve, code.threshold, code.desk_threshold)
            st.caption(
                "Precision and recall from each score on; the lines are the code's threshold "
                "and, where there is one, the desk's."
            )


def _terms(code: CodeCard) -> None:
    for label, terms in (("For it", code.terms_for), ("Against it", code.terms_against)):
        if terms:
            st.text(f"{label} speak: {' · '.join(terms)}")


def _mistakes(project: Project, coder: str | None, code: CodeCard) -> None:
    """Sentences that the model got wrong without having seen their article."""
    if not code.false_positives and not code.false_negatives:
        return
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("Suggested, but coded without it", anchor=False)
        _sentences(project, coder, code.false_positives, "wrong")
    with right:
        st.subheader("Coded with it, but missed", anchor=False)
        _sentences(project, coder, code.false_negatives, "missed")
    st.caption(
        "The clearest mistakes, by models that had not seen the article, against the codes as "
        "they were when the model was trained. Sentences that you have yet to code without "
        "suggestions are not listed."
    )


def _sentences(project: Project, coder: str | None, mistakes: Sequence[Mistake], kind: str) -> None:
    found = overview.to_read(project, coder, mistakes)
    if not found:
        st.text("None to show.")
    for mistake, unit in found:
        with st.container(border=True, gap="small"):
            st.text(unit.text)
            st.caption(marks.plain(f"{mistake.score:.2f} · {unit.title}"))
            st.button(
                "Read the article",
                type="tertiary",
                icon=":material/article:",
                on_click=_read,
                args=(project, unit),
                key=f"model.read.{kind}.{unit.unit_id}",
            )


@st.dialog("Article", width="large")
def _read(project: Project, unit: DeskUnit) -> None:
    """The article with the sentence marked in it."""
    st.text(" · ".join(filter(None, (unit.title, unit.source, unit.published))))
    paragraphs = reading.article(project.store, Seat(""), unit.document_id) or []
    for paragraph in paragraphs:
        pieces = [
            f"<mark>{marks.escaped(piece.text)}</mark>"
            if piece.unit == unit.unit_id
            else marks.escaped(piece.text)
            for piece in paragraph
        ]
        st.html(f"<p>{''.join(pieces)}</p>")
