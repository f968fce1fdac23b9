"""What a preview says of one small file of every format, compared with ``previews.json``."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from datetime import UTC, datetime
from typing import Any

import pytest
from docx import Document

from annotator.corpus import readers
from annotator.store import Store
from annotator.workflow import previewing
from annotator.workflow.choosing import Choices
from annotator.workflow.previewing import Look
from annotator.workflow.sources import from_uploads

FIRST = "The bridge over the Lem was closed on Monday by a guard nobody had seen before."
SECOND = "Nobody could say when it would open, or who would pay for what was lost."
TEXT = f"{FIRST} {SECOND}"
ROWS = [
    ["id", "headline", "body", "published", "outlet"],
    ["a1", "Bridge closed", TEXT, "2031-05-04", "Velm Courier"],
    ["a2", "Talks put off", SECOND, "2031-05-05", "The Esmar Post"],
]

TXT = f"---\ntitle: Bridge closed\ndate: 4 May 2031\nsource: Velm Courier\n---\n\n{TEXT}\n"
MD = f"# Bridge closed\n\n{FIRST}\n\n{SECOND}\n"
HTML = f"""<!doctype html><html lang="en"><head><title>Bridge closed | Velm Courier</title>
<meta property="og:title" content="Bridge closed">
<meta property="og:site_name" content="Velm Courier">
<meta property="article:published_time" content="2031-05-04T08:00:00Z">
<link rel="canonical" href="https://courier.example/bridge"></head><body>
<nav><a href="/">Home</a></nav><article><h1>Bridge closed</h1><p>{FIRST}</p><p>{SECOND}</p>
</article></body></html>"""
RTF = rf"{{\rtf1\ansi\ansicpg1252 Bridge closed\par {FIRST}\par {SECOND}}}"
NEXIS_UNI = "".join(
    rf"\pard\plain {line}\par "
    for line in [
        *("Velm Courier", "May 4, 2031 Sunday", "Copyright 2031 Velm Courier All Rights Reserved"),
        *("Section: World; Pg. 3", "Length: 30 words", "Byline: By Ilena Marsh", "Body"),
        *(FIRST, SECOND, "Classification", "Language: ENGLISH", "Load-Date: May 5, 2031"),
        "End of Document",
    ]
)
FACTIVA_CELLS = {
    "SE": "World",
    "HD": "<b class='enHeadline'>Bridge closed</b>",
    "BY": "Ilena Marsh",
    "WC": "30 words",
    "PD": "4 May 2031",
    "SN": "Velm Courier",
    "SC": "VELMC",
    "LA": "English",
    "LP": f"<p class='articleParagraph enarticleParagraph'>{FIRST}</p>",
    "TD": f"<p class='articleParagraph enarticleParagraph'>{SECOND}</p>",
    "AN": "<br/>Document VELMC00020310504e54l0001r",
}
FACTIVA = (
    "<!DOCTYPE html><html><head><title>Factiva</title></head><body>"
    "<div class='article enArticle'><table>"
    + "".join(
        f'<tr><td class="index"><b>{code}</b>&nbsp;</td><td>{held}</td></tr>'
        for code, held in FACTIVA_CELLS.items()
    )
    + "</table></div></body></html>"
)
FACTIVA_XML = f"""<?xml version="1.0" encoding="utf-8"?>
<PPSResponse><ppsArticleResponse xmlns="http://global.example/pps/2.0"><article>
<accessionNo>VELMC00020310504e54l0001r</accessionNo><baseLanguage>en</baseLanguage>
<headline><paragraph>Bridge closed</paragraph></headline>
<leadParagraph><paragraph>{FIRST}</paragraph></leadParagraph>
<tailParagraphs><paragraph>{SECOND}</paragraph></tailParagraphs>
<publicationDate><date>2031-05-04</date></publicationDate>
<sourceName>Velm Courier</sourceName></article></ppsArticleResponse></PPSResponse>"""
LEXISNEXIS = f"""                               1 of 1 DOCUMENTS

                                 Velm Courier

                              May 4, 2031 Sunday

Bridge closed

BYLINE: Ilena Marsh

SECTION: NEWS; Pg. 3

LENGTH: 30 words

{FIRST}

