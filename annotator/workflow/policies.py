"""What a project does about suggestions: whether coders see them, and how many never do."""

from __future__ import annotations

import json

from annotator.core.errors import RejectedEventError
from annotator.learn.sampling import MODES, RESERVED, Policy
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


SAID = {
    "off": "Suggestions are off: no coder sees any.",
    "shown": "Suggestions are shown from the start, on the sentences that may show them.",
    "reveal": "Suggestions come into sight once the coder has answered; both answers are kept.",
}
"""What each mode means, in one sentence."""


def told(held: Policy) -> list[str]:
    """What a policy means, a sentence each.

    >>> told(Policy("off", stream=0.25))[2]
    'Where an order chooses what comes next, 25 % come from the random stream.'
    """
    return [
        SAID[held.suggestions],
        f"{100 * RESERVED:g} % of all sentences, the random stream, never show any; of the others "
        f"{100 * held.control:g} %, the control arm.",
        "Where an order chooses what comes next,"
        f" {100 * held.stream:g} % come from the random stream.",
    ]


def changed(
    held: Policy,
    *,
    suggestions: str | None = None,
    control: float | None = None,
    stream: float | None = None,
) -> Policy:
    """A policy with what is told of it; the rest as it is held. ``put`` says what is wrong."""
    told = {"suggestions": suggestions, "control": control, "stream": stream}
    return Policy(**held._asdict() | {name: one for name, one in told.items() if one is not None})


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
