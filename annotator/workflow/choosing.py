"""What an import is told: fields for all documents, units, columns, dates, languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from annotator.core.errors import ReadError
from annotator.corpus import language
from annotator.corpus.dates import DateOrder as DateOrder
from annotator.corpus.dates import iso_date
from annotator.store import Store, settings
from annotator.workflow.catalogue import language_code

FIELDS = {
    "source": "source",
    "date": "published",
    "author": "author",
    "place": "place",
    "language": "language",
    "section": "section",
    "url": "url",
}
"""The fields that may be given to all documents of an import, by the names users know."""

ROW = "row"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """How files are taken in, where they leave it open.

    ``fields`` are given to all documents, by the names of ``Draft``. ``columns`` names the column
    of each field of ``rows.FIELDS`` in tables; what it does not name is remembered or guessed, and
    an empty name is a field without a column. ``languages`` are the candidates of detection.
    """

    fields: Mapping[str, str] = field(default_factory=dict)
    unit: str = "sentence"
    columns: Mapping[str, str] = field(default_factory=dict)
    dates: DateOrder = ""
    languages: tuple[str, ...] = language.LANGUAGES


def given_fields(written: Iterable[str]) -> dict[str, str]:
    """Fields written ``NAME=VALUE``, ready for an import; refuses names that are no field.

    >>> given_fields(["source=Velmar Wire"])
    {'source': 'Velmar Wire'}
    """
    fields: dict[str, str] = {}
    for pair in written:
        name, equals, value = pair.partition("=")
        if not equals or name.strip() not in FIELDS:
            raise ReadError(f"{pair!r}: write NAME=VALUE, NAME one of {', '.join(FIELDS)}")
        fields[FIELDS[name.strip()]] = value.strip()
    if fields.get("language"):
        fields["language"] = language_code(fields["language"])
    if "published" in fields:
        fields["published"], fields["date_precision"] = iso_date(fields["published"])
        if not fields["published"]:
            raise ReadError("date: write it as 2023-09-21, 2023-09 or 2023")
    return fields


def chosen(
    store: Store,
    *,
    fields: Mapping[str, str],
    unit: str,
    columns: Mapping[str, str],
    dates: DateOrder = "",
    languages: str = "",
    remember: bool = True,
) -> Choices:
    """The choices of an import; languages, written ``en,hy``, are those of the project from now on.

    Raises ``ReadError`` for a language that is none.
    """
    told = tuple(code.strip() for code in languages.split(",") if code.strip())
    if unknown := [code for code in told if not language.known(code)]:
        raise ReadError(f"language {unknown[0]!r}: write two letters, like en, hy or ru")
    if told and remember:
        settings.put(store, languages=",".join(told))
    return Choices(
        fields=fields,
        unit=unit,
        columns=columns,
        dates=dates,
        languages=told or project_languages(store),
    )


def project_languages(store: Store) -> tuple[str, ...]:
    """The languages that detection chooses among: the project's, else all that are usual here."""
    kept = settings.value(store, "languages")
    return tuple(kept.split(",")) if kept else language.LANGUAGES
