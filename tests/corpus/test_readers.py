"""Files to drafts: encodings, heads, titles, wraps, and every refusal."""

from __future__ import annotations

import codecs
import hashlib
import os

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from annotator.core.errors import ReadError
from annotator.corpus import readers
from annotator.corpus.article import drafted
from annotator.corpus.file import MAX_BYTES, File
from annotator.corpus.folders import is_hidden, walk

RUSSIAN = "Мост закрыт с утра. «Мы ждём ответа уже второй день», — сказала юрист Илена Марш."
TURKISH = "Köprü dün akşam kapatıldı. “Barışa hazırız” dedi ve şöyle ekledi: görüşmeler sürüyor."
HEAD = "---\ntitle: Bridge open\ndate: 2031-05-04\nsource: Northwire\nauthor: 'Ilena Marsh'\n"


def read(text: str | bytes, name: str = "bridge.txt"):
    content = text if isinstance(text, bytes) else text.encode()
    return draft_of(File.of_bytes(content, name))


def draft_of(file: File):
    [article] = readers.articles(file, readers.recognised(file))
    return drafted(article, file)


def fault(content: bytes, name: str = "bridge.txt") -> str:
    with pytest.raises(ReadError) as raised:
        read(content, name)
    return str(raised.value)


def test_the_text_of_a_wire_article_is_kept_as_it_is_in_the_file():
    text = " date 2031-05-04 KORVA, Ostravia, May 4. The bridge is open.\n\nIt is.\n "

    draft = read(text)

    assert (draft.text, draft.headline_end, draft.title) == (text, 0, "")
    assert (draft.published, draft.place) == ("2031-05-04", "KORVA, Ostravia")
    assert draft.file_sha256 == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (RUSSIAN, "cp1251"),
        (RUSSIAN.replace("«", '"').replace("»", '"').replace("—", "-"), "koi8-r"),
        (TURKISH, "cp1254"),
        ("The minister’s café was “closed” for good. Nobody objected.", "cp1252"),
        ("El señor Marsh dijo que sí.", "cp1252"),
        ("قال الرئيس إن الجسر مغلق منذ الصباح. وأضاف أن المفاوضات ستبدأ غدا.", "cp1256"),
        ("桥已经关闭了两天。他说：我们正在等待答复，谈判将于明天开始。", "gb18030"),
        (RUSSIAN, "utf-16-le"),
        ("The bridge is closed. Nobody pays.", "utf-16-be"),
    ],
)
def test_an_encoding_without_a_mark_is_found_and_named(text, encoding):
    draft = read(text.encode(encoding))

    assert draft.text == text
    assert "the encoding is not marked" in draft.warnings[0]


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
    ],
)
def test_a_byte_order_mark_is_obeyed_and_taken_off(mark, encoding):
    draft = read(mark + RUSSIAN.encode(encoding))

    assert (draft.text, draft.warnings) == (RUSSIAN, ())


def test_line_ends_become_newlines():
    assert read("One is.\r\n\r\nTwo is.\rThree is.").text == "One is.\n\nTwo is.\nThree is."


def test_a_nul_becomes_the_replacement_character_with_a_warning():
    draft = read(b"The bridge\0is closed.")

    assert draft.text == "The bridge\ufffdis closed."
    assert draft.warnings == ("1 character that cannot be stored became U+FFFD",)


def test_utf8_that_was_cut_off_is_read_and_said():
    draft = read(RUSSIAN.encode()[:-2])

    assert draft.text.startswith("Мост закрыт")
    assert draft.warnings == ("1 broken bytes in the UTF-8 became U+FFFD",)


@pytest.mark.parametrize("name", ["bridge.txt", "bridge.md"])
def test_front_matter_fills_the_fields_and_leaves_the_text(name):
    draft = read(
        f"{HEAD}id: NW-7\nlanguage: en-GB\ndesk: north\n---\n\nThe bridge is open.\n", name
    )

    assert draft.text == "Bridge open\n\nThe bridge is open.\n"
    assert draft.text[: draft.headline_end] == draft.title == "Bridge open"
    assert (draft.published, draft.source, draft.author) == (
        "2031-05-04",
        "Northwire",
        "Ilena Marsh",
    )
    assert (draft.external_id, draft.language, draft.meta) == ("NW-7", "en", {"desk": "north"})


def test_a_title_that_the_body_repeats_stands_once():
    draft = read(f"{HEAD}---\nBridge open\n\nThe bridge is open.")

    assert draft.text == "Bridge open\n\nThe bridge is open."
    assert draft.headline_end == 11


