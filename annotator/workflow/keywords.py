"""The analyst's own words for a code, kept with the project: no annotation, and so no event."""

from __future__ import annotations

import re
from collections.abc import Sequence

from annotator.core.query import SearchError, Words, printable, read
from annotator.store import Store, settings
from annotator.workflow.overview import Place

MOST = 30

NO_BLANKS = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
"""Letters of scripts that put no blanks between words: the index knows no words of theirs."""


def of(store: Store, place: Place) -> tuple[str, ...]:
    """The keywords that were given for a code last."""
    kept = settings.value(store, _key(place))
    return tuple(kept.split("\n")) if kept else ()


def keep(store: Store, place: Place, given: Sequence[str]) -> tuple[str, ...]:
    """Keep these keywords for a code in the place of those before.

    Raises ``SearchError`` for one without a letter, and where they are too many.
    """
    words = tuple(dict.fromkeys(one for word in given if (one := printable(word))))
    for word in words:
        search_for(word)
    if len(words) > MOST:
        raise SearchError(
            f"there are {len(words)} keywords, and the limit is {MOST}; take some away"
        )
    if words != of(store, place):
        settings.put(store, **{_key(place): "\n".join(words)})
    return words


def _key(place: Place) -> str:
    return f"keywords of {'|'.join(place)}"


def split(written: str) -> list[str]:
    """Keywords as people write them into one box.

    >>> split("truce, cease fire; bomb*")
    ['truce', 'cease fire', 'bomb*']
    """
    return [word.strip() for word in re.split(r"[,;\n]", written) if word.strip()]


def bare(word: str) -> str:
    """A keyword without the star that lets it go on.

    >>> bare("bomb*")
    'bomb'
    """
    return word.rstrip("* ")


def search_for(*given: str) -> Words:
    """A search for any of the keywords, each as it stands.

    Raises ``SearchError`` where one has no letter.

    >>> search_for("cease fire", "bomb*").match
    '"cease fire" OR "bomb" *'
    """
    for word in given:
        if not any(sign.isalnum() for sign in word):
            raise SearchError(f"the keyword {word!r} has no letter; write a word or leave it out")
    phrases = (
        f'"{bare(word).replace(chr(34), " ")}"{"*" if word.endswith("*") else ""}' for word in given
    )
    found = read(" OR ".join(phrases))
    if found is None:
        raise SearchError("there are no keywords to look for; write some")
    return found
