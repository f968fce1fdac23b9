"""Text files of ProQuest: records of ``Key: value`` lines, parted by lines of underscores."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from annotator.core.errors import ReadError
from annotator.corpus.article import Article
from annotator.corpus.decode import decoded
from annotator.corpus.file import File
from annotator.corpus.format import Format
from annotator.corpus.language_names import language_code
from annotator.corpus.layout import unwrapped

RULE = re.compile(r"^[^\S\n]*_{60,}[^\S\n]*$", re.MULTILINE)

FIELDS = {
    "Title": "title",
    "Author": "author",
    "Publication title": "source",
    "Publication date": "date",
    "Section": "section",
    "Dateline": "place",
    "Document URL": "url",
    "ProQuest document ID": "external_id",
    "Language of publication": "language",
}
"""The keys that are fields of an article; the others are meta."""

FULL_TEXT = "Full text"
ABSTRACT = "Abstract"
YEAR = "Publication year"
KEYS = (
    *(*FIELDS, FULL_TEXT, ABSTRACT, YEAR, "Links", "Subject", "Business indexing term"),
    *("Location", "People", "Company / organization", "Classification", "Identifier / keyword"),
    *("URL", "Publication info", "Publication subject", "First page", "Pages", "Page", "Column"),
    *("Number of pages", "Volume", "Issue", "Edition", "Supplement", "Publisher", "Country"),
    *("Place of publication", "Country of publication", "ISSN", "e-ISSN", "CODEN", "DOI"),
    *("Source type", "Document type", "Document feature", "Source", "Credit", "Caption"),
    *("Alternate title", "Series", "Accession number", "Copyright", "Last updated", "Database"),
    *("Online publication date", "Correspondence author", "Name", "Illustration"),
)
"""Every key that is known: inside a text only these end it."""

_KEYS = "|".join(map(re.escape, KEYS))
KEY = re.compile(rf"(?P<key>{_KEYS}):(?:\s+(?P<value>.*)|\s*)", re.IGNORECASE)
ANY_KEY = re.compile(r"(?P<key>[A-Z][A-Za-z /-]{1,38}):\s+(?P<value>.*)")
NUMBER = re.compile(r"Document \d+ of \d+")
# A record has at least one of these; the cover page and the notice at the end have none.
OF_RECORD = frozenset({"Title", FULL_TEXT, "Publication title", "ProQuest document ID"})

Value = list[str]
Record = dict[str, Value]


def read_proquest(file: File) -> Iterator[Article]:
    """The articles of a download, in order; cover page and notices are no records."""
    text, warnings = decoded(file.content(), file.name)
    records = [record for part in RULE.split(text) if OF_RECORD & (record := _record(part)).keys()]
    if not records:
        raise ReadError(f"{file.name}: holds no record of ProQuest; download it again as TXT")
    if abstracts := sum(not _full_text(record) for record in records):
        warnings = [*warnings, _told(abstracts, len(records))]
    for number, record in enumerate(records, 1):
        article = _article(record, tuple(warnings), f"article {number}")
        warnings = [] if article.text else warnings
        yield article


def _told(abstracts: int, records: int) -> str:
    return (
        f"records of the file without a full text: {abstracts:,} of {records:,}; where there is an "
        "abstract, it came in as the text"
    )


def _article(record: Record, warnings: tuple[str, ...], at: str) -> Article:
    fields: dict[str, Any] = {
        name: value for key, name in FIELDS.items() if (value := _line(record, key))
    }
    found = {name: key for key, name in FIELDS.items() if name in fields}
    if not fields.get("title") and (first := _line(record, "")):
        fields["title"], found["title"] = first, "first line"
    if not fields.get("date") and (year := _line(record, YEAR)):
        fields["date"], found["date"] = year, YEAR
    fields["language"] = language_code(fields.get("language", ""))
    text = _full_text(record)
    taken = FULL_TEXT if text else ABSTRACT
    found["text"] = taken
    used = {*FIELDS, FULL_TEXT, taken, ""} | ({YEAR} if found.get("date") == YEAR else set())
    return Article(
        **fields,
        text=text or _paragraphs(record.get(ABSTRACT, [])),
        meta={key: value for key in record if key not in used and (value := _line(record, key))},
        found=found,
        of_file=warnings,
        at=at,
    )


def _record(text: str) -> Record:
    """The values of a record by their keys, line by line; under no key what comes first."""
    record: Record = {"": []}
    lines = [line.strip() for line in text.split("\n")]
    key, spaced = "", False
    for n, line in enumerate(lines):
        gap = n == 0 or not lines[n - 1]
        if found := _key(lines, n, key, gap=gap, spaced=spaced):
            key, spaced = _known(found["key"]), gap
            record.setdefault(key, []).append(found["value"] or "")
        elif not NUMBER.fullmatch(line):
            record[key].append(line)
    return record


def _key(lines: list[str], n: int, key: str, *, gap: bool, spaced: bool) -> re.Match[str] | None:
    """The key with which a line begins, if it is one.

    A line of a text may look like a key. Where the text began after a blank line, as in all but
    old files, only a key that another one follows, or nothing, ends it.
    """
    found = KEY.fullmatch(lines[n])
    if key not in (FULL_TEXT, ABSTRACT) or not spaced:
        return found or (ANY_KEY.fullmatch(lines[n]) if gap and key else None)
    if found is None or not gap:
        return None
    after = _next_block(lines, n)
    return found if not after or KEY.fullmatch(after) or _known(found["key"]) == FULL_TEXT else None


def _next_block(lines: list[str], n: int) -> str:
    """The first line after the next blank one; empty at the end."""
    blank = next((m for m in range(n, len(lines)) if not lines[m]), len(lines))
    return next((lines[m] for m in range(blank, len(lines)) if lines[m]), "")


def _known(key: str) -> str:
    """The key in the letters of ``KEYS``: ProQuest has written ``Full Text`` too."""
    return next((one for one in KEYS if one.casefold() == key.casefold()), key)


def _full_text(record: Record) -> str:
    return _paragraphs(record.get(FULL_TEXT, []))


def _paragraphs(lines: Value) -> str:
    """Paragraphs of a text, blank lines between them: every line is one, unless it was wrapped."""
    joined, _ = unwrapped("\n".join(lines))
    return "\n\n".join(line.strip() for line in joined.split("\n") if line.strip())


def _line(record: Record, key: str) -> str:
    lines = [line for line in record.get(key, []) if line]
    return lines[0] if lines and not key else " ".join(lines)


def _fits(file: File) -> bool:
    text = file.head_text
    return bool(RULE.search(text)) and any(
        (found := KEY.fullmatch(line.strip())) and _known(found["key"]) in OF_RECORD
        for line in text.splitlines()
    )


PROQUEST = Format(
    name="proquest-txt",
    title="a ProQuest text file",
    suffixes=(".txt",),
    fits=_fits,
    articles=read_proquest,
)