def test_lists_in_front_matter_are_joined():
    assert read(f"{HEAD}tags:\n  - bridge\n  - border\n---\nIt is open.").meta == {
        "tags": "bridge; border"
    }


def test_a_rule_at_the_start_is_no_front_matter():
    text = "---\nThe bridge is open\n---\nIt is."

    assert read(text).text == text


def test_a_date_that_may_mean_two_days_is_asked_about():
    assert fault(b"---\ndate: 03/04/2031\n---\nThe bridge is open.") == (
        "bridge.txt: the date '03/04/2031' may be read in two ways; say which number comes first: "
        "--dates day-first or --dates month-first"
    )


def test_a_date_that_does_not_exist_is_kept_aside_with_a_warning():
    draft = read("---\ndate: 31/02/2031\n---\nThe bridge is open.")

    assert (draft.published, draft.meta) == ("", {"date": "31/02/2031"})
    assert "'31/02/2031' is not understood" in draft.warnings[0]


@pytest.mark.parametrize(
    ("written", "published", "precision"),
    [
        ("2031-05-04T10:00:00Z", "2031-05-04", "day"),
        ("4 May 2031", "2031-05-04", "day"),
        ("May 4, 2031", "2031-05-04", "day"),
        ("04.05.2031", "2031-05-04", "day"),
        ("3 KASIM 2031", "2031-11-03", "day"),
        ("20 сентября 2031", "2031-09-20", "day"),
        ("2031-05", "2031-05", "month"),
        ("2031", "2031", "year"),
    ],
)
def test_dates_become_iso(written, published, precision):
    draft = read(f"---\ndate: {written}\n---\nThe bridge is open.")

    assert (draft.published, draft.date_precision) == (published, precision)


def test_a_first_line_that_stands_alone_is_the_title_and_the_text_is_unchanged():
    text = "Who pays for the bridge?\n\nThe bridge is closed.\n"

    draft = read(text)

    assert (draft.text, draft.title, draft.headline_end) == (text, "Who pays for the bridge?", 24)


def test_a_headline_may_follow_the_date_line():
    draft = read(" date 2031-05-04 Bridge closed\n\nKORVA, May 4. The bridge is closed.")

    assert (draft.title, draft.place, draft.published) == ("Bridge closed", "KORVA", "2031-05-04")


@pytest.mark.parametrize(
    "text",
    [
        "The bridge is closed.\n\nNobody pays.",
        "He said “the bridge is closed.”\n\nNobody pays.",
        "Only one line",
        "- open the bridge\n\nNobody pays.",
        "KORVA, Ostravia, May 4.\n\nThe bridge is closed.",
        "Two lines\nwithout a stop\n\nNobody pays.",
        "word " * 41 + "\n\nNobody pays.",
    ],
)
def test_other_first_blocks_are_no_titles(text):
    assert read(text).title == ""


def test_a_markdown_heading_is_the_title_and_marks_are_taken_off():
    draft = read(
        "# Bridge *closed*\nThe **bridge** is [closed](https://x.example/a_b_c).\n\n"
        "## Talks\n> It is `so` 3 * 4 * 5, snake_case_name.\n",
        "bridge.md",
    )

    assert draft.title == "Bridge closed"
    assert draft.text.split("\n\n") == [
        "Bridge closed",
        "The bridge is closed.",
        "Talks",
        "It is `so` 3 * 4 * 5, snake_case_name.\n",
    ]


def test_hard_wrapped_lines_are_joined_and_said():
    draft = read(
        "The bridge over the Lem was closed on Monday morning by a border guard\n"
        "that nobody in the town had seen before, and the talks on the counter-\n"
        "claims of both states, which began last year, were put off once again.\n\n"
        "- open the bridge\n- free the crew\n"
    )

    assert draft.text == (
        "The bridge over the Lem was closed on Monday morning by a border guard that nobody in the "
        "town had seen before, and the talks on the counter-claims of both states, which began "
        "last year, were put off once again.\n\n- open the bridge\n- free the crew\n"
    )
    assert draft.warnings == ("lines broken at about 70 characters were joined again",)


