"""How far a coder is: kept by triggers, and the same as counting anew."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.core.annotation import Event
from annotator.store import Store, catalogue, events, progress
from annotator.store.events import Told
from annotator.store.progress import Progress
from annotator.store.seat import Seat

SAVED = Path(__file__).parents[1] / "data" / "project-1.db"
AT = "2021-05-03T10:00:00.000+00:00"


def counted(store: Store, coder: str) -> Progress:
    """The same figures, counted from the current view."""
    total, documents = store.db.execute(
        "select (select count(*) from unit), (select count(*) from document)"
    ).fetchone()
    done, skipped, flagged = store.db.execute(
        "select count(status), count(*) filter (where status = 'skipped'),"
        " count(*) filter (where flagged) from coding where coder = ?",
        (coder,),
    ).fetchone()
    (complete,) = store.db.execute(
        "select count(*) from document d where units = (select count(*) from unit u"
        " join coding c on c.unit = u.seq where u.document_id = d.id and c.coder = ?"
        " and c.status is not null)",
        (coder,),
    ).fetchone()
    return Progress(done, total, complete, documents, skipped, flagged)


STEP = st.tuples(
    st.sampled_from(["ana", "ben"]),
    st.sampled_from(["set", "skip", "not_codable", "rest", "flag", "unflag", "memo", "undo"]),
    st.integers(0, 4),
)


def event(number: int, op: str, unit: str, made: list[str]) -> Event | None:
    if op == "undo" and not made:
        return None
    fields = {
        "rest": {"op": "not_codable", "rest": True},
        "flag": {"flagged": True},
        "unflag": {"op": "flag", "flagged": False},
        "memo": {"memo": "why?"},
        "undo": {"op": "retract", "ref": made[-1] if made else None},
    }.get(op, {})
    stated = {"uuid": f"event-{number:04}", "op": op, "unit": unit, "scheme": 1}
    return Event.model_validate(stated | fields)


@settings(max_examples=40, deadline=None)
@given(steps=st.lists(STEP, max_size=25))
def test_after_any_work_the_kept_progress_is_what_counting_gives(steps, store_of_five):
    with TemporaryDirectory() as folder:
        store = store_of_five(Path(folder))
        names = [row[0] for row in store.db.execute("select id from unit order by seq")]
        made: dict[tuple[str, int], list[str]] = {}
        for number, (coder, op, unit) in enumerate(steps):
            of_unit = made.setdefault((coder, unit), [])
            told = event(number, op, names[unit], of_unit)
            if told is None:
                continue
            (refusal,) = events.record(store, [Told(coder, told, AT)])
            if refusal is None and told.op in {"set", "skip", "not_codable"}:
                of_unit.append(told.uuid)

            for who in ("ana", "ben"):
                assert progress.of(store, Seat(who)) == counted(store, who)
        store.close()


def test_a_document_that_goes_is_counted_no_more(store):
    (first,) = store.db.execute("select id from document order by rowid").fetchone()

    catalogue.remove(store, [first], "ana", AT)

    assert progress.of(store, Seat("ana")) == Progress(0, 2, 0, 1, 0, 0)


def test_a_project_from_before_the_counts_is_counted_when_it_opens(tmp_path):
    place = tmp_path / "old.annotator"
    shutil.copy(SAVED, place)

    opened = Store.open(place)

    assert progress.of(opened, Seat("ana")) == Progress(1, 2, 0, 1, 0, 0)
    opened.close()
