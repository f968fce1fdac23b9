"""The documents that are here: found, corrected in place, taken out of the corpus or away."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from annotator.core.counting import counted
from annotator.core.errors import AnnotatorError
from annotator.store import catalogue as listed
from annotator.store import documents, tables
from annotator.store.catalogue import NOBODY, Catalogue, Change, Entry
from annotator.ui import edited_table, told
from annotator.ui.edited_table import Shown
from annotator.workflow import catalogue
from annotator.workflow.projects import Project

PLACE = "catalogue"
PER_PAGE = 100

EDITED = {"source": "source", "date": "published", "author": "author"}
"""The columns that can be corrected, and the fields they hold."""

USERS_NAMES = {field: column for column, field in EDITED.items()}

ORDERS = {
    "added": "Order of import",
    "published": "Date",
    "title": "Title",
    "source": "Source",
    "author": "Author",
    "file": "File",
    "place": "Place",
    "language": "Language",
}
SHOWN = {"In the corpus": False, "Retired": True, "All": None}
EVERY = ""


@st.fragment
def show(project: Project, coder: str | None) -> None:
    """The list, page by page; what is written in it is kept at once."""
    told.show(PLACE)
    found = _found(project)
    if not found.rows:
        _nothing(any_at_all=tables.totals(project.store)["documents"] > 0)
        return
    st.caption(
        "Source, date and author can be corrected here: click twice into a cell. "
        "Each correction is kept at once, with your name and what was there before."
    )
    shown = _table(project, coder or NOBODY, found.rows)
    _actions(project, coder or NOBODY, shown)


def _nothing(*, any_at_all: bool) -> None:
    if any_at_all:
        st.info("No document is like that. Take words away, or choose another source or “All”.")
    else:
        st.info("No documents yet. Choose files under “Bring in”.")


def _found(project: Project) -> Catalogue:
    """The documents that are asked for, one page of them."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        words = st.text_input(
            "Search title, source, author and file",
            key="catalogue.words",
            width=300,
            persist_state="page",
        )
        source = _source(project)
        order = st.selectbox(
            "Order",
            list(ORDERS),
            format_func=ORDERS.__getitem__,
            key="catalogue.order",
            width=170,
            persist_state="page",
        )
        descending = st.toggle("Last first", key="catalogue.descending", persist_state="page")
        retired = st.segmented_control(
            "Show",
            list(SHOWN),
            default="In the corpus",
            required=True,
            key="catalogue.retired",
            persist_state="page",
        )

    def page_of(number: int) -> Catalogue:
        return listed.page(
            project.store,
            words=words,
            source=source,
            retired=SHOWN[retired or "In the corpus"],
            order=order,
            descending=descending,
            limit=PER_PAGE,
            offset=(number - 1) * PER_PAGE,
        )

    return edited_table.page(PLACE, "document", PER_PAGE, page_of)


def _source(project: Project) -> str:
    chosen = st.selectbox(
        "Source",
        [EVERY, *(name for name, _ in documents.sources(project.store) if name)],
        format_func=lambda name: name or "All",
        key="catalogue.source",
        width=200,
        persist_state="page",
    )
    return chosen or EVERY


def _table(project: Project, coder: str, rows: list[Entry]) -> Shown[Entry]:
    shown = edited_table.shown(PLACE, rows, [one.id for one in rows])
    st.data_editor(
        [_row(one) for one in rows],
        height=shown.height,
        hide_index=True,
        num_rows="fixed",
        disabled=["title", "units", "coded", "place", "language", "file", "retired"],
        column_order=_columns(rows),
        column_config={
            "chosen": st.column_config.CheckboxColumn("", width=40),
            "title": st.column_config.TextColumn(width=300),
            "source": st.column_config.TextColumn(width=140),
            "date": st.column_config.TextColumn(width=110, help="2031-05-04, 2031-05 or 2031"),
            "author": st.column_config.TextColumn(width=120),
        },
        key=shown.key,
        on_change=_keep,
        args=(project, coder, shown),
    )
    return shown


def _columns(rows: Sequence[Entry]) -> list[str]:
    always = ["chosen", "title", "source", "date", "author", "units", "coded"]
    seldom = [name for name in ("retired", "place") if any(getattr(one, name) for one in rows)]
    return [*always, *seldom, "language", "file"]


def _row(one: Entry) -> dict[str, object]:
    return {
        "chosen": False,
        "title": one.title or one.file,
        "source": one.source,
        "date": one.published,
        "author": one.author,
        "units": one.units,
        "coded": one.coded,
        "retired": one.retired,
        "place": one.place,
        "language": one.language,
        "file": one.file,
    }