def test_one_sentence_on_each_line_is_not_taken_for_a_wrap():
    text = "\n".join(
        f"The bridge number {n} over the river Lem is closed to all cars." for n in "abcd"
    )

    assert read(text).text == text


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"", "a.txt", "a.txt: the file is empty"),
        (codecs.BOM_UTF8 + b" \n\t", "a.txt", "a.txt: the file is empty"),
        (b"\x89PNG\r\n", "a.txt", "a.txt: this is a PNG image"),
        (bytes(range(256)) * 8, "a.txt", "a.txt: this is binary, not plain text"),
        (b"\0" * 100, "a.txt", "a.txt: this is binary, not plain text"),
        (codecs.BOM_UTF16_LE + b"a", "a.txt", "a.txt: is marked as utf-16-le but byte 2 is not"),
        (b"x", "article.xyz", "article.xyz: .xyz files are not read; there are: ."),
        (b"x", "README", "README: files without a suffix are not read; there are: ."),
        (b"words", "a.docx", "a.docx: is called .docx, and its content is nothing of the kind"),
        (b"words", "a.PDF", "a.PDF: is called .pdf, and its content is nothing of the kind"),
        (b"***\n\n1988\n", "a.txt", "a.txt: there is no sentence in it"),
        (b"date 2031-05-04 \n", "a.txt", "a.txt: there is no sentence in it"),
        (b"# Bridge\n", "a.md", "a.md: there is no sentence in it"),
        (b"a" * (MAX_BYTES + 1), "a.txt", "a.txt: the file has 50.0 MB and the limit is 50 MB"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_plain_sentence(content, name, message):
    told = fault(content, name)

    assert told.startswith(message)
    assert "\n" not in told


def test_a_missing_file_is_refused_by_its_name(tmp_path):
    with pytest.raises(ReadError, match=r"^gone\.txt: there is no such file"):
        readers.of_path(tmp_path / "gone.txt")


def test_a_file_is_read_under_the_name_given(tmp_path):
    path = tmp_path / "bridge.TXT"
    path.write_text("The bridge is open.", encoding="utf-8")

    draft = draft_of(readers.of_path(path, "korva/bridge.TXT"))

    assert draft.file == "korva/bridge.TXT"


def test_a_folder_is_walked_in_order_with_its_top_folders_and_nothing_left_out(tmp_path):
    for name in (
        "b.txt",
        "korva/2.txt",
        "korva/deep/1.md",
        "korva/.DS_Store",
        ".git/config",
        "a.xyz",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    (tmp_path / "loop").symlink_to(tmp_path)

    found = [(name, top) for _, name, top in walk([tmp_path])]

    assert found == [
        (".git", None),
        ("a.xyz", None),
        ("b.txt", None),
        ("empty", None),
        ("korva/.DS_Store", "korva"),
        ("korva/2.txt", "korva"),
        ("korva/deep/1.md", "korva"),
        ("loop", None),
    ]
    assert [name for name, _ in found if is_hidden(name)] == [".git", "korva/.DS_Store"]


@pytest.mark.parametrize("kind", ["empty", "loop", ".git"])
def test_folders_that_were_not_opened_say_so(tmp_path, kind):
    path = tmp_path / kind
    path.symlink_to(tmp_path) if kind == "loop" else path.mkdir()

    with pytest.raises(ReadError, match=f"^{kind}: this is a "):
        readers.of_path(path)


def test_a_file_given_by_name_is_walked_as_itself(tmp_path):
    assert list(walk([tmp_path / "a.txt"])) == [(tmp_path / "a.txt", "a.txt", None)]


def test_a_pipe_is_no_file_to_wait_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")

    with pytest.raises(ReadError, match="no ordinary file"):
        readers.of_path(tmp_path / "pipe.txt")


@pytest.mark.parametrize("suffix", [".txt", ".md"])
@given(content=st.one_of(st.binary(), st.text().map(lambda text: text.encode("utf-8", "ignore"))))
def test_any_bytes_are_read_or_refused_and_never_stored_broken(suffix, content):
    file = File.of_bytes(content, f"a{suffix}")
    try:
        assume(readers.recognised(file).articles)
        draft = draft_of(file)
    except ReadError:
        return
    draft.text.encode("utf-8")
    assert not {"\0", "\r"} & set(draft.text)
    assert draft.text[: draft.headline_end].strip().endswith(draft.title)


@pytest.mark.parametrize(
    ("content", "title"),
    [
        ("id\ttitle\ttext\n1\tLem\tThe bridge is open.\n", "a TSV table"),
        ('[\n {"id": 1, "text": "The bridge is open."}]', "a JSON table"),
        ('{"text": "The bridge is open."}\n{"text": "It is closed."}\n', "JSON lines"),
        ("\tThe bridge is open.\n\tIt is closed.\n", "plain text"),
        ("Marsh:\tIs it open?\nOst:\tIt is closed.\n", "plain text"),
        ("[Korva] The bridge is open.\n{It} is closed.\n", "plain text"),
    ],
)
def test_a_table_that_is_called_a_text_is_a_table(content, title):
    for encoding in ("utf-8", "utf-16"):
        file = File.of_bytes(content.encode(encoding), "export.txt")

        assert readers.recognised(file).title == title
