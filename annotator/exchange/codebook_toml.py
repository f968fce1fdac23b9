"""Codebooks as TOML files: read with every fault named at once, written with comments kept."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.container import Container
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Array, Comment, Item, Key, Null, Table, Whitespace

from annotator.core.codebook import Codebook
from annotator.core.errors import CodebookError
from annotator.exchange.codebook_faults import faults_in

LARGEST = 2_000_000
"""Bytes of the largest file that is read; the longest codebook shipped has 25,000."""


def load(path: Path) -> Codebook:
    """The codebook in a file; a file that cannot be read is a fault like any other."""
    return parse(read(path), path.name)


def read(path: Path) -> str:
    """The text of a codebook file. Raises CodebookError where there is none to read."""
    if path.is_dir():
        raise CodebookError([f"{path}: is a folder; name one of the .toml files in it"])
    if not path.is_file():
        raise CodebookError([f"{path}: there is no such file; check the name and the folder"])
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise CodebookError([f"{path}: cannot be read: {error.strerror or error}"]) from error
    return decoded(content, str(path))


def decoded(content: bytes, origin: str) -> str:
    """The text of a codebook file's bytes. Raises CodebookError where they are not one."""
    if len(content) > LARGEST:
        message = f"{origin}: is larger than {LARGEST:,} bytes; a codebook is a text of a few pages"
        raise CodebookError([message])
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"{origin}: line {line}: is not UTF-8; save the file again as UTF-8"
        raise CodebookError([message]) from error
    if "\0" in text:
        raise CodebookError([f"{origin}: is not UTF-8; save the file again as UTF-8"])
    return text


def parse(text: str, origin: str) -> Codebook:
    """The codebook written in ``text``; ``origin`` is the file name that every fault begins with.

    Raises CodebookError with every fault at once; only a fault of syntax comes alone, because
    nothing after it can be read.
    """
    raw = _mapping(text, origin)
    if faults := faults_in(raw):
        raise CodebookError([f"{origin}: {fault}" for fault in faults])
    return Codebook.model_validate(raw)


def _mapping(text: str, origin: str) -> dict[str, Any]:
    try:
        return tomllib.loads(_clean(text))
    except tomllib.TOMLDecodeError as error:
        raise CodebookError([f"{origin}: {_syntax_fault(str(error))}"]) from error
    except (ValueError, RecursionError) as error:
        fault = f"{origin}: a number is too long or a list too deep for any codebook; take it out"
        raise CodebookError([fault]) from error


SYNTAX_REMEDIES = {
    "Cannot overwrite a value": "this key or table stands there twice; keep one",
    "Invalid value": 'text goes in quotation marks: key = "value"',
    "Expected '=' after a key in a key/value pair": 'write key = "value"',
    "Illegal character '\\n'": "close the quotation marks on the same line, "
    'or use """ for a text of several lines',
    "Unclosed array": "close the list with ]",
    "Unescaped '\\' in a string": "write \\\\ for a backslash",
    "Expected newline or end of document after a statement": "write one key = value in each line, "
    'and \\" for a quotation mark inside quotation marks',
    "Expected ']]' at the end of an array declaration": "write [[variable]] or [[variable.code]]",
    "Expected ']' at the end of a table declaration": "write [[variable]] or [[variable.code]]",
}


def _syntax_fault(message: str) -> str:
    """The line first, then what is wrong and, where it is known, what to write instead.

    >>> _syntax_fault("Invalid value (at line 3, column 8)")
    'line 3, column 8: invalid value; text goes in quotation marks: key = "value"'
    """
    found = re.fullmatch(r"(.*) \(at (line \d+, column \d+|end of document)\)", message, re.DOTALL)
    what, place = found.groups() if found else (message, "")
    remedy = SYNTAX_REMEDIES.get(what, "see TOML's rules at https://toml.io")
    return f"{place}: {what[:1].lower()}{what[1:]}; {remedy}".removeprefix(": ")


