"""RTF: paragraphs with their styles and links.

striprtf turns the codes of letters into text, but knows neither paragraphs nor pictures as binary
data. So the file is gone through once before: what holds no text is taken out, and the end of each
paragraph is marked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from annotator.core.errors import ReadError
from annotator.corpus.article import Article
from annotator.corpus.file import File
from annotator.corpus.format import Format, by_magic
from annotator.corpus.office import Paragraph, article_of

MOST_TEXT = 20 * 2**20
"""Characters that are left when pictures are taken out; more would take minutes."""

MOST_FONTS = 100_000
"""Characters of the longest font table that is read; without it the letters' codes are guessed."""

TOKEN = re.compile(
    r"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?"
    r"|(?P<code>\\'[0-9a-fA-F]{2})|(?P<sign>\\[^a-zA-Z])|(?P<brace>[{}])|(?P<text>[^\\{}]+)|\\",
    re.DOTALL,
)

ENDS = frozenset({"par", "sect", "page", "column", "cell", "nestcell", "row", "nestrow"})
"""Control words that end a paragraph; a cell of a table holds paragraphs of its own."""

HIDING = frozenset({"deleted", "v"})
"""Control words under which text is not seen: deleted while changes are tracked, or hidden."""

# Groups without text of the article that striprtf does not know, or that are slow to go through.
LEFT_OUT = frozenset(
    {"fonttbl", "pict", "objdata", "fldinst", "info", "stylesheet", "listtext", "nonshppict"}
    | {"themedata", "listtable", "listoverridetable", "rsidtbl", "colortbl", "datastore"}
)
KEPT_ASIDE = frozenset({"fldinst", "info", "stylesheet", "fonttbl"})
USED_AT_ONCE = frozenset({"fldinst", "fonttbl"})

PARAGRAPH_SIGNS = ("\\\n", "\\\r")
HYPHENS = {"\\-": "", "\\_": "-"}
"""The hyphen that only a line's end would show, and the one that no line ends at."""

MARK = "\u2029"
"""Stands around style and link at the end of a paragraph; no text has it."""

PARAGRAPH_END = re.compile(f"\n{MARK}(\\d*),(\\d*){MARK}")
LINK = re.compile(r'HYPERLINK\s+"([^"\s]{1,2000})"')
STYLE = re.compile(r"\{\\s(\d+) (?:\\[a-z]+-?\d* )*([^{};\\]+);\}")
STATED = re.compile(r"\{\\(title|author|subject|keywords|creatim)\b ?((?:[^{}]|\\[{}])*)\}")
DATE_PART = re.compile(r"\\(yr|mo|dy|hr|min)(\d{1,4})")
CODEPAGE = re.compile(r"\\ansicpg(\d{1,5})")
SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """An RTF document: its paragraphs, its properties, and what was wrong with it."""

    paragraphs: tuple[Paragraph, ...]
    stated: dict[str, str]
    warnings: tuple[str, ...] = ()


def read_rtf(file: File) -> Iterator[Article]:
    """One article; see ``article_of``."""
    document = opened(file)
    yield article_of(document.paragraphs, document.stated, file.name, warnings=document.warnings)


def opened(file: File) -> Document:
    """The document; raises ``ReadError`` where it holds too much text, or unknown codes."""
    content = file.content().decode("latin-1")
    scan = _Scan()
    scan.read(content)
    marked = "".join(scan.kept)
    if len(marked) > MOST_TEXT:
        raise ReadError(
            f"{file.name}: holds more than {MOST_TEXT // 2**20} MB of text; split it into smaller "
            "files"
        )
    codepage = CODEPAGE.search(content[:1000])
    try:
        text = _decoded(marked)
        stated = _stated("".join(scan.aside["info"]), codepage[1] if codepage else "1252")
        names = _style_names("".join(scan.aside["stylesheet"]))
    except (ValueError, LookupError, TypeError) as fault:
        raise ReadError(
            f"{file.name}: the letters of the RTF cannot be told ({fault}); open it and save it as "
            ".docx"
        ) from fault
    return Document(
        paragraphs=tuple(_paragraphs(text, names, scan.links)),
        stated=stated,
        warnings=tuple(scan.warnings),
    )


def _decoded(marked: str) -> str:
    from striprtf.striprtf import rtf_to_text

    text: str = rtf_to_text(marked, errors="replace")  # type: ignore[no-untyped-call]
    return SURROGATES.sub(
        lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), text
    )


def _paragraphs(text: str, names: dict[str, str], links: list[str]) -> Iterator[Paragraph]:
    parts = PARAGRAPH_END.split(text)
    for written, style, link in zip(
        parts[::3], [*parts[1::3], ""], [*parts[2::3], ""], strict=True
    ):
        yield Paragraph(
            text=written.replace(MARK, "").strip(),
            style=names.get(style, ""),
            link=links[int(link)] if link and int(link) < len(links) else "",
        )


def _style_names(sheet: str) -> dict[str, str]:
    """The names of paragraph styles by their numbers, as in ``{\\s1\\b heading 1;}``."""
    return {match[1]: match[2].strip() for match in STYLE.finditer(sheet)}


