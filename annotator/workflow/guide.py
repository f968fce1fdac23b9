"""The guided start: how far a coder is in it, and whether they want it.

How far is read from what they did: only an export, which leaves no other trace, and the wish to be
without the guide are kept for it.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from annotator.core.annotation import MAIN_ROUND
from annotator.store import Store, guides, progress, queue, reveals
from annotator.store.seat import Seat
from annotator.workflow import policies, projects, suggesting
from annotator.workflow.clock import now
from annotator.workflow.projects import Project

FIVE = 5
"""Sentences after which a coder knows how the desk is worked."""

AHEAD = 200
"""Units that are looked through for one with a suggestion."""

Task = Literal["code", "suggestion", "export", "own"]


class Guide(NamedTuple):
    """How far one coder is, and whether they ``left`` the guide.

    ``met`` says that a suggestion was on the screen in a decision of theirs. Whoever has done all
    of it, with a project of their own, has left it as well.
    """

    coded: int = 0
    met: bool = False
    exported: bool = False
    left: bool = False

    @property
    def task(self) -> Task:
        """What comes next.

        >>> Guide(coded=4, met=True).task, Guide(coded=5).task, Guide(5, True, True).task
        ('code', 'suggestion', 'own')
        """
        if self.coded < FIVE:
            return "code"
        if not self.met:
            return "suggestion"
        return "own" if self.exported else "export"


def of(store: Store, coder: str | None) -> Guide:
    """How far this coder is; at the beginning where nobody is named."""
    if not coder:
        return Guide()
    said = guides.said(store, coder)
    wishes = [step for step in said if step in ("left", "taken up")]
    far = Guide(
        coded=_coded(store, coder),
        met=has_met(store, coder),
        exported="exported" in said,
        left=wishes[-1:] == ["left"],
    )
    done = far.task == "own" and not wishes and _has_own()
    return far._replace(left=True) if done else far


def _has_own() -> bool:
    """Whether a project besides the sample was opened here."""
    return any(not one.is_sample for one in projects.known_projects())


def _coded(store: Store, coder: str) -> int:
    far = progress.of(store, Seat(coder))
    return far.done - far.skipped


def has_met(store: Store, coder: str) -> bool:
    """Whether a suggestion was on the screen in one of this coder's last decisions.

    True as well where the project shows none, since there is none to be met.
    """
    if policies.policy(store).suggestions == "off":
        return True
    seat = Seat(coder)
    return bool(reveals.sights(store, seat, guides.decided_lately(store, seat)))


def leave(store: Store, coder: str) -> None:
    """Be without the guide, until it is taken up again."""
    _keep(store, coder, "left")


def take_up(store: Store, coder: str) -> None:
    """Have the guide again, as far as the coder has come meanwhile."""
    _keep(store, coder, "taken up")


def note_export(project: Project, coder: str | None) -> None:
    """Keep that this coder took labels out of the sample, where that was not known."""
    if coder and project.is_sample and "exported" not in guides.said(project.store, coder):
        _keep(project.store, coder, "exported")


def _keep(store: Store, coder: str, step: str) -> None:
    with store.write() as conn:
        guides.append(conn, coder, step, now())


def on_desk(project: Project, seat: Seat) -> dict[str, Any] | None:
    """What the desk's guide goes by; None where it shows none.

    It is for the sample, and elsewhere for the first few sentences; never for a list of units,
    whose reader knows the desk, nor for any round but the main one.
    """
    if seat.round != MAIN_ROUND or seat.list:
        return None
    if not project.is_sample and _coded(project.store, seat.coder) >= FIVE:
        return None
    far = of(project.store, seat.coder)
    if far.left:
        return None
    known = {"sample": project.is_sample, "met": far.met, "exported": far.exported}
    return known | {"first": FIVE}


def suggested_unit(project: Project, coder: str) -> str:
    """The next unit on which this coder would see a suggestion; empty where none is near."""
    model = suggesting.engine(project.store)
    if model is None:
        return ""
    seat, scheme = Seat(coder), project.scheme
    units = queue.next_units(project.store, seat, after=0, want=AHEAD)
    for unit, shown in zip(units, suggesting.showing(project, seat, units), strict=True):
        if any(one["show"] for one in suggesting.candidates(unit, model, scheme, shown.mode)):
            return unit.unit_id
    return ""