def _clean(text: str) -> str:
    """Without the byte order mark and the line ends that editors on Windows write."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n")


def _one_line(message: str) -> str:
    return " ".join(message.split())


def dump(codebook: Codebook, source: str | None = None) -> str:
    """The codebook as TOML, which ``parse`` reads back as the same codebook.

    With ``source``, an earlier text of it, what is unchanged stays as it was written, comments
    and order of keys included. A comment above a code stays above it when other codes come or
    go; when the code itself goes, the comment stays for the next one.
    """
    full = codebook.model_dump(mode="json")
    content = codebook.model_dump(mode="json", exclude_defaults=True)
    document = tomlkit.document() if source is None else _editable(source, codebook.name)
    _update(document, full, content)
    written = tomlkit.dumps(document)
    return written.replace("\n", "\r\n") if source and "\r\n" in source else written


def _editable(source: str, name: str) -> tomlkit.TOMLDocument:
    text = _clean(source)
    try:
        return tomlkit.parse(text if text.endswith("\n") else f"{text}\n")
    except TOMLKitError as error:
        fault = f"{name}: the text to write the changes into is not TOML: {error}"
        raise CodebookError([_one_line(fault)]) from error


Place = Container | Table
Body = list[tuple[Key | None, Item]]

TABLES = frozenset({"variable", "code"})
"""Keys whose values are written as [[tables]]; all other lists stand in one pair of brackets."""


def _update(place: Place, full: Mapping[str, Any], content: Mapping[str, Any]) -> None:
    """Make ``place`` say ``content``, touching only what differs.

    ``full`` has the defaults too, so that a default somebody wrote down may stay written.
    """
    for key in list(place):
        as_written = _plain(place[key])
        if key in full and as_written == full[key]:
            continue
        if key in content:
            _change(place, key, full[key], content[key])
        else:
            place.remove(key)
    _add(place, {key: value for key, value in content.items() if key not in place})


def _plain(item: Any) -> Any:
    return item.unwrap() if isinstance(item, Item | Container) else item


def _change(place: Place, key: str, full: Any, content: Any) -> None:
    old = place[key]
    if isinstance(old, AoT) and content:
        _update_tables(old, full, content)
    elif isinstance(old, Array) and isinstance(content, list):
        _update_array(old, full, content)
    elif isinstance(old, AoT | Table):
        place.remove(key)
        _add(place, {key: content})
    else:
        place[key] = _item(key, content)


def _update_array(array: Array, full: Sequence[Any], content: Sequence[Any]) -> None:
    """Replace what changed, entry by entry, so that comments between the entries stay."""
    written = array.unwrap()
    for at, value in enumerate(content):
        if at >= len(written):
            array.append(_entry(value))
        elif written[at] not in (value, full[at]):
            array[at] = _entry(value)
    for _ in written[len(content) :]:
        del array[-1]


def _add(place: Place, content: Mapping[str, Any]) -> None:
    """Write new keys after the last plain one: in TOML, what follows a [[table]] belongs to it."""
    if not content:
        return
    body = place.value.body if isinstance(place, Table) else place.body
    tables = [(key.key, item) for key, item in body if key is not None and isinstance(item, AoT)]
    for name, _ in tables:
        place.remove(name)
    foot = _pop_foot(body)
    for key, value in sorted(content.items(), key=lambda pair: pair[0] in TABLES):
        place.append(key, _item(key, value))
    body.extend(foot)
    for name, item in tables:
        indent = item.body[0].trivia.indent
        place.append(name, item)
        # tomlkit would put a blank line between the first table and the comment above it.
        item.body[0].trivia.indent = indent


def _item(key: str, value: Any) -> Item:
    if key in TABLES:
        tables = tomlkit.aot()
        for content in value:
            tables.append(_table(content))
        return tables
    if isinstance(value, list):
        array = tomlkit.array()
        array.extend(map(_entry, value))
        array.multiline(len(str(value)) > 80)
        return array
    # A carriage return would be lost between """ and """, where TOML reads line ends as \n.
    if isinstance(value, str) and "\n" in value and "\r" not in value:
        return tomlkit.string(value, multiline=True)
    item: Item = tomlkit.item(value)
    return item


def _entry(value: Any) -> Any:
    """A value inside brackets; tomlkit itself would leave no blank after a comma in braces."""
    if not isinstance(value, Mapping):
        return value
    inline = tomlkit.inline_table()
    inline.update(value)
    return inline


def _table(content: Mapping[str, Any]) -> Table:
    table = tomlkit.table()
    _add(table, content)
    return table


def _update_tables(aot: AoT, full: Sequence[Any], content: Sequence[Any]) -> None:
    """Update, move, add and drop the tables of an array by the names they carry.

    tomlkit keeps a comment with the table *before* it, while people write it above the table
    it is about; so the comments are taken off first and put back when the order stands.
    """
    old = list(aot.body)
    feet = [_pop_foot(_last_body(table)) for table in old]
    leads = dict(zip(map(id, old[1:]), feet[:-1], strict=True))
    tables = _matched(old, content)
    for table, all_keys, keys in zip(tables, full, content, strict=True):
        _update(table, all_keys, keys)
    kept = {id(table) for table in tables}
    waiting: Body = []
    for table in old:
        lead = waiting + leads.get(id(table), [])
        waiting = [] if id(table) in kept else lead
        leads[id(table)] = lead
    aot.body[:] = tables
    for above, table in pairwise(tables):
        _last_body(above).extend(leads.get(id(table)) or [(None, Whitespace("\n"))])
    # Nothing of the array stands above its first table, so its comments end up below the last.
    moved_up = leads.get(id(tables[0]), [])
    _last_body(tables[-1]).extend(moved_up + waiting + feet[-1])


def _matched(old: Sequence[Table], content: Sequence[Any]) -> list[Table]:
    """For each new table the old one of its name, else the renamed one in its place, else none."""
    by_name = {str(table.get("name")): table for table in old}
    names = {keys["name"] for keys in content}
    tables = []
    for at, keys in enumerate(content):
        table = by_name.get(keys["name"])
        if table is None and at < len(old) and old[at].get("name") not in names:
            table = old[at]
        tables.append(_table(keys) if table is None else table)
    return tables


def _last_body(table: Table) -> Body:
    """Where the text right above the next table is kept: inside the last table of this one."""
    body: Body = table.value.body
    last = next((item for _, item in reversed(body) if not isinstance(item, Null)), None)
    return _last_body(last.body[-1]) if isinstance(last, AoT) and last.body else body


def _pop_foot(body: Body) -> Body:
    """Take the comments and blank lines off the end."""
    foot: Body = []
    while body and body[-1][0] is None and isinstance(body[-1][1], Comment | Whitespace | Null):
        foot.append(body.pop())
    return [line for line in reversed(foot) if not isinstance(line[1], Null)]
