"""Who may save: a signed, expiring note of project and coder that the page hands to the desk."""

from __future__ import annotations

import time
from typing import NamedTuple

from itsdangerous import BadData, URLSafeTimedSerializer

from annotator.workflow import projects
from annotator.workflow.projects import Project

LIFETIME = 12 * 3600  # seconds
MOST_RECALLED = 1_000


class Holder(NamedTuple):
    """Whom a token speaks for."""

    project: Project
    coder: str


def mint(project: Project, coder: str) -> str:
    """A token with which ``coder`` may save in ``project`` for the next twelve hours."""
    return _serializer(project).dumps([project.id, coder])


_known: dict[str, tuple[Holder, float]] = {}


def recall(token: str) -> Holder | None:
    """Whom a token that was checked before speaks for, without waiting for anything."""
    held, until = _known.get(token, (None, 0.0))
    return held if held and time.time() < until and held.project.path.is_file() else None


def holder(token: str) -> Holder | None:
    """Whom a token speaks for; None where it is forged, expired or of an unknown project."""
    # The project must be known before its key can check the signature, so it is read unchecked
    # first; all that an unchecked id can do is choose among projects this user opened.
    _, claimed = URLSafeTimedSerializer("").loads_unsafe(token)
    if not (isinstance(claimed, list) and len(claimed) == 2 and isinstance(claimed[0], str)):
        return None
    project = projects.by_id(claimed[0])
    if project is None:
        return None
    try:
        (_, coder), signed_at = _serializer(project).loads(
            token, max_age=LIFETIME, return_timestamp=True
        )
    except BadData:
        return None
    held = Holder(project, str(coder))
    if len(_known) >= MOST_RECALLED:
        _known.clear()
    _known[token] = held, signed_at.timestamp() + LIFETIME
    return held


def _serializer(project: Project) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(project.store.secret(), salt="desk")