{SECOND}

LOAD-DATE: May 5, 2031

LANGUAGE: ENGLISH

PUBLICATION-TYPE: Newspaper

                         Copyright 2031 Velm Courier
                              All Rights Reserved
"""
PROQUEST = f"""{"_" * 60}
Document 1 of 1

Bridge closed

Author: Marsh, Ilena

Publication info: Velm Courier ; Velm [Velm]. 4 May 2031: A.1.

http://search.example/docview/123?accountid=1

Full text: {FIRST}

{SECOND}

Title: Bridge closed

Publication title: Velm Courier

Publication date: May 4, 2031

Section: World

Language of publication: English

ProQuest document ID: 123

{"_" * 60}
"""
RIS = f"""TY  - NEWS
T1  - Bridge closed
A1  - Marsh, Ilena
Y1  - 2031/05/04
JF  - Velm Courier
N2  - {TEXT}
UR  - https://courier.example/bridge
AN  - 12345
LA  - English
ER  - \n"""
RSS = f"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>Velm Courier</title><link>https://courier.example/</link><language>en</language>
<item><title>Bridge closed</title><link>https://courier.example/bridge</link>
<pubDate>Sun, 04 May 2031 12:00:00 GMT</pubDate>
<content:encoded><![CDATA[<p>{FIRST}</p><p>{SECOND}</p>]]></content:encoded></item>
<item><title>Talks</title><description>Only a summary.</description></item></channel></rss>"""


def _docx() -> bytes:
    document = Document()
    properties = document.core_properties
    properties.author = "Ilena Marsh"
    properties.created = properties.modified = datetime(2031, 5, 4, 12, tzinfo=UTC)
    document.add_heading("Bridge closed", 0)
    for paragraph in (FIRST, SECOND):
        document.add_paragraph(paragraph)
    document.save(out := io.BytesIO())
    return out.getvalue()


def _pdf() -> bytes:
    """One page of three lines, every object written by hand."""
    lines = ["Bridge closed", *FIRST.split(" by ")]
    drawn = "BT /F1 12 Tf " + " ".join(
        f"1 0 0 1 72 {700 - 14 * at - 20 * (at > 0)} Tm ({line}) Tj"
        for at, line in enumerate(lines)
    )
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R "
        "/Resources << /Font << /F1 4 0 R >> >> >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        f"<< /Length {len(drawn) + 3} >>\nstream\n{drawn} ET\nendstream",
        "<< /Title (Bridge closed) >>",
    ]
    out, places = "%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    return (
        f"{out}xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n"
        f"<< /Size {len(objects) + 1} /Root 1 0 R /Info 6 0 R >>\n"
        f"startxref\n{len(out)}\n%%EOF\n"
    ).encode()


def _warc() -> bytes:
    answer = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{HTML}".encode()
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://courier.example/bridge\r\n"
        "WARC-Date: 2031-05-06T00:00:00Z\r\nContent-Type: application/http\r\n"
        f"Content-Length: {len(answer)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + answer + b"\r\n\r\n", mtime=0)


def _zip(parts: dict[str, str]) -> bytes:
    with zipfile.ZipFile(out := io.BytesIO(), "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def _xlsx() -> bytes:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    rows = "".join(
        f'<row r="{n}">'
        + "".join(
            f'<c r="{chr(65 + at)}{n}" t="inlineStr"><is><t>{cell}</t></is></c>'
            for at, cell in enumerate(row)
        )
        + "</row>"
        for n, row in enumerate(ROWS, 1)
    )
    return _zip(
        {
            "[Content_Types].xml": f'<Types xmlns="{package}/content-types"/>',
            "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship '
            f'Id="r1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
            '<sheet name="One" sheetId="1" r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
            f'<Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/>'
            "</Relationships>",
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData>'
            "</worksheet>",
        }
    )


