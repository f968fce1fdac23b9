"""Factiva: pages with the field codes and without, and the older XML."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.core.errors import ReadError
from annotator.corpus import factiva, factiva_xml, readers
from annotator.corpus.article import drafted
from annotator.corpus.file import File
from annotator.corpus.markup import MOST_TAGS

STYLE = "<style type='text/css'>" + ".icon a{display:block;}" * 4_000 + "</style>"

CELLS = {
    "SE": "World",
    "HD": "<b class='enHeadline'>Bridge over the Lem closed</b>\n",
    "BY": "Ilena Marsh",
    "CR": "Northwire",
    "WC": "355 words",
    "PD": "21 September 2031",
    "ET": "15:32",
    "SN": "The Northwire",
    "SC": "NORTHW",
    "PG": "3",
    "LA": "English",
    "CY": "(c) 2031 Northwire Ltd.   ",
    "LP": "<p class='articleParagraph enarticleParagraph'>The <b>bridge</b> over\nthe Lem is "
    "closed.</p>\n<p class='articleParagraph enarticleParagraph'>Nobody pays &amp; waits.</p>",
    "TD": "<p class='articleParagraph enarticleParagraph'>It will open again.</p>",
    "NS": "<br/>gvote : Elections | gcat : Political/General News",
    "RE": "<br/>ostr : Ostravia",
    "IPC": "<br/>VOTE | GEN",
    "PUB": "<br/>Northwire Ltd",
    "AN": "<br/>Document NORTHW0020310921e99l0001r",
}


def coded(kind: str = "en", **cells: str | None) -> str:
    rows = "".join(
        f'<tr><td class="index"><b>{code}</b>&nbsp;</td><td>{held}</td></tr>'
        for code, held in (CELLS | cells).items()
        if held is not None
    )
    return f'<div class="article {kind}Article"><table>{rows}</table><br/></div><br/>'


UNCODED = """
<div id="article-NORTHW00X" class="article"><div class="article deArticle"><p>
</p><div>Sport</div>
<div id="hd"><span class="deHeadline counted">19) Brücke über den Lem gesperrt</span>
</div><div class="author">Ilena Marsh </div><div>1.049 Wörter</div><div>21 September 2031</div>
<div>15:32</div><div>Der Nordbote Online</div><div>NORDB</div><div>Deutsch</div>
<div>Copyright 2031. Nordbote GmbH. </div>
<p></p>
<p class="articleParagraph dearticleParagraph">Die Brücke
ist zu.</p>
<p class="articleParagraph dearticleParagraph">Niemand zahlt.</p>
<p>Die Brücke am Morgen. </p>
<p>Nordbote GmbH</p><p>Dokument NORDB00020310921ed410003q</p></div></div><br>
"""


def page(*articles: str, style: str = STYLE) -> bytes:
    return (
        '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "x"><html><head>'
        '<meta http-equiv="Content-Type" content="text/html; charset=UTF-8"/>'
        f"<title>Factiva</title>{style}</head><body><div><h1>Factiva</h1></div>"
        f"{''.join(articles)}<div id='pageFooter'>&copy; 2031 Factiva</div></body></html>"
    ).encode()


XML = """<?xml version="1.0" encoding="utf-8"?>
<PPSResponse><ppsArticleResponse xmlns="http://global.example/pps/2.0">
<ppsarticleResultSet count="1"><ppsarticle><article>
  <accessionNo>NORTHW0020310921e99l0001r</accessionNo>
  <reference>distdoc:archive/ArchiveDoc::Article/NORTHW0020310921e99l0001r</reference>
  <baseLanguage>EN</baseLanguage>
  <byline>Ilena Marsh</byline>
  <headline><paragraph lang="EN"><hlt>Bridge</hlt> over the Lem closed</paragraph></headline>
  <leadParagraph><paragraph>The bridge over the <hlt>Lem</hlt> is
    closed.</paragraph></leadParagraph>
  <tailParagraphs><paragraph>Nobody pays.</paragraph><paragraph>It will open.</paragraph>
  </tailParagraphs>
  <publicationDate><dateTime>2031-09-21T01:35:58Z</dateTime></publicationDate>
  <sourceName>The Northwire</sourceName>
  <newsSubject code="gvote"><name>Elections</name></newsSubject>
  <newsSubject code="gcat"><name>General News</name></newsSubject>
  <wordCount>942</wordCount>
