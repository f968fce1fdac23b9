"""Models and the work of training them, as the store remembers it."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
import time
from typing import Any, NamedTuple

from pydantic_core import from_json

from annotator.core.errors import ModelError
from annotator.store import journal, settings
from annotator.store.connection import Store

STALE = 60.0  # seconds without a heartbeat after which a job counts as dead

CANCELLED = "training was cancelled; the model before stays in force"

AUTOMATIC = "automatic"
"""The reason of a training that nobody asked for."""

USE = "use"
"""The reason of a job that trains nothing: it puts a model in force that was there before."""

_FOLLOWING = "training to follow"
"""What a project knows of the training that was asked for while another one ran: its reason."""

_PAUSED = "training paused"
"""Whether a project waits with trainings that nobody asks for, since a model was chosen: 1."""


class Job(NamedTuple):
    """One run of training; ``last_event`` is the newest event it may learn from."""

    id: int
    status: str
    pid: int
    reason: str
    started_at: str
    heartbeat: float
    ended_at: str
    done: int
    total: int
    message: str
    last_event: int
    model_id: str | None
    host: str = ""

    @property
    def alive(self) -> bool:
        """Whether its process still works, as far as that can be told from here."""
        if self.status != "running" or abs(time.time() - self.heartbeat) > STALE:
            return False  # by the distance: a clock set back must not keep a dead job alive
        return self.host != platform.node() or _runs(self.pid)


class Registered(NamedTuple):
    """A model that the project has: when and why it was made, and with which scheme.

    ``chosen_by`` and ``chosen_at`` say who put it in force last when it was not made for that;
    both are empty where nobody did.
    """

    id: str
    made_at: str
    reason: str
    scheme: int
    last_event: int
    card: dict[str, Any]
    in_force: bool
    chosen_by: str
    chosen_at: str


def start(store: Store, *, pid: int, reason: str, at: str, last_event: int) -> Job:
    """Enter a job; refused while another one is alive.

    It learns from all there is, so that nothing is left to follow of what was asked for before.
    While trainings wait since a model was chosen, only one that somebody asked for may start.
    """
    with store.write() as conn:
        if running(store):
            raise ModelError("this project is being trained already; wait for it or cancel it")
        if reason == AUTOMATIC and is_paused(store):
            raise ModelError("an older model was chosen; nothing trains until somebody asks for it")
        conn.execute(
            "update train_job set status = 'failed', ended_at = ?,"
            " message = 'the process ended without a word' where status = 'running'",
            (at,),
        )
        cursor = conn.execute(
            "insert into train_job (status, pid, host, reason, started_at, heartbeat, last_event)"
            " values ('running', ?, ?, ?, ?, ?, ?)",
            (pid, platform.node(), reason, at, time.time(), last_event),
        )
        number = int(cursor.lastrowid or 0)
        settings.put(store, **{_FOLLOWING: ""})
    return _job(store, "where id = ?", number)


def ask(store: Store, reason: str) -> bool:
    """Have one more job follow the one that is alive; False where none is.

    However often it is asked, one follows.
    """
    with store.write():
        if running(store) is None:
            return False
        settings.put(store, **{_FOLLOWING: following(store) or reason})
    return True


def following(store: Store) -> str:
    """The reason of the job that was asked for and has not begun; empty where there is none."""
    return settings.value(store, _FOLLOWING)


def follow(store: Store, *, pid: int, at: str, last_event: int) -> Job | None:
    """Enter the job that was asked for; None where there is none, or another one is alive."""
    with store.write():
        reason = following(store)
        if not reason or running(store) is not None:
            return None
        if reason == AUTOMATIC and is_paused(store):
            settings.put(store, **{_FOLLOWING: ""})
            return None
        return start(store, pid=pid, reason=reason, at=at, last_event=last_event)


def cancel(store: Store, at: str) -> None:
    """End the job that is alive, and forget the one that was to follow it."""
    with store.write():
        settings.put(store, **{_FOLLOWING: ""})
        job = running(store)
        if job is not None:
            end(store, job.id, "cancelled", at, "cancelled")


def beat(store: Store, job: int, done: int, total: int, message: str) -> bool:
    """Tell how far a job is; False where it was cancelled meanwhile."""
    with store.write() as conn:
        cursor = conn.execute(
            "update train_job set heartbeat = ?, done = ?, total = ?, message = ?"
            " where id = ? and status = 'running'",
            (time.time(), done, total, message, job),
        )
        return cursor.rowcount == 1


def is_open(store: Store, job: int) -> bool:
    """Whether a job was neither cancelled nor brought to an end."""
    row = store.db.execute("select status from train_job where id = ?", (job,)).fetchone()
    return row is not None and row[0] == "running"


def end(store: Store, job: int, status: str, at: str, message: str = "") -> None:
    """Close a job that did not make a model."""
    with store.write() as conn:
        conn.execute(
            "update train_job set status = ?, ended_at = ?, message = ?"
            " where id = ? and status = 'running'",
            (status, at, message, job),
        )


def put_model(
    store: Store, job: int, model_id: str, scheme: int, card: dict[str, Any], at: str
) -> None:
    """Put a model in force and close its job: the last step of training.

    It ends the pause since an older model was chosen: somebody asked for this training.
    """
    with store.write() as conn:
        (last_event,) = conn.execute(
            "select last_event from train_job where id = ?", (job,)
        ).fetchone()
        conn.execute(
            "insert into model (id, made_at, scheme, last_event, card) values (?, ?, ?, ?, ?)"
            " on conflict (id) do update set made_at = excluded.made_at,"
            " last_event = excluded.last_event, card = excluded.card",
            (model_id, at, scheme, last_event, json.dumps(card)),
        )
        closed = conn.execute(
            "update train_job set status = 'done', ended_at = ?, model_id = ?, message = ''"
            " where id = ? and status = 'running'",
            (at, model_id, job),
        )
        if not closed.rowcount:
            raise ModelError(CANCELLED)
        go_on(store)


def put_in_force(store: Store, job: int, model_id: str, who: str, at: str) -> None:
    """Put a model in force that is there already, and close the job that did so.

    Trainings that nobody asks for wait from then on, so that the choice is not thrown away, unless
    it is the newest model: that is as if nobody had chosen.
    """
    with store.write() as conn:
        before = _in_force(conn)
        closed = conn.execute(
            "update train_job set status = 'done', ended_at = ?, model_id = ?, message = ''"
            " where id = ? and status = 'running'",
            (at, model_id, job),
        )
        if not closed.rowcount:
            raise ModelError("the choice was cancelled; the model before stays in force")
        (newest,) = conn.execute("select id from model order by rowid desc limit 1").fetchone()
        settings.put(store, **{_PAUSED: "" if model_id == newest else "1"})
        if following(store) == AUTOMATIC:
            settings.put(store, **{_FOLLOWING: ""})
        journal.append(conn, ("model", model_id), "use", {"from": before}, who, at)


def is_paused(store: Store) -> bool:
    """Whether the project trains only where somebody asks for it, since a model was chosen."""
    return settings.value(store, _PAUSED) == "1"


def go_on(store: Store) -> None:
    """Let the project train by itself again."""
    settings.put(store, **{_PAUSED: ""})


def registered(store: Store, model_id: str = "") -> list[Registered]:
    """Every model the project ever had, the newest first; or that one alone."""
    rows = store.db.execute(
        "select m.id, m.made_at, coalesce((select reason from train_job j"
        "  where j.model_id = m.id and j.status = 'done' order by j.id limit 1), ''),"
        " m.scheme, m.last_event, m.card, coalesce(e.coder, ''), coalesce(e.recorded_at, '')"
        " from model m left join event e on e.seq = (select max(seq) from event"
        "  where subject = 'model' and subject_id = m.id and op = 'use')"
        " where ?1 = '' or m.id = ?1 order by m.rowid desc",
        (model_id,),
    ).fetchall()
    current = _in_force(store.db.conn)
    return [
        # Cards are long, and pydantic's reader is twice as fast as json's.
        Registered._make((*about, from_json(card), about[0] == current, by, at))
        for *about, card, by, at in rows
    ]


def lately_in_force(store: Store, most: int) -> list[str]:
    """The models that were in force last, that of today first."""
    rows = store.db.execute(
        "select model_id from train_job where status = 'done' group by model_id"
        " order by max(id) desc limit ?",
        (most,),
    )
    return [row[0] for row in rows]


def model(store: Store) -> tuple[str, dict[str, Any]] | None:
    """The id and card of the model in force: the one a job finished last."""
    row = store.db.execute(
        "select m.id, m.card from train_job j join model m on m.id = j.model_id"
        " where j.status = 'done' order by j.id desc limit 1"
    ).fetchone()
    return (row[0], json.loads(row[1])) if row else None


def card(store: Store, model_id: str) -> dict[str, Any]:
    """The card of one model, in force or not; empty where the project never had it."""
    row = store.db.execute("select card from model where id = ?", (model_id,)).fetchone()
    return dict(json.loads(row[0])) if row else {}


def model_id(store: Store) -> str | None:
    """The id of the model in force."""
    return _in_force(store.db.conn)


def model_ids(store: Store) -> list[str]:
    """Every model the project ever had."""
    return [row[0] for row in store.db.execute("select id from model")]


def latest(store: Store) -> Job | None:
    """The newest job, whatever became of it."""
    row = store.db.execute("select * from train_job order by id desc limit 1").fetchone()
    return Job(*row) if row else None


def running(store: Store) -> Job | None:
    """The job that is alive now."""
    job = latest(store)
    return job if job is not None and job.alive else None


def begun(conn: sqlite3.Connection) -> list[Job]:
    """Every job that was not brought to an end, alive or not."""
    rows = conn.execute("select * from train_job where status = 'running'")
    return [Job(*row) for row in rows]


def _runs(pid: int) -> bool:
    """Whether this machine has a process of that number; True where it cannot be asked."""
    if os.name != "posix":
        return True  # elsewhere, asking is ending it
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _in_force(conn: sqlite3.Connection) -> str | None:
    row = conn.execute(
        "select model_id from train_job where status = 'done' order by id desc limit 1"
    ).fetchone()
    return str(row[0]) if row else None


def _job(store: Store, where: str, *values: object) -> Job:
    return Job(*store.db.execute(f"select * from train_job {where}", values).fetchone())
