"""PDF: lines at places become paragraphs, and what is broken says so."""

from __future__ import annotations

import io
import zlib
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfWriter

from annotator.core.errors import ReadError
from annotator.corpus import pdf, readers
from annotator.corpus.article import drafted
from annotator.corpus.file import File

Placed = tuple[float, float, str]
"""A line of a page: points from the left and from the bottom, and its text."""

BODY = [
    "The bridge over the Lem was closed on Monday by a guard that",
    "nobody in the town had seen before, and the talks of both states",
    "were put off once again.",
]
SECOND = [
    "Nobody could say when it would open, or who would pay for what",
    "was lost.",
]


def placed(*lines: str, x: float = 72, y: float = 700, leading: float = 14) -> list[Placed]:
    return [(x, y - n * leading, line) for n, line in enumerate(lines)]


def made(
    *pages: Sequence[Placed],
    title: str = "",
    properties: str = "",
    size: float = 12,
    streams: Sequence[bytes] = (),
) -> bytes:
    """A PDF of these pages, with every object written by hand; ``streams`` stand for pages."""
    drawn = list(streams) or [_drawn(page, size) for page in pages]
    n = len(drawn)
    kids = " ".join(f"{5 + 2 * k} 0 R" for k in range(n))
    info = f"<< {f'/Title ({title})' if title else ''} {properties} >>".encode("latin-1")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {n} /Kids [{kids}] >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        info,
    ]
    for k, stream in enumerate(drawn):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {6 + 2 * k} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        packed = zlib.compress(stream)
        head = f"<< /Length {len(packed)} /Filter /FlateDecode >>\nstream\n".encode()
        objects.append(head + packed + b"\nendstream")
    return _written(objects)


def _drawn(page: Sequence[Placed], size: float) -> bytes:
    out = ["BT", f"/F1 {size} Tf"]
    for x, y, text in page:
        escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
        out.append(f"1 0 0 1 {x} {y} Tm ({escaped}) Tj")
    return "\n".join([*out, "ET"]).encode("cp1252")


def _written(objects: Sequence[bytes]) -> bytes:
    out, at = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        at.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in at)
    return (
        out
        + (
            f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n"
            f"<< /Size {len(objects) + 1} /Root 1 0 R /Info 4 0 R >>\n"
            f"startxref\n{len(out)}\n%%EOF\n"
        ).encode()
    )


def read(content: bytes, name: str = "bridge.pdf"):
    [article] = pdf.read_pdf(File.of_bytes(content, name))
    return article


def paragraphs(content: bytes) -> list[str]:
    return read(content).text.split("\n\n")


def fault(content: bytes) -> str:
    file = File.of_bytes(content, "bridge.pdf")
    with pytest.raises(ReadError) as raised:
        list(readers.articles(file, readers.recognised(file)))
    return str(raised.value)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (made(placed("The bridge is open.")), True),
        (b"\r\n\r\n" + made(placed("The bridge is open.")), True),
        (b"The mark %PDF-1.4 stands in this sentence.", False),
    ],
)
def test_a_pdf_is_told_by_its_mark_whatever_it_is_called(content, expected):
    assert pdf.is_pdf(File.of_bytes(content, "bridge.txt")) is expected


def test_lines_of_a_paragraph_are_joined_and_a_gap_parts_two():
    full = [BODY[0], "nobody in the town had seen before, and the talks were put off."]
    page = [*placed(*full), *placed(*SECOND, y=660)]

    assert paragraphs(made(page)) == [" ".join(full), " ".join(SECOND)]


def test_an_indent_begins_a_paragraph():
    lines = placed(*BODY[:2], "were put off once again, and both said that it was not their doing.")
    rest = [(90, 658, SECOND[0]), (72, 644, SECOND[1])]

    assert len(paragraphs(made([*lines, *rest]))) == 2


def test_a_short_last_line_ends_a_paragraph():
    assert paragraphs(made(placed(*BODY, *SECOND))) == [" ".join(BODY), " ".join(SECOND)]