def _ods() -> bytes:
    names = "urn:oasis:names:tc:opendocument:xmlns"
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    rows = "".join(
        "<table:table-row>"
        + "".join(
            '<table:table-cell office:value-type="string">'
            f"<text:p>{cell}</text:p></table:table-cell>"
            for cell in row
        )
        + "</table:table-row>"
        for row in ROWS
    )
    return _zip(
        {
            "mimetype": kind,
            "content.xml": f'<office:document-content xmlns:office="{names}:office:1.0" '
            f'xmlns:table="{names}:table:1.0" xmlns:text="{names}:text:1.0"><office:body>'
            f'<office:spreadsheet><table:table table:name="One">{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
            "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{names}:manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
            "</manifest:manifest>",
        }
    )


def _parquet() -> bytes:
    import pyarrow as pa
    from pyarrow import parquet

    head, *rows = ROWS
    table = pa.table({name: [row[at] for row in rows] for at, name in enumerate(head)})
    parquet.write_table(table, out := io.BytesIO())
    return out.getvalue()


def _delimited(mark: str) -> str:
    return "\n".join(mark.join(f'"{cell}"' for cell in row) for row in ROWS) + "\n"


def _records() -> list[dict[str, str]]:
    return [dict(zip(ROWS[0], row, strict=True)) for row in ROWS[1:]]


FILES = {
    "bridge.txt": TXT.encode(),
    "bridge.md": MD.encode(),
    "bridge.html": HTML.encode(),
    "bridge.pdf": _pdf(),
    "bridge.docx": _docx(),
    "bridge.rtf": RTF.encode(),
    "nexis-uni.rtf": (
        rf"{{\rtf1\ansi{{\stylesheet{{\s1 heading 1;}}}}\pard\s1 Bridge closed\par {NEXIS_UNI}}}"
    ).encode(),
    "factiva.html": FACTIVA.encode(),
    "factiva.xml": FACTIVA_XML.encode(),
    "lexisnexis.txt": LEXISNEXIS.encode(),
    "proquest.txt": PROQUEST.encode(),
    "export.ris": RIS.encode(),
    "feed.xml": RSS.encode(),
    "crawl.warc.gz": _warc(),
    "reports.csv": _delimited(",").encode(),
    "reports.tsv": _delimited("\t").encode(),
    "reports.json": json.dumps(_records()).encode(),
    "reports.jsonl": "\n".join(map(json.dumps, _records())).encode(),
    "reports.parquet": _parquet(),
    "reports.xlsx": _xlsx(),
    "reports.ods": _ods(),
    "two-days.csv": _delimited(",").replace("2031-05-04", "04/05/2031").encode(),
    "no-text.csv": b"one,two\nIt rained in Velm today.,It snowed in Hallen today.\n",
    "empty.txt": b"",
    "old.zip": _zip({"korva/truce.txt": "A truce\n\nIt held.\n", "../evil.txt": "Out.\n"}),
}

NOT_HERE = {"xls"}
"""Old Excel files, which no program here writes; ``tests/corpus/test_sheets.py`` has some."""


def _as_data(look: Look) -> dict[str, Any]:
    outcome = look.outcome
    return {
        "format": outcome.format,
        "status": outcome.status,
        "documents": outcome.documents,
        "units": outcome.units,
        "known": outcome.known,
        "message": outcome.message,
        "warnings": list(outcome.warnings),
        "asks_order": look.asks_order,
        "columns": dict(look.table.columns) if look.table else None,
        "first": [
            {
                "fields": {
                    name: f"{value} ← {where}" if where else value
                    for name, value, where in previewing.previewed_fields(one.draft)
                },
                "meta": dict(one.draft.meta),
                "units": [
                    f"{cut.part}: {one.draft.text[cut.start : cut.end]}" for cut in one.segments
                ],
            }
            for one in look.previews
        ],
    }


@pytest.fixture
def store(tmp_path):
    made = Store.create(tmp_path / "p.annotator")
    yield made
    made.close()


def test_every_format_is_among_the_files():
    told = {
        readers.recognised(source.file()).name
        for source in from_uploads(FILES.items())
        if source.name.partition(".")[0] not in ("empty", "old")
    }

    assert told | NOT_HERE == {one.name for one in readers.FORMATS}


def test_previews_are_as_they_were(store, golden):
    seen = {
        source.name: _as_data(previewing.look(store, source, Choices()))
        for source in from_uploads(FILES.items())
    }

    golden("previews.json", json.dumps(seen, ensure_ascii=False, indent=1).encode() + b"\n")
