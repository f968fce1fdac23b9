"""Who may save: a signed, expiring note of project and coder that the page hands to the desk."""

from __future__ import annotations

from typing import NamedTuple

from itsdangerous import BadData, URLSafeTimedSerializer

from annotator.workflow import projects
from annotator.workflow.projects import Project

LIFETIME = 12 * 3600  # seconds


class Holder(NamedTuple):
    """Whom a token speaks for."""

    project: Project
    coder: str


def mint(project: Project, coder: str) -> str:
    """A token with which ``coder`` may save in ``project`` for the next twelve hours."""
    return _serializer(project).dumps([project.id, coder])


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
        _, coder = _serializer(project).loads(token, max_age=LIFETIME)
    except BadData:
        return None
    return Holder(project, str(coder))


def _serializer(project: Project) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(project.store.secret(), salt="desk")