</article></ppsarticle></ppsarticleResultSet></ppsArticleResponse></PPSResponse>"""


def read(content: bytes | str, name: str = "export.html"):
    file = File.of_bytes(content if isinstance(content, bytes) else content.encode(), name)
    return list(readers.articles(file, readers.recognised(file)))


def draft(content: bytes):
    file = File.of_bytes(content, "export.html")
    return drafted(next(readers.articles(file, readers.recognised(file))), file)


def test_codes_become_the_fields_of_an_article():
    one = draft(page(coded()))

    assert one.text == (
        "Bridge over the Lem closed\n\nThe bridge over the Lem is closed.\n\n"
        "Nobody pays & waits.\n\nIt will open again."
    )
    assert (one.title, one.published, one.author) == (
        "Bridge over the Lem closed",
        "2031-09-21",
        "Ilena Marsh",
    )
    assert (one.source, one.section, one.language) == ("The Northwire", "World", "en")
    assert one.external_id == "NORTHW0020310921e99l0001r"
    assert one.found["text"] == "LP + TD"


def test_codes_without_a_field_are_kept_with_their_names_and_lists_are_parted_by_semicolons():
    [article] = read(page(coded()))

    assert article.meta["NS"] == "gvote : Elections; gcat : Political/General News"
    assert article.meta["IPC"] == "VOTE; GEN"
    assert (article.meta["ET"], article.meta["WC"]) == ("15:32", "355 words")
    assert not {"HD", "LP", "TD", "AN", "LA"} & article.meta.keys()


def test_a_page_is_told_by_its_title_however_long_its_style_sheet_is():
    file = File.of_bytes(page(coded()), "anything.bin")

    assert b"enArticle" not in file.head
    assert readers.recognised(file).name == "factiva-html"


def test_a_piece_of_a_page_is_told_by_its_articles():
    [article] = read(coded("fr", LA="Français", PD="21 septembre 2031"))

    assert (article.language, article.date) == ("fr", "21 septembre 2031")


def test_fields_below_the_headline_are_told_by_their_order():
    [article] = read(page(UNCODED))

    assert article.title == "Brücke über den Lem gesperrt"
    assert article.text == "Die Brücke ist zu.\n\nNiemand zahlt."
    assert (article.date, article.source, article.author, article.section, article.language) == (
        "21 September 2031",
        "Der Nordbote Online",
        "Ilena Marsh",
        "Sport",
        "de",
    )
    assert article.external_id == "NORDB00020310921ed410003q"
    assert article.meta == {
        "WC": "1.049 Wörter",
        "ET": "15:32",
        "SC": "NORDB",
        "CY": "Copyright 2031. Nordbote GmbH.",
        "notes": "Die Brücke am Morgen.; Nordbote GmbH",
    }


def test_a_bare_headline_without_anything_else_still_gives_its_text():
    [article] = read(
        '<div class="article enArticle"><div><span class="enHeadline">Bridge closed</span></div>'
        '<p class="articleParagraph enarticleParagraph">The bridge is closed.</p></div>'
    )

    assert (article.title, article.text, article.date) == (
        "Bridge closed",
        "The bridge is closed.",
        "",
    )


def test_a_table_within_the_text_gives_no_fields():
    table = "<p>Results:</p><table><tr><td>GDP</td><td>3</td></tr></table>"
    [article] = read(page(coded(TD=table)))

    assert "GDP" not in article.meta
    assert "GDP\t3" in article.text


def test_articles_of_a_page_come_in_order_and_are_counted():
    articles = read(page(coded(), UNCODED, coded(HD="Third")))

    assert [(one.at, one.title) for one in articles] == [
        ("article 1", "Bridge over the Lem closed"),
        ("article 2", "Brücke über den Lem gesperrt"),
        ("article 3", "Third"),
    ]


def test_an_article_without_text_does_not_keep_the_others_out():
    articles = read(page(coded(LP=None, TD=None), coded()))

    assert [bool(one.text) for one in articles] == [False, True]


def test_an_article_that_is_too_large_is_left_out_and_named_and_the_others_come_in():
    flood = coded(LP="<i>x</i>" * (MOST_TAGS // 2 + 1))

    articles = read(page(flood, coded()))

    assert [bool(one.text) for one in articles] == [False, True]
    assert articles[1].of_file[0].startswith("article 1: has ")


def test_a_page_without_articles_says_what_to_save():
    with pytest.raises(ReadError, match=r"^export\.html: this page of Factiva holds no article; "):
        read(page())


def test_entities_are_refused():
    bomb = b'<!DOCTYPE x [<!ENTITY a "aa">]><title>Factiva</title>' + coded().encode()

    with pytest.raises(ReadError, match="declares XML entities"):
        read(bomb)


def test_the_older_xml_gives_the_same_fields():
    [article] = read(XML, "export.xml")

    assert article.text == "The bridge over the Lem is closed.\n\nNobody pays.\n\nIt will open."
    assert (article.title, article.date, article.source, article.author) == (
        "Bridge over the Lem closed",
        "2031-09-21T01:35:58Z",
        "The Northwire",
        "Ilena Marsh",
    )
    assert (article.external_id, article.language) == ("NORTHW0020310921e99l0001r", "EN")
    assert article.meta == {
        "NS": "gvote : Elections; gcat : General News",
        "wordCount": "942",
    }


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (XML.replace("</article>", ""), "cannot be read as XML of Factiva"),
        (XML.replace("article>", "story>"), "holds no article"),
        (XML.replace("<PPS", '<!DOCTYPE x [<!ENTITY a "aa">]><PPS', 1), "declares XML entities"),
    ],
)
def test_broken_xml_is_refused_in_one_sentence(content, told):
    with pytest.raises(ReadError, match=told) as raised:
        read(content, "export.xml")

    assert "\n" not in str(raised.value)


PAGE = page(coded(), UNCODED, style="")


@settings(deadline=3_000)
@given(
    reader=st.sampled_from([(factiva.read_html, PAGE), (factiva_xml.read_xml, XML.encode())]),
    cut=st.integers(0, 4_000),
    junk=st.one_of(st.binary(max_size=40), st.sampled_from([b"<div>" * 300, b"<!--", b"]]>"])),
    keep=st.integers(0, 4_000),
)
def test_damaged_exports_are_read_or_refused(reader, cut, junk, keep):
    read_damaged, whole = reader
    file = File.of_bytes(whole[:cut] + junk + whole[cut : cut + keep], "a.html")

    with suppress(ReadError):
        for article in read_damaged(file):
            with suppress(ReadError):
                drafted(article, file)


@settings(deadline=3_000)
@given(content=st.one_of(st.binary(), st.text().map(lambda text: text.encode("utf-8", "ignore"))))
def test_any_bytes_are_read_or_refused(content):
    for reader in (factiva.read_html, factiva_xml.read_xml):
        with suppress(ReadError):
            list(reader(File.of_bytes(content, "a.html")))