def test_a_sentence_goes_on_over_the_page():
    content = made(placed(*BODY[:2]), placed(BODY[2], *SECOND))

    assert paragraphs(content) == [" ".join(BODY), " ".join(SECOND)]


def test_two_columns_are_read_one_after_the_other():
    left = placed("The bridge over the Lem was", "closed on Monday by a guard", x=72)
    right = placed("that nobody in the town had", "seen before.", x=320)

    assert paragraphs(made([*left, *right])) == [
        "The bridge over the Lem was closed on Monday by a guard that nobody in the town had seen "
        "before."
    ]


def test_running_heads_and_page_numbers_are_left_out_and_named():
    pages = [
        [(72, 800, f"Northwire {n}"), *placed(f"{name} closed the bridge."), (280, 30, f"{n}")]
        for n, name in ((7, "Velm"), (8, "Osk"), (9, "Korva"))
    ]

    article = read(made(*pages))

    assert article.text.split("\n\n") == [
        *("Velm closed the bridge.", "Osk closed the bridge.", "Korva closed the bridge.")
    ]
    assert "such as '7', 'Northwire 7'" in article.warnings[0]


def test_a_number_in_the_text_of_one_page_is_no_page_number():
    assert paragraphs(made(placed("The year was"), placed("2031")))[-1].endswith("2031")


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        (["The talks began. Nobody joined the ta-", "lks at first."], "joined the talks at first."),
        (["They put off the counter-", "claims of both."], "the counter-claims of both."),
        (["He came from Velm-", "Osk by train."], "from Velm-Osk by train."),
    ],
)
def test_a_word_parted_at_the_line_is_joined_where_the_text_has_it_whole(lines, joined):
    [text] = paragraphs(made(placed(*lines)))

    assert text.endswith(joined)


def test_a_hyphen_that_was_kept_is_counted():
    article = read(made(placed("They put off the counter-", "claims of both.")))

    assert article.warnings == ("1 word parted at a line's end kept the hyphen",)


def with_letters(content: bytes, letters: dict[int, int]) -> bytes:
    """The PDF with a table in its font that says which letter each code draws."""
    codes = " ".join(f"<{code:02X}> <{letter:04X}>" for code, letter in letters.items())
    table = (
        "/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <00> <FF> "
        f"endcodespacerange {len(letters)} beginbfchar {codes} endbfchar endcmap end"
    )
    added = f"7 0 obj\n<< /Length {len(table)} >>\nstream\n{table}\nendstream\nendobj\n"
    font = b"/Encoding /WinAnsiEncoding"
    return content.replace(font, font + b" /ToUnicode 7 0 R", 1).replace(
        b"xref\n0 7", added.encode() + b"xref\n0 7", 1
    )


def test_ligatures_become_letters_before_the_text_is_fixed():
    content = made(placed("The Arst Boor is open."))

    assert read(with_letters(content, {0x41: 0xFB01, 0x42: 0xF002})).text == (
        "The first floor is open."
    )


def test_title_and_author_come_from_the_properties_and_the_day_of_making_is_no_date():
    content = made(
        placed(*BODY),
        title="Bridge closed",
        properties="/Author (Ilena Marsh) /CreationDate (D:20310504103000+02'00')",
    )

    article = read(content)

    assert (article.title, article.author, article.date) == ("Bridge closed", "Ilena Marsh", "")
    assert article.meta == {"created": "2031-05-04T10:30:00+02:00"}
    assert article.found == {"title": "PDF title", "author": "PDF author"}


@pytest.mark.parametrize("title", ["Microsoft Word - bridge.doc", "bridge", "Untitled-1", "x.indd"])
def test_a_title_that_a_program_wrote_gives_way_to_the_headline(title):
    page = [*placed("Bridge closed", y=760), *placed(*BODY)]
    file = File.of_bytes(made(page, title=title), "bridge.pdf")

    [article] = pdf.read_pdf(file)

    assert (article.title, drafted(article, file).title) == ("", "Bridge closed")


