"""The documents of a project in the hands of people: what they write is settled, then kept."""

from __future__ import annotations

import re
from collections.abc import Sequence

from annotator.core.errors import RejectedEventError
from annotator.corpus.dates import date_fault, iso_date, may_be_two_days
from annotator.corpus.decode import cleaned
from annotator.store import Store, actor_view, catalogue
from annotator.store.catalogue import NOBODY, Change, Entry, Happened, Removal
from annotator.workflow.clock import now

LONGEST = 1_000
"""Characters of the longest value: addresses are the longest that there are."""

LANGUAGE = re.compile(r"[A-Za-z]{2,3}")

NAMES = {
    "source": "source",
    "date": "published",
    "author": "author",
    "place": "place",
    "section": "section",
    "language": "language",
    "url": "url",
}
"""The fields that can be edited, by the names users know."""


def edit(store: Store, changes: Sequence[Change], who: str = NOBODY) -> list[str]:
    """Change the metadata of documents, all of it or nothing; gives the uuids of the events.

    A date may be written as articles write it. Raises ``RejectedEventError`` for what is no date,
    no language, no field or no document of this project.
    """
    return catalogue.edit(store, who, [settled(one) for one in changes], now())


def undo(store: Store, event_uuid: str, who: str = NOBODY) -> str:
    """Take an edit back; refused where the field was changed since."""
    return catalogue.undo(store, who, event_uuid, now())


def remove(store: Store, ids: Sequence[str], who: str = NOBODY) -> Removal:
    """Take documents away that carry no annotations; the others are named."""
    removal = catalogue.remove(store, ids, who, now())
    actor_view.settle_waiting(store)
    return removal


def retire(store: Store, ids: Sequence[str], who: str = NOBODY, reason: str = "") -> list[str]:
    """Take documents out of the corpus; gives those that were in it."""
    return catalogue.retire(store, ids, who, now(), _one_line(reason))


def restore(store: Store, ids: Sequence[str], who: str = NOBODY) -> list[str]:
    """Take documents into the corpus again; gives those that were out of it."""
    return catalogue.restore(store, ids, who, now())


def entry(store: Store, document_id: str) -> Entry:
    """One document as lists show it. Raises ``RejectedEventError`` where it is not there."""
    found = catalogue.entry(store, document_id)
    if found is None:
        raise RejectedEventError(f"this project has no document {document_id!r}")
    return found


def history(store: Store, document_id: str) -> list[Happened]:
    """What was done to a document, oldest first; of one that was removed, too.

    Raises ``RejectedEventError`` where the project never had it.
    """
    done = catalogue.history(store, document_id)
    if not done:
        entry(store, document_id)
    return done


def parse(written: str) -> tuple[str, str]:
    """A field and its value written ``NAME=VALUE``, NAME one that users know.

    >>> parse("date=4 May 2031")
    ('published', '4 May 2031')
    """
    name, equals, value = written.partition("=")
    if not equals or name.strip() not in NAMES:
        raise RejectedEventError(f"{written!r}: write NAME=VALUE, NAME one of {', '.join(NAMES)}")
    return NAMES[name.strip()], value


def settled(change: Change) -> Change:
    """The change as it is kept: one line, a date in ISO form, a language as its code."""
    value = _one_line(change.value)
    if len(value) > LONGEST:
        raise RejectedEventError(
            f"{change.document_id}: the {change.field} has {len(value):,} characters, and the "
            f"limit is {LONGEST:,}; shorten it"
        )
    if change.field == "published":
        value = _date(change.document_id, value)
    elif change.field == "language" and value:
        value = language_code(value)
    return change._replace(value=value)


def language_code(written: str) -> str:
    """A language as documents keep it. Raises ``RejectedEventError`` for what is none.

    >>> language_code("HY")
    'hy'
    """
    if not LANGUAGE.fullmatch(written):
        raise RejectedEventError(f"language {written!r}: write its code, like en, hy or ru")
    return written.lower()


def _date(document_id: str, written: str) -> str:
    if not written:
        return ""
    if may_be_two_days(written):
        raise RejectedEventError(
            f"{document_id}: the date {written!r} may be read in two ways; write it like 2031-05-04"
        )
    published, _ = iso_date(written)
    if not published:
        raise RejectedEventError(f"{document_id}: {date_fault(written)}")
    return published


def _one_line(written: str) -> str:
    return " ".join(cleaned(written)[0].split())
