"""What an import would bring in, as its page shows it before anything is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import streamlit as st

from annotator.store import tables
from annotator.store.documents import Arrivals
from annotator.ui import import_columns, marks
from annotator.ui.import_files import Chosen
from annotator.workflow import previewing
from annotator.workflow.choosing import ROW, Choices
from annotator.workflow.previewing import Look, Preview
from annotator.workflow.projects import Project

MOST_PREVIEWED = 100
"""Files that are read for the preview; all of them are imported."""

MOST_DOCUMENTS = 10_000
"""Documents of one file that are read for the preview: one or two seconds of a table."""

FIRST_UNITS = 12

MOST_NAMED = 5
"""Files that a warning names."""

MOST_WARNED = 12
"""Warnings that are shown; the report of the import has all of them."""

MOST_LISTED = 200
"""Documents that are listed; more would make every redrawing of the page slow."""

ALWAYS = ("file", "recognized as", "new documents")
"""Columns of the table of files that are there even where they say nothing."""

MOST_FAULTS = 10
"""Faults that are told in full; the table of files has all of them."""


@dataclass
class _Kept:
    """The looks of one browser tab, and what the files looked at so far would bring in."""

    state: tuple[object, ...]
    seen: Arrivals
    learned: dict[str, Mapping[str, str]] = field(default_factory=dict)
    looks: dict[tuple[str, str], Look] = field(default_factory=dict)


def looks(project: Project, chosen: Sequence[Chosen], choices: Choices) -> list[Look]:
    """What the first files would bring in; each is read once, until a choice changes."""
    wanted = chosen[:MOST_PREVIEWED]
    kept = _kept(project, wanted, choices)
    unread = [one for one in wanted if not _is_read(kept, one)]
    bar = st.empty()
    for number, one in enumerate(unread):
        bar.progress(number / len(unread), text=marks.plain(f"Looking at {one.source.name}"))
        kept.looks[one.key] = _look(project, kept, one, choices)
    bar.empty()
    return [kept.looks[one.key] for one in wanted]


def _kept(project: Project, wanted: Sequence[Chosen], choices: Choices) -> _Kept:
    """The looks so far, or none where they are of other choices or of another set of files."""
    state = (project.id, choices, tables.totals(project.store)["documents"])
    kept: _Kept | None = st.session_state.get("import.looks")
    # A file that was taken out may have been the first of two that say the same.
    if kept is None or kept.state != state or kept.looks.keys() - {one.key for one in wanted}:
        kept = _Kept(state, previewing.arrivals(project.store, choices))
        st.session_state["import.looks"] = kept
    return kept


def _is_read(kept: _Kept, one: Chosen) -> bool:
    look = kept.looks.get(one.key)
    return look is not None and import_columns.is_settled(look)


def _look(project: Project, kept: _Kept, one: Chosen, choices: Choices) -> Look:
    """One look; a second one where the boxes name other columns for a table like this."""
    look = kept.looks.get(one.key)
    if look is None:
        look = previewing.look(
            *(project.store, one.source, choices, kept.seen, kept.learned), most=MOST_DOCUMENTS
        )
    if look.table is None or import_columns.is_settled(look):
        return look
    named = replace(choices, columns=import_columns.given(look.table) or {})
    # By other columns the same rows are other documents, which nothing before them has brought.
    return previewing.look(project.store, one.source, named, most=MOST_DOCUMENTS)


def forget() -> None:
    """Look anew at the files that are chosen next."""
    st.session_state.pop("import.looks", None)


def refused(found_in: Sequence[Look]) -> int:
    """How many of these files an import will not take."""
    return sum(bool(look.fault or look.skipped) for look in found_in)


def is_all_known(found_in: Sequence[Look], total: int) -> bool:
    """Whether an import of these files would add nothing that is not here."""
    waiting = any(look.asks_order or import_columns.is_missing_text(look) for look in found_in)
    if waiting or len(found_in) < total or not all(look.whole for look in found_in):
        return False
    known = sum(look.outcome.known for look in found_in)
    return known > 0 and not sum(look.outcome.documents for look in found_in)


def faults(found_in: Sequence[Look], choices: Choices) -> None:
    """What stands in the way of some files, and what to do; not where the page asks for it."""
    told = [look.fault for look in found_in if look.fault and not _asked(look, choices)]
    if not told:
        return
    head = [f"{len(told):,} files cannot be imported as they are:"] if told[1:] else []
    more = len(told) - MOST_FAULTS
    rest = [f"… and {more:,} more; the table below has them."] if more > 0 else []
    marks.fault("\n".join([*head, *told[:MOST_FAULTS], *rest]))


def _asked(look: Look, choices: Choices) -> str:
    """What the page asks, or has said, about a refused file; empty where that is its fault."""
    if look.asks_order:
        return "waits for the answer about its dates"
    if import_columns.is_missing_text(look):
        return "waits for the column of its text"
    if choices.unit == ROW and not look.table and look.outcome.format:
        return "is no table and has no rows"
    return ""


def show(found_in: Sequence[Look], choices: Choices, total: int) -> None:
    """What was found in each file, and how one of the documents comes in."""
    st.header("What was recognized", anchor=False)
    if total > len(found_in):
        st.text(f"The first {len(found_in):,} of {total:,} files. All of them are imported.")
    for look in found_in:
        if not look.whole:
            st.text(f"Of {look.file} the first {_counted(look):,} documents were looked at.")
    if hidden := sum(look.skipped for look in found_in):
        st.text(f"{hidden:,} hidden files are skipped.")
    if warned := list(warnings(found_in)):
        more = len(warned) - MOST_WARNED
        rest = [f"… and {more:,} more; the report of the import has them."] if more > 0 else []
        st.warning(marks.plain("\n".join([*warned[:MOST_WARNED], *rest])))
    files = [_file(look, choices) for look in found_in if not look.skipped]
    st.dataframe(
        files,
        hide_index=True,
        key="import.files",
        column_order=[
            name
            for name in dict.fromkeys(name for one in files for name in one)
            if name in ALWAYS or any(one[name] for one in files)
        ],
        placeholder="",
        column_config={
            "file": st.column_config.TextColumn(width="medium"),
            "remarks": st.column_config.TextColumn(width=420),
        },
    )
    if found := [one for look in found_in for one in look.previews]:
        if others := found[MOST_LISTED:]:
            st.text(f"{MOST_LISTED} documents are listed, and {len(others):,} more were read.")
        _documents(found[:MOST_LISTED])
        _one_document(found[:MOST_LISTED])


def warnings(found_in: Sequence[Look]) -> Iterator[str]:
    """Every warning once, with the files that it is about."""
    about: dict[str, dict[str, None]] = {}
    for look in found_in:
        for warning in look.outcome.warnings:
            about.setdefault(warning, {})[look.file] = None
    return (f"{_named(list(names))}: {warning}" for warning, names in about.items())


def _named(names: list[str]) -> str:
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")


def _counted(look: Look) -> int:
    return look.outcome.documents + look.outcome.known


def _file(look: Look, choices: Choices) -> dict[str, object]:
    outcome = look.outcome
    remarks = look.fault.removeprefix(f"{look.file}: ")
    return {
        "file": look.file,
        "recognized as": outcome.format.removeprefix("a ").removeprefix("an "),
        # Of a file that is refused there is nothing to count.
        "new documents": None if look.fault else outcome.documents,
        "already there": None if look.fault else outcome.known,
        "units": None if look.fault else outcome.units,
        "remarks": _asked(look, choices) or remarks,
    }


def _documents(found: Sequence[Preview]) -> None:
    rows = [_row(one) for one in found]
    st.dataframe(
        rows,
        hide_index=True,
        key="import.preview",
        column_order=[name for name in rows[0] if any(row[name] for row in rows)],
        column_config={
            "title": st.column_config.TextColumn(width=300),
            "date": st.column_config.TextColumn(width=100),
            "source": st.column_config.TextColumn(width=150),
        },
    )


def _row(one: Preview) -> dict[str, object]:
    draft = one.draft
    return {
        "file": draft.file,
        "in the project": "already there" if one.known else "new",
        "title": draft.title,
        "date": draft.published,
        "source": draft.source,
        "place": draft.place,
        "author": draft.author,
        "language": draft.language,
        "units": len(one.segments),
    }


def _one_document(found: Sequence[Preview]) -> None:
    """Where the fields of one document come from, and how its text is cut."""
    # The number tells documents of one title apart; a name that is gone gives way to the first.
    names = [f"{number}. {_name(one)}" for number, one in enumerate(found, start=1)]
    chosen = st.selectbox("How one document comes in", names, key="import.shown")
    one = found[names.index(chosen)]
    beside = st.container(horizontal=True)
    fields, units = beside.container(width=440), beside.container(width="stretch")
    fields.dataframe(
        [
            {"field": name, "value": value, "found in": where}
            for name, value, where in previewing.previewed_fields(one.draft)
        ],
        hide_index=True,
        key="import.fields",
        column_config={"field": st.column_config.Column(width="small")},
    )
    units.dataframe(
        [
            {"part": cut.part, "text": one.draft.text[cut.start : cut.end]}
            for cut in one.segments[:FIRST_UNITS]
        ],
        hide_index=True,
        key="import.units",
        column_config={"part": st.column_config.Column(width="small")},
    )
    if len(one.segments) > FIRST_UNITS:
        units.text(f"… and {len(one.segments) - FIRST_UNITS:,} more")


def _name(one: Preview) -> str:
    return one.draft.title or f"{one.draft.file}: {one.draft.text[:60]}"
