"""RTF: codes become letters, groups without text are left out, and damage is told."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.core.errors import ReadError
from annotator.corpus import readers, rtf
from annotator.corpus.article import drafted
from annotator.corpus.file import File

HEAD = rb"\ansi\ansicpg1252\deff0{\fonttbl{\f0\fnil\fcharset0 Arial;}{\f1\fcharset204 Arial;}}"
STYLES = rb"{\stylesheet{\ql Normal;}{\s1\b\fs32 heading 1;}{\s15\qc\sbasedon0 Title;}}"


def made(body: bytes, more: bytes = b"") -> bytes:
    return b"{\\rtf1" + HEAD + STYLES + more + b"\n" + body + b"}"


def read(content: bytes, name: str = "korva.rtf"):
    file = File.of_bytes(content, name)
    [article] = readers.articles(file, readers.recognised(file))
    return article


def text(body: bytes, more: bytes = b"") -> str:
    return read(made(body, more)).text


def test_an_rtf_is_told_by_its_first_bytes():
    assert readers.recognised(File.of_bytes(made(b"Open."), "korva.doc")) is rtf.RTF


@pytest.mark.parametrize(
    "end", [rb"\par ", b"\\\n", rb"\sect ", rb"\page ", rb"\cell ", b"\\par\n"]
)
def test_paragraphs_end_where_the_file_says_so(end):
    assert text(b"One is." + end + b"Two is.") == "One is.\n\nTwo is."


def test_line_ends_of_the_file_mean_nothing_and_a_soft_break_is_a_line():
    assert text(b"The bri\ndge is\r\n closed.\\line Nobody pays.") == (
        "The bridge is closed.\nNobody pays."
    )


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (rb"\ldblquote Caf\'e9\rdblquote  \'96 no", "“Café” – no"),
        (rb"\'93Caf\'e9\'94", "“Café”"),
        (b"Caf\xe9", "Café"),
        (rb"\f1 \'cc\'ee\'f1\'f2\f0  is", "Мост is"),
        (rb"\u1052?\u1086?\u1089?\u1090?", "Мост"),
        (rb"\uc2\u8212\'20\'14\uc1 no", "—no"),
        (rb"\u-10179?\u-8704?", "😀"),
        (rb"100\~km \{of\} a\_b\\c co\-operate", "100\xa0km {of} a-b\\c cooperate"),
    ],
)
def test_codes_become_letters(body, expected):
    assert text(body) == expected


def test_the_code_page_of_the_file_is_used_where_no_font_has_one():
    assert read(rb"{\rtf1\ansi\ansicpg1251 \'cc\'ee\'f1\'f2 is closed.}").text == "Мост is closed."


@pytest.mark.parametrize(
    "left_out",
    [
        rb"{\header Northwire\par}",
        rb"{\footer Page 1\par}",
        rb"{\footnote A note.\par}",
        rb"{\*\annotation Is this so?}",
        rb"{\pict\pngblip 89504e47}",
        rb"{\pict\wmetafile8\bin6 {}}\x}}",
        rb"{\*\shppict{\pict\jpegblip\bin4 \par}}",
        rb"{\object{\*\objdata 0105}}",
        rb"{\listtext\bullet\tab}",
        rb"{\deleted gone}",
        rb"\v hidden\v0 ",
        rb"{\*\themedata 504b}",
    ],
)
def test_what_is_not_the_article_is_left_out(left_out):
    assert text(b"The bridge" + left_out + b" is closed.") == "The bridge is closed."


def test_a_link_gives_its_text_without_its_address():
    link = rb'{\field{\*\fldinst{HYPERLINK "https://x.example/a"}}{\fldrslt{\ul the bridge}}}'

    assert text(b"They saw " + link + b".") == "They saw the bridge."


def test_cells_are_paragraphs():
    row = rb"\trowd\cellx1000\cellx2000\pard\intbl Toll\cell 4 marks\cell\row\pard "

    assert (
        text(b"It costs.\\par" + row + b"So it is.") == "It costs.\n\nToll\n\n4 marks\n\nSo it is."
    )


@pytest.mark.parametrize("style", [b"s1", b"s15"])
def test_a_styled_title_is_the_title(style):
    article = read(made(rb"\pard\plain\%s Bridge closed\par\pard\plain It is.\par" % style))

    assert (article.title, article.text) == ("Bridge closed", "It is.")


def test_properties_give_title_author_and_the_day_of_making():
    info = (
        rb"{\info{\title Bridge caf\'e9}{\author Ilena Marsh}{\subject Korva}"
        rb"{\creatim\yr2031\mo5\dy4\hr10\min30}}"
    )

    article = read(made(b"It is closed.", info))

    assert (article.title, article.author, article.date) == ("Bridge café", "Ilena Marsh", "")
    assert article.meta == {"subject": "Korva", "created": "2031-05-04T10:30:00"}


def test_a_day_of_making_that_does_not_exist_is_left_out():
    assert read(made(b"It is.", rb"{\info{\creatim\yr2031\mo2\dy31}}")).meta == {}


def test_without_a_title_a_headline_opens_the_text():
    file = File.of_bytes(made(rb"Bridge closed\par It is closed.\par"), "korva.rtf")

    [article] = rtf.read_rtf(file)

    assert drafted(article, file).title == "Bridge closed"


def test_a_file_that_was_cut_off_gives_what_is_there_and_says_so():
    article = read(made(rb"One is.\par Two {\b is").rstrip(b"}"))

    assert article.text == "One is.\n\nTwo is"
    assert article.warnings == ("the RTF is cut off: only what is there came in",)


def test_text_after_the_last_brace_is_left_out_and_told():
    article = read(made(b"One is.") + b"{Two is.}")

    assert article.text == "One is."
    assert article.warnings == ("what follows the last brace of the RTF was left out",)


def test_zeros_after_the_last_brace_are_nothing_to_tell():
    assert read(made(b"One is.") + b"\r\n\0\0").warnings == ()


def test_too_much_text_is_refused(monkeypatch):
    monkeypatch.setattr(rtf, "MOST_TEXT", 1_000)

    with pytest.raises(ReadError, match=r"^korva\.rtf: holds more than 0 MB of text; split it"):
        read(made(b"The bridge is closed. " * 100))


@pytest.mark.parametrize(
    "content",
    [
        b"{\\rtf1" + b"{" * 200_000,
        b"{\\rtf1{\\fonttbl" + b"\\f0 " * 200_000 + b"}}",
        b"{\\rtf1{\\stylesheet" + b"{\\s1 \\b" * 100_000 + b"}}",
        b"{\\rtf1{\\info{\\title " + b"\\{" * 100_000,
        b"{\\rtf1{\\field{\\*\\fldinst{" + b'HYPERLINK "x' * 100_000 + b"}}}}",
        b"{\\rtf1 \\bin99999999999 x}",
        b"{\\rtf1\\u99999999 \\uc \\ansicpg \\ansicpg9 \\'e9}",
    ],
)
@pytest.mark.timeout(60)
def test_what_is_made_to_take_long_ends_in_a_fault(content):
    file = File.of_bytes(content, "korva.rtf")
    with pytest.raises(ReadError, match=r"^korva\.rtf: "):
        [drafted(one, file) for one in rtf.read_rtf(file)]


VALID = made(
    rb"\pard\plain\s1 Bridge closed\par\pard\plain Caf\'e9 \u8212? \f1\'cc\'ee\f0  {\b is}.\par",
    rb"{\info{\title Bridge}{\creatim\yr2031\mo5\dy4}}",
)


@settings(deadline=None)
@given(
    at=st.integers(0, len(VALID) - 1),
    end=st.integers(0, len(VALID)),
    byte=st.integers(0, 255),
    junk=st.one_of(
        st.binary(max_size=40),
        st.sampled_from([rb"\u", rb"\bin9", rb"\uc", rb"\'", b"{", b"}", rb"\fcharset99", rb"\s"]),
    ),
)
def test_any_damage_gives_text_or_a_sentence(at, end, byte, junk):
    told = []
    for content in (
        VALID[:end],
        VALID[:at] + bytes([byte]) + VALID[at + 1 :],
        VALID[:at] + junk + VALID[at:],
        b"{\\rtf1" + junk,
    ):
        file = File.of_bytes(content, "korva.rtf")
        try:
            [drafted(one, file).text.encode() for one in rtf.read_rtf(file)]
        except ReadError as fault_told:
            told.append(str(fault_told))
    assert not any("\n" in one for one in told)