def test_a_scan_is_refused_with_its_pages_and_the_remedy():
    assert fault(made([], [], [])) == (
        "bridge.pdf: the PDF has 3 pages and no text: it is a scan; run text recognition (OCR) on "
        "it first"
    )


def test_pages_without_text_among_others_are_named():
    assert read(made(placed(*BODY), [], placed(*SECOND), [])).warnings == (
        "pages 2, 4 without text: where that is a scan, run text recognition",
    )


def test_letters_without_a_meaning_are_refused():
    content = with_letters(made(placed(*BODY)), {n: 0xE000 + n for n in range(0x20, 0x80)})

    assert "the fonts of the PDF do not say which letters they draw" in fault(content)


def test_tables_of_fonts_that_would_take_minutes_are_not_read(monkeypatch):
    monkeypatch.setattr(pdf, "MOST_FONT_BYTES", 100)

    assert "far too much is drawn on a page" in fault(with_letters(made(placed(*BODY)), {65: 66}))


def encrypted(password: str) -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(made(placed(*BODY))))
    writer.encrypt(password, owner_password="owner", algorithm="RC4-128")
    writer.write(out := io.BytesIO())
    return out.getvalue()


def test_an_encrypted_pdf_says_so():
    assert fault(encrypted("bridge")) == (
        "bridge.pdf: the PDF is encrypted; open it with its password and print it to a new PDF, or "
        "save its text"
    )


def test_a_pdf_that_only_forbids_printing_is_read():
    assert paragraphs(encrypted("")) == [" ".join(BODY)]


@pytest.mark.parametrize("part", [0.02, 0.1, 0.3])
def test_a_pdf_that_was_cut_off_is_refused_in_a_sentence(part):
    content = made(placed(*BODY), placed(*SECOND))

    told = fault(content[: int(part * len(content))])

    assert told.startswith("bridge.pdf: the PDF ")
    assert "fetch it again" in told


def test_a_damaged_page_is_named_and_the_others_come_in(monkeypatch):
    good = _drawn(placed(*BODY), 12)
    monkeypatch.setitem(pdf.LIMITS, "stream_parsing_work_maximum_count", 1_000)

    article = read(made(streams=[good, b"0 0 m " * 5_000]))

    assert article.text == " ".join(BODY)
    assert article.warnings == (
        "page 2 could not be read: damaged, or far too much is drawn there",
    )


def test_too_many_pages_are_refused(monkeypatch):
    monkeypatch.setattr(pdf, "MOST_PAGES", 2)

    assert "the PDF has 3 pages and the limit is 2; split it" in fault(made([], [], []))


def test_a_pdf_that_takes_too_long_is_refused(monkeypatch):
    monkeypatch.setattr(pdf, "MOST_SECONDS", 0.0)

    assert "page 1 was not reached within 0 seconds; split the PDF" in fault(made(placed(*BODY)))


@pytest.mark.timeout(60)
def test_a_page_that_unpacks_to_much_more_than_its_size_is_given_up():
    told = fault(made(streams=[b"(x) Tj " * 20_000_000]))

    assert "no page of the PDF can be read" in told


VALID = made(placed(*BODY), placed(*SECOND), title="Bridge closed")


@settings(deadline=None)
@given(
    at=st.integers(0, len(VALID) - 1),
    end=st.integers(0, len(VALID)),
    byte=st.integers(0, 255),
    junk=st.binary(max_size=40),
)
def test_any_damage_gives_text_or_a_sentence(at, end, byte, junk):
    told = []
    for content in (
        VALID[:end],
        VALID[:at] + bytes([byte]) + VALID[at + 1 :],
        VALID[:at] + junk + VALID[at:],
        b"%PDF-1.4\n" + junk,
    ):
        file = File.of_bytes(content, "bridge.pdf")
        try:
            [drafted(one, file) for one in pdf.read_pdf(file)]
        except ReadError as fault_told:
            told.append(str(fault_told))
    assert not any("\n" in one for one in told)
