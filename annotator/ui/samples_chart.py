"""The design of a sample as figures: what each stratum holds, and what is drawn of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from annotator.learn.plans import Stratum
from annotator.ui.chart_parts import FOOT, MEASURED, ROW, SECOND, draw, every_name, legend
from annotator.workflow import plans

MOST_BARS = 15


def table(strata: Sequence[Stratum], what: str, *, key: str) -> None:
    """Every stratum with its probability; ``what`` is drawn, sentences or articles."""
    shown = {"stratum": "stratum", "held": what, "drawn": "drawn", "probability": "probability"}
    if what != "sentences":
        shown["sentences"] = "sentences to code"
    st.dataframe(
        [{title: row[name] for name, title in shown.items()} for row in plans.rows(strata)],
        hide_index=True,
        column_config={
            "stratum": st.column_config.TextColumn(width=140),
            what: st.column_config.NumberColumn(width=90),
            "drawn": st.column_config.NumberColumn(width=65),
            "probability": st.column_config.NumberColumn(width=95, format="%.4f"),
            "sentences to code": st.column_config.NumberColumn(format="%.0f"),
        },
        key=key,
    )


def shares(strata: Sequence[Stratum], what: str, *, key: str) -> None:
    """Of each stratum its part of all and its part of the sample; nothing where there is one."""
    if len(strata) < 2:
        return
    import altair as alt
    import pandas as pd

    shown = sorted(strata, key=lambda one: -one.held)[:MOST_BARS]
    corpus, sample = f"of all {what}", "of the sample"
    colors = {corpus: MEASURED, sample: SECOND}
    rows = _bars(strata, shown, corpus, sample)
    names = [one.name for one in shown]
    chart = (
        alt.Chart(pd.DataFrame(rows))
        .mark_bar(cornerRadiusEnd=2)
        .encode(
            x=alt.X("share:Q", title=None, axis=alt.Axis(format="%", tickCount=5)),
            y=alt.Y(
                "stratum:N",
                sort=names,
                title=None,
                axis=every_name(220),
            ),
            yOffset=alt.YOffset("part:N", sort=[corpus, sample]),
            color=alt.Color(
                "part:N",
                title=None,
                scale=alt.Scale(domain=list(colors), range=list(colors.values())),
                legend=None,
            ),
            tooltip=["stratum:N", "part:N", alt.Tooltip("share:Q", format=".1%"), "number:Q"],
        )
        .properties(height=FOOT + ROW * len(shown))
    )
    told = "; ".join(f"{row['stratum']}: {row['share']:.1%} {row['part']}" for row in rows)
    legend(colors)
    draw(chart, told, key=key)
    if len(strata) > len(shown):
        st.caption(f"The {len(shown)} largest of {len(strata):,} strata; the table has all.")


def _bars(
    strata: Sequence[Stratum], shown: Sequence[Stratum], corpus: str, sample: str
) -> list[dict[str, Any]]:
    held, drawn = sum(one.held for one in strata), sum(one.drawn for one in strata)
    return [
        {"stratum": one.name, "part": part, "share": number / whole, "number": number}
        for one in shown
        for part, number, whole in ((corpus, one.held, held), (sample, one.drawn, drawn))
    ]
