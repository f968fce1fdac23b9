"""What a project does about suggestions: whether coders see them, and how many never do."""

from __future__ import annotations

import json

from annotator.core.errors import RejectedEventError
from annotator.learn.sampling import MODES, Policy
from annotator.store import Store, journal, settings
from annotator.workflow.clock import now

_KEY = "suggestions"
LEAST_STREAM, MOST_STREAM = 0.05, 0.5


def policy(store: Store) -> Policy:
    """The policy in force."""
    kept = settings.value(store, _KEY)
    return Policy(**json.loads(kept)) if kept else Policy()


def put(store: Store, wanted: Policy, *, who: str) -> Policy:
    """Have it done so from the next sentence on; an event tells who wanted it.

    Raises ``RejectedEventError`` for a share that is none.
    """
    if fault := fault_in(wanted):
        raise RejectedEventError(fault)
    if wanted != policy(store):
        with store.write() as conn:
            settings.put(store, **{_KEY: json.dumps(wanted._asdict())})
            journal.append(conn, ("project", ""), "policy", wanted._asdict(), who, now())
    return wanted


def fault_in(wanted: Policy) -> str | None:
    """Why this cannot be a policy, in one sentence; None where it can."""
    if wanted.suggestions not in MODES:
        return f"suggestions are {', '.join(MODES)}, not {wanted.suggestions!r}"
    if not 0 <= wanted.control <= 1:
        return f"the control arm is a share from 0 to 1, not {wanted.control:g}"
    if not LEAST_STREAM <= wanted.stream <= MOST_STREAM:
        return (
            f"the random stream is a share from {LEAST_STREAM:g} to {MOST_STREAM:g},"
            f" not {wanted.stream:g}; without it no figure of the model can be trusted"
        )
    return None