def _stated(info: str, codepage: str) -> dict[str, str]:
    stated = {}
    for match in STATED.finditer(info):
        if match[1] == "creatim":
            stated["created"] = _moment(dict(DATE_PART.findall(match[2])))
        else:
            text = _decoded(f"{{\\rtf1\\ansi\\ansicpg{codepage} {match[2]}}}")
            stated[match[1]] = " ".join(text.split())
    return {name: value for name, value in stated.items() if value}


def _moment(parts: dict[str, str]) -> str:
    """The moment of making in ISO; nothing where there is no such moment."""
    year, month, day, hour, minute = (int(parts.get(k, 0)) for k in ("yr", "mo", "dy", "hr", "min"))
    try:
        return datetime(year, month, day, hour, minute).isoformat()
    except ValueError:
        return ""


@dataclass(slots=True)
class _Group:
    """What holds inside one pair of braces; an inner pair begins with what holds around it."""

    left_out: str = ""
    hides: bool = False
    style: str = ""
    is_new: bool = False


class _Scan:
    """One way through the file: what striprtf is given, and what is kept aside."""

    def __init__(self) -> None:
        self.kept: list[str] = []
        self.links: list[str] = []
        self.aside: dict[str, list[str]] = {name: [] for name in sorted(KEPT_ASIDE)}
        self.warnings: list[str] = []
        self._groups = [_Group()]
        self._link = ""

    def read(self, content: str) -> None:
        """Go through the document; what follows its last brace belongs to nobody."""
        at = 0
        while match := TOKEN.match(content, at):
            at = match.end()
            if match["word"]:
                at += self._word(match["word"], match["number"])
            elif match["brace"] == "{":
                self._open()
            elif match["brace"]:
                self._close()
                if len(self._groups) == 1:
                    break
            elif match["sign"] in PARAGRAPH_SIGNS:
                self._end_paragraph()
            else:
                self._show(HYPHENS.get(match[0], _codes(match[0])))
        if len(self._groups) > 1:
            self.warnings.append("the RTF is cut off: only what is there came in")
        elif content[at:].strip("\0 \r\n\t}"):
            self.warnings.append("what follows the last brace of the RTF was left out")

    def _open(self) -> None:
        outer = self._groups[-1]
        self._keep("{")
        self._groups.append(_Group(outer.left_out, outer.hides, outer.style, is_new=True))

    def _close(self) -> None:
        inner = self._groups.pop()
        if not self._groups:
            self._groups = [_Group()]
        if inner.left_out and not self._groups[-1].left_out:
            self._leave(inner.left_out)
        self._keep("}")

    def _leave(self, name: str) -> None:
        """The end of a group that is left out: links and fonts are needed at once."""
        if name == "fldinst":
            found = LINK.search("".join(self.aside[name]))
            self._link = self._link or (found[1] if found else "")
        elif name == "fonttbl":
            fonts = "".join(self.aside[name])
            self.kept.append(fonts if len(fonts) < MOST_FONTS else "")
        if name in USED_AT_ONCE:
            self.aside[name].clear()

    def _word(self, word: str, number: str | None) -> int:
        """Take a control word in; gives how many bytes of binary data follow it."""
        group = self._groups[-1]
        if group.is_new and word in LEFT_OUT and not group.left_out:
            group.left_out = word
        group.is_new = False
        if word == "bin":
            return max(0, int(number or 0))
        if word in HIDING or word == "plain":
            group.hides = word in HIDING and number != "0"
        if word in ("s", "pard"):
            group.style = number or "" if word == "s" else ""
        if word in ENDS:
            self._end_paragraph()
        elif word == "u":
            self._show(f"\\u{number} " if number and -0x8000 <= int(number) < 0x110000 else "")
        elif word not in ("uc", "ansicpg") or number:
            self._keep(f"\\{word}{number or ''} ")
        return 0

    def _end_paragraph(self) -> None:
        group = self._groups[-1]
        if group.left_out:
            return
        link = ""
        if self._link:
            link = str(len(self.links))
            self.links.append(self._link)
        self._link = ""
        self.kept.append(f"\\par {MARK}{group.style},{link}{MARK}")

    def _show(self, text: str) -> None:
        """Keep text, unless it is hidden or deleted."""
        if not self._groups[-1].hides:
            self._keep(text)

    def _keep(self, token: str) -> None:
        left_out = self._groups[-1].left_out
        if not left_out:
            self.kept.append(token)
        elif left_out in KEPT_ASIDE:
            self.aside[left_out].append(token)


def _codes(text: str) -> str:
    """Text without the line ends of the file, which mean nothing, and its bytes as codes."""
    if text.isascii():
        return text.replace("\r", "").replace("\n", "")
    plain = text.replace("\r", "").replace("\n", "")
    return "".join(c if c.isascii() else f"\\'{ord(c):02x}" for c in plain)


RTF = Format(
    name="rtf",
    title="RTF",
    suffixes=(".rtf",),
    fits=by_magic(b"{\\rtf", b"\xef\xbb\xbf{\\rtf"),
    articles=read_rtf,
)