def _keep(project: Project, coder: str, shown: Shown[Entry]) -> None:
    """Write what was just corrected; where one correction is refused, none of them is kept."""
    # The browser sends all edits since the table was drawn; those before are written already,
    # and somebody else may have corrected the same field since.
    table, written = st.session_state.get("catalogue.written", ("", {}))
    before = written if table == shown.key else {}
    edits = {
        (shown.rows[row].id, EDITED[column]): (value or "").strip()
        for row, cells in shown.edits().items()
        for column, value in cells.items()
        if column in EDITED
    }
    changes = [
        Change(id_, field, value)
        for (id_, field), value in edits.items()
        if before.get((id_, field)) != value
    ]
    try:
        made = catalogue.edit(project.store, changes, coder)
    except AnnotatorError as fault:
        edited_table.draw_anew(PLACE)
        told.say(PLACE, fault=f"Nothing was kept: {_by_title(str(fault), shown)}")
        return
    st.session_state["catalogue.written"] = (shown.key, edits)
    if any(catalogue.settled(change) != change for change in changes):
        edited_table.draw_anew(PLACE)  # what stands in the cell is not how it was kept
    if made:
        told.offer_undo(PLACE, f"Undo: {_corrected(shown, changes)}", made)


def _by_title(fault: str, shown: Shown[Entry]) -> str:
    """A sentence with the titles of documents in place of their ids."""
    for one in shown.rows:
        fault = fault.replace(one.id, one.title or one.file)
    return fault


def _corrected(shown: Shown[Entry], changes: Sequence[Change]) -> str:
    """What was corrected, in a few words."""
    if len(changes) > 1:
        return f"{len(changes)} corrections"
    titles = {one.id: one.title or one.file for one in shown.rows}
    field = USERS_NAMES[changes[0].field]
    return f"the {field} of {titles[changes[0].document_id]}"


def _actions(project: Project, coder: str, shown: Shown[Entry]) -> None:
    """What can be done with the documents that are ticked, and taking back the last correction."""
    ticked = shown.ticked()
    with st.container(horizontal=True, vertical_alignment="center"):
        told.undo_button(PLACE, _take_back, project, coder)
        if not ticked:
            st.text("Tick documents to remove, retire or restore them.")
            return
        _remove(project, coder, [one for one in ticked if not one.coded])
        _turn(
            *("Retire", catalogue.retire, project, coder),
            [one for one in ticked if not one.retired],
            "Out of the corpus: no longer coded, learned from or exported. "
            "What was coded in them stays, and they can be restored.",
        )
        _turn(
            *("Restore", catalogue.restore, project, coder),
            [one for one in ticked if one.retired],
            "Into the corpus again, with what was coded in them.",
        )
    if len(ticked) == 1:
        _history(project, ticked[0])


def _take_back(project: Project, coder: str, made: Sequence[str]) -> None:
    """Take events back; all of them or none."""
    with told.refusals(PLACE), project.store.write():
        for uuid in made:
            catalogue.undo(project.store, uuid, coder)
    told.forget_undo(PLACE)
    edited_table.draw_anew(PLACE)


def _turn(
    word: str,
    turn: Callable[..., list[str]],
    project: Project,
    coder: str,
    which: Sequence[Entry],
    help_: str,
) -> None:
    """A button that retires or restores; either can be taken back by the other."""
    if which:
        st.button(
            f"{word} {_count(which)}",
            on_click=_turned,
            args=(word, turn, project, coder, which),
            help=help_,
            key=f"catalogue.{word.lower()}",
        )


def _turned(
    word: str,
    turn: Callable[..., list[str]],
    project: Project,
    coder: str,
    which: Sequence[Entry],
) -> None:
    with told.refusals(PLACE):
        turned = turn(project.store, [one.id for one in which], coder)
        told.say(PLACE, done=f"{word}d: {counted(len(turned), 'document')}.")
    edited_table.draw_anew(PLACE)


def _remove(project: Project, coder: str, which: Sequence[Entry]) -> None:
    """Removing asks once more: it cannot be taken back."""
    if not which:
        return
    with st.popover(f"Remove {_count(which)}", icon=":material/delete:"):
        st.text(
            f"{_count(which)} and all units in {'it' if len(which) == 1 else 'them'} are "
            f"taken out of the project for good. To have {'it' if len(which) == 1 else 'them'} "
            "again, import the files again."
        )
        st.button(
            "Remove for good",
            type="primary",
            on_click=_removed,
            args=(project, coder, which),
            key="catalogue.remove",
        )


def _removed(project: Project, coder: str, which: Sequence[Entry]) -> None:
    with told.refusals(PLACE):
        removal = catalogue.remove(project.store, [one.id for one in which], coder)
        gone = counted(len(removal.removed), "document")
        kept = [f"{one.title}: it carries {one.carries}" for one in removal.kept]
        told.say(
            PLACE,
            done=f"Removed: {gone}." if removal.removed else "",
            fault="\n".join(["Not removed, retire them instead:", *kept]) if kept else "",
        )
    edited_table.draw_anew(PLACE)


def _history(project: Project, one: Entry) -> None:
    happened = listed.history(project.store, one.id)
    if not happened:
        st.text("Nothing was changed in it since it came in.")
        return
    st.text(f"What was done to {one.title or one.file}:")
    rows = [
        {
            "when": each.at[:16].replace("T", " "),
            "who": each.coder,
            "what": each.op,
            "field": USERS_NAMES.get(each.field, each.field),
            "before": each.before,
            "after": each.after,
            "reason": each.reason,
        }
        for each in happened
    ]
    st.dataframe(
        rows,
        hide_index=True,
        column_order=[name for name in rows[0] if any(row[name] for row in rows)],
        key="catalogue.history",
    )


def _count(which: Sequence[Entry]) -> str:
    return counted(len(which), "document")
