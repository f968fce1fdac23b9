"""Saved feeds to articles: RSS 2.0, RSS 1.0 and Atom, entry by entry."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.core.errors import ReadError
from annotator.corpus import feeds, readers
from annotator.corpus.article import drafted
from annotator.corpus.file import File

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
  xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<title>Korva Herald</title><link>https://korva.example/</link><language>en-gb</language>
<item><title>Bridge &amp;amp; road closed</title><link>https://korva.example/1</link>
<guid isPermaLink="false">kh-1</guid><dc:creator>Ilena Marsh</dc:creator>
<category>World</category><category>Valley</category>
<pubDate>Sun, 04 May 2031 23:30:00 -0500</pubDate>
<description>&lt;p&gt;Short.&lt;/p&gt;</description>
<content:encoded><![CDATA[<p>The bridge is closed. <a href="/x">Trucks</a> wait.</p>
<script>alert(1)</script><ul><li>Trucks: 40<li>Buses: 12</ul>]]></content:encoded></item>
<item><title>Talks</title><description>Only a summary.</description></item>
<item><title>Market</title><description>Another one.</description></item></channel></rss>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
  xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://velmar.example/"><title>Velmar Wire</title></channel>
<item rdf:about="https://velmar.example/7"><title>Ceasefire</title>
<link>https://velmar.example/7</link><dc:date>2031-05-09</dc:date>
<description>The guns are silent.</description></item></rdf:RDF>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>Osten Kurier</title>
<author><name>Redaktion</name></author>
<entry><title type="text">Zwei &lt; drei</title><id>tag:osten.example,2031:1</id>
<link rel="alternate" href="https://osten.example/1"/>
<updated>2031-05-05T00:10:00+02:00</updated><category term="p" label="Politik"/>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Eins ist da.</p>
<p>Zwei auch.</p></div></content></entry></feed>"""


def read(content: str | bytes, name: str = "feed.xml"):
    file = File.of_bytes(content if isinstance(content, bytes) else content.encode(), name)
    return list(readers.articles(file, readers.recognised(file)))


def test_an_entry_with_its_whole_text_is_an_article_with_paragraphs():
    article = read(RSS)[0]

    assert article.text == "The bridge is closed. Trucks wait.\n\n- Trucks: 40\n- Buses: 12"
    assert (article.title, article.author, article.source) == (
        "Bridge & road closed",
        "Ilena Marsh",
        "Korva Herald",
    )
    assert (article.url, article.external_id) == ("https://korva.example/1", "kh-1")
    assert (article.section, article.language) == ("World", "en-gb")
    assert article.meta == {"tags": "World; Valley"}
    assert (article.found["source"], article.found["date"]) == ("feed title", "entry published")


@pytest.mark.parametrize(
    ("content", "published"), [(RSS, "2031-05-04"), (RDF, "2031-05-09"), (ATOM, "2031-05-05")]
)
def test_the_day_is_that_of_the_entrys_own_zone(content, published):
    file = File.of_bytes(content.encode(), "feed.xml")

    draft = drafted(read(content)[0], file)

    assert (draft.published, draft.date_precision) == (published, "day")


def test_an_atom_entry_takes_from_the_feed_what_it_does_not_say_itself():
    [article] = read(ATOM)

    assert (article.text, article.title) == ("Eins ist da.\n\nZwei auch.", "Zwei < drei")
    assert (article.author, article.source, article.section, article.language) == (
        "Redaktion",
        "Osten Kurier",
        "Politik",
        "de",
    )
    assert (article.found["author"], article.found["date"]) == ("feed author", "entry updated")


def test_summaries_are_told_once_for_the_whole_feed():
    warnings = [one for article in read(RSS) for one in article.of_file]

    assert [one.partition(" entries")[0] for one in warnings] == ["2 of 3"]
    assert read(RSS)[1].text == "Only a summary."


def test_entries_say_which_one_they_are():
    assert [article.at for article in read(RSS)] == ["entry 1", "entry 2", "entry 3"]


@pytest.mark.parametrize("name", ["feed.rss", "feed.atom", "feed.txt", "feed.html", "feed"])
@pytest.mark.parametrize("content", [RSS, RDF, ATOM])
def test_a_feed_is_told_by_its_content_whatever_its_name(name, content):
    assert readers.recognised(File.of_bytes(content.encode(), name)).name == "feed"


def test_a_feed_in_another_encoding_keeps_its_letters():
    russian = RSS.replace("utf-8", "windows-1251").replace("Only a summary.", "Мост закрыт.")

    assert read(russian.encode("cp1251"))[1].text == "Мост закрыт."


def test_a_feed_that_breaks_off_gives_what_it_has_and_says_so():
    articles = read(RSS[: RSS.index("<item><title>Market")])

    assert [article.title for article in articles] == ["Bridge & road closed", "Talks"]
    assert "the feed is not well formed" in articles[0].of_file[0]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (
            '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>'
            "<rss version='2.0'><channel><item><title>&b;</title></item></channel></rss>",
            "declares XML entities",
        ),
        ('<?xml version="1.0"?><letters><letter>Text</letter></letters>', "no RSS or Atom feed"),
        ("<rss version='2.0'><channel><title>Korva</title></channel></rss>", "has no entries"),
        ("<rss version='2.0'><channel><ti", "not well formed"),
    ],
)
def test_a_feed_that_cannot_be_read_says_why(content, told):
    with pytest.raises(ReadError, match=r"\Afeed\.xml: ") as raised:
        read(content)

    assert told in str(raised.value)


def outcome(content: bytes):
    """The articles, or the sentence in which they were refused."""
    try:
        return list(feeds.read_feed(File.of_bytes(content, "feed.xml")))
    except ReadError as fault:
        return str(fault)


def mutated(content: bytes, seed: int) -> bytes:
    chance = random.Random(seed)
    changed = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        at, length = chance.randrange(len(changed)), chance.randint(1, 30)
        piece = changed[at : at + length]
        changed[at : at + length] = chance.choice(
            [b"", piece * 3, chance.randbytes(length), b"<", b"]]>", b"&#0;", b"&bad;", b"\xff"]
        )
        changed = changed or bytearray(b"<rss>")
    return bytes(changed)


@settings(deadline=5000, max_examples=300)
@given(st.sampled_from([RSS, RDF, ATOM]), st.one_of(st.binary(), st.integers(0, 10**9)))
def test_any_bytes_give_articles_or_a_sentence(feed, given_):
    content = given_ if isinstance(given_, bytes) else mutated(feed.encode(), given_)

    found = outcome(content)

    assert found if isinstance(found, list) else found.startswith("feed.xml: ")
