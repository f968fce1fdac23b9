"""Hostile and broken files of every kind: each is named with its place, the others come in."""

from __future__ import annotations

import io
import re
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import docx
import pypdf
import pytest
from pypdf.generic import DictionaryObject, NameObject, StreamObject

from annotator.store import tables
from annotator.workflow import importing
from annotator.workflow.sources import from_paths

GOOD = "The bridge is closed\n\nGuards closed the bridge on Monday. Nobody was asked.\n"
ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one good article; a test puts something bad beside it."""
    place = tmp_path / "news"
    place.mkdir()
    (place / "good.txt").write_text(GOOD, encoding="utf-8")
    return place


@pytest.fixture
def bring(annotator, make_project, folder):
    """Import the folder; what was said, and that the good article is in whatever stood by it."""

    def run(*words: object) -> list[str]:
        project = make_project(articles=())
        said = annotator("import", project.path, folder, *words)
        texts = [unit.text for unit in tables.units(project.store)]
        assert "Guards closed the bridge on Monday." in texts
        assert said.code == int(" 0 refused" not in said.out)
        return said.lines

    return run


def zipped(*members: tuple[str | zipfile.ZipInfo, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def link() -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("link.txt")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def word(*paragraphs: str) -> bytes:
    out = io.BytesIO()
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.save(out)
    return out.getvalue()


def pdf(text: str = "", password: str = "") -> bytes:
    """A PDF of one page with a line of text, or of none: a scan."""
    writer = pypdf.PdfWriter()
    page = writer.add_blank_page(300, 300)
    if text:
        content = StreamObject()
        content.set_data(f"BT /F1 12 Tf 20 200 Td ({text}) Tj ET".encode())
        font = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Font"),
                NameObject("/Subtype"): NameObject("/Type1"),
                NameObject("/BaseFont"): NameObject("/Helvetica"),
            }
        )
        fonts = DictionaryObject({NameObject("/F1"): writer._add_object(font)})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        page[NameObject("/Contents")] = writer._add_object(content)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def with_part(document: bytes, part: str, content: str) -> bytes:
    """An Office document with one of its parts replaced."""
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        kept = [(name, archive.read(name)) for name in archive.namelist() if name != part]
    return zipped(*kept, (part, content))


ARTICLE = "Envoys came to Velm on Friday. They left again."
HOSTILE = {
    "a path out of the archive": ("x.zip", zipped(("../../a.txt", GOOD)), "leads out of the"),
    "an absolute path": ("x.zip", zipped(("/etc/a.txt", GOOD)), "its path is absolute"),
    "a link": ("x.zip", zipped((link(), "/etc/passwd")), "is a link; pack the file itself"),
    "a bomb": ("x.zip", zipped(("a.txt", b"0" * 9_000_000)), "more than 200 times its size"),
    "an archive in an archive": (
        "x.zip", zipped(("in.zip", zipped(("a.txt", GOOD)))), "is an archive inside an archive",
    ),
    "a truncated archive": ("x.zip", zipped(("a.txt", GOOD * 99))[:200], "x.zip: "),
    "entities in a docx": (
        "x.docx", with_part(word(ARTICLE), "word/document.xml", f"{ENTITIES}<x>&b;</x>"),
        "declares XML entities",
    ),
    "entities in an xlsx": (
        "x.xlsx",
        zipped(("[Content_Types].xml", "<x/>"), ("xl/workbook.xml", f"{ENTITIES}<x>&b;</x>")),
        "declares XML entities",
    ),
    "entities in a page": (
        "x.html", f"{ENTITIES}<html><body><p>{ARTICLE} &b;</p></body></html>".encode(),
        "declares XML entities",
    ),
    "entities in a feed": (
        "x.rss", f'<?xml version="1.0"?>{ENTITIES}<rss><channel>&b;</channel></rss>'.encode(),
        "declares XML entities",
    ),
    "an encrypted pdf": ("x.pdf", pdf(ARTICLE, "secret"), "password"),
    "a truncated pdf": ("x.pdf", pdf(ARTICLE)[:300], "x.pdf: "),
    "a scanned pdf": ("x.pdf", pdf(), "scan"),
    "a truncated docx": ("x.docx", word(ARTICLE)[:2_000], "x.docx: "),
    "an old Word document": ("x.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "x.doc: "),
    "a ragged row": ("x.csv", b"id,text\n1,One is.\n2,Two,three\n", "line 3: has 3 cells"),
    "two columns of one name": ("x.csv", b"text,text\nA.,B.\n", "column 'text' stands there twice"),
    "a date of two readings": ("x.csv", b"text,date\nOne is.,03/04/23\n", "--dates day-first"),
    "an open quotation mark": ("x.csv", b'text\n"One is.\nTwo is.\n', "never closed"),
    "no column of texts": ("x.csv", b"a,b\n1,2\n3,4\n", "say which column holds the text"),
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_bad_file_of_any_kind_is_named_with_its_fault_and_the_others_come_in(bring, folder, kind):
    name, content, said = HOSTILE[kind]
    (folder / name).write_bytes(content)

    lines = bring()

    assert len(lines) == 1, lines
    assert lines[0].startswith(name)
    assert said in lines[0]
    assert len(lines[0]) < 400


def test_a_date_that_does_not_exist_is_told_with_its_row_and_left_empty(bring, folder):
    (folder / "x.csv").write_bytes(b"text,date\nOne is.,31/02/2023\nTwo is.,21/09/2023\n")

    assert bring() == [
        "x.csv: line 2: the date '31/02/2023' is not understood; write it like 2031-05-04"
    ]


def test_a_date_of_two_readings_is_decided_by_another_row_and_says_so(bring, folder):
    (folder / "x.csv").write_bytes(b"text,date\nOne is.,03/04/2023\nTwo is.,21/09/2023\n")

    (line,) = bring()

    assert "day" in line
    assert "line 3" in line


def test_encodings_may_differ_from_file_to_file(bring, folder):
    russian = "Мост закрыт с утра. «Мы ждём ответа второй день», — сказала юрист Илена Марш."
    (folder / "a.txt").write_bytes(russian.encode("cp1251"))
    (folder / "b.txt").write_bytes(russian.replace("Мост", "Порт").encode("utf-16"))

    lines = bring()

    assert lines == [
        "a.txt: the encoding is not marked; cp1251 was guessed: check the letters",
    ]


def test_the_same_article_in_three_formats_is_one_document(bring, folder):
    paragraphs = [part.strip() for part in GOOD.split("\n\n")]
    (folder / "good.docx").write_bytes(word(*paragraphs))
    (folder / "good.html").write_text(
        f"<html><body><article><h1>{paragraphs[0]}</h1><p>{paragraphs[1]}</p></article></body></html>",
        encoding="utf-8",
    )

    lines = bring()

    for name in ("good.html", "good.txt"):
        assert f"{name}: is in the project already; nothing is added" in lines
    assert "good.txt: is the article that came in as good.docx" in lines


def test_a_label_that_maps_to_nothing_is_named_with_what_to_write(
    annotator, make_project, tmp_path
):
    project = make_project(articles=(GOOD,))
    table = tmp_path / "labels.csv"
    table.write_text("text,label\nNobody was asked.,Legality\n", encoding="utf-8")

    said = annotator(
        *("code", project.path, table, "--coder", "ana", "--variable", "frame"),
        *("--text", "text", "--labels", "label"),
    )

    assert said.code == 1
    assert said.err.startswith("labels.csv: column label: no code of frame is 'Legality' (1)")
    assert "--map Legality=" in said.err


def test_thousands_of_tiny_files_come_in_and_memory_stays_flat(make_project, tmp_path):
    project = make_project(articles=())
    folder = tmp_path / "tiny"
    folder.mkdir()
    for number in range(2_000):
        (folder / f"{number}.txt").write_text(f"Guard {number} came.", encoding="utf-8")

    outcomes = importing.import_paths(project.store, project.seed, [folder])

    assert sum(one.documents for one in outcomes) == 2_000
    assert len(from_paths([folder])) == 2_000


def test_a_line_of_300_megabytes_is_refused_by_its_number_in_little_memory(tmp_path, make_project):
    project = make_project(articles=())
    place = tmp_path / "long.csv"
    with place.open("wb") as file:
        file.write(b"id,text\n1,")
        for _ in range(300):
            file.write(b"a" * 1_000_000)
        file.write(b"\n2,Two is.\n")

    # The peak that the system tells of a child is at least that of the process it was forked from.
    script = (
        "import sys\nfrom annotator.cli import main\n"
        "try:\n    main(['import', *sys.argv[1:]])\n"
        "finally:\n    print(open('/proc/self/status').read())"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(project.path), str(place)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr.startswith("long.csv: line 2: ")
    peak = re.search(r"VmHWM:\s+(\d+) kB", done.stdout)
    assert peak is not None
    assert int(peak[1]) / 1024 < 200
