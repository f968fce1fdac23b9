"""Web pages to articles: main text, fields and where they were found, encodings, refusals."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from annotator.core.errors import DateOrderError, NoTextError, ReadError
from annotator.corpus import html, readers
from annotator.corpus.article import drafted
from annotator.corpus.file import File

HEAD = """<meta charset="utf-8"><title>Bridge at Korva closed | Korva Herald</title>
<meta property="og:title" content="Bridge at Korva closed">
<meta property="og:site_name" content="Korva Herald">
<meta property="article:published_time" content="2031-05-04T23:30:00-05:00">
<meta property="article:section" content="World">
<meta property="article:tag" content="Ostravia"><meta property="article:tag" content="Shelling">
<meta name="author" content="Ilena Marsh"><meta name="description" content="No date for opening.">
<link rel="canonical" href="https://korva.example/world/bridge">"""
BODY = """<div class="cookie-banner"><p>We use cookies to improve it. Accept all.</p></div>
<nav><ul><li><a href="/">Home</a></li><li><a href="/world">World</a></li></ul></nav>
<main><article><h1>Bridge at Korva closed</h1>
<figure><img src="a.jpg"><figcaption>The bridge on Sunday. Photo: T. Orr</figcaption></figure>
<div class="share"><a href="#">Share this story</a></div>
<p>The bridge at Korva was closed on Sunday, the interior ministry of Ostravia said,
after two nights of shelling.</p>
<h2>No date for opening</h2>
<p>“We are waiting,” said Tomas Orr, <b>a driver</b> from the valley.</p>
<ul><li>Trucks: 40</li><li>Buses: 12</li></ul>
<p>The next meeting is on Monday, and nobody in the valley expects that it will decide.</p>
<div class="related"><h3>Related</h3><ul><li><a href="/x">Another story</a></li></ul></div>
</article></main>
<section id="comments"><p>Reader42: I have always said that this is a scandal.</p></section>
<footer><p>© 2031 Korva Herald</p></footer>"""
TEXT = """The bridge at Korva was closed on Sunday, the interior ministry of Ostravia said, \
after two nights of shelling.

No date for opening

“We are waiting,” said Tomas Orr, a driver from the valley.

- Trucks: 40
- Buses: 12

The next meeting is on Monday, and nobody in the valley expects that it will decide."""


def page(head: str = HEAD, body: str = BODY, attributes: str = 'lang="en-GB"') -> str:
    return f"<!DOCTYPE html><html {attributes}><head>{head}</head><body>{body}</body></html>"


def read(content: str | bytes, name: str = "bridge.html"):
    file = File.of_bytes(content if isinstance(content, bytes) else content.encode(), name)
    [article] = readers.articles(file, readers.recognised(file))
    return article


def linked(**fields: object) -> str:
    said = {"@context": "https://schema.org", "@type": "NewsArticle", **fields}
    return f'<script type="application/ld+json">{json.dumps(said)}</script>'


def test_the_main_text_has_no_menu_banner_caption_remark_or_headline():
    assert read(page()).text == TEXT


def test_every_field_says_where_on_the_page_it_was():
    article = read(page())

    assert (article.title, article.author, article.source, article.section, article.url) == (
        "Bridge at Korva closed",
        "Ilena Marsh",
        "Korva Herald",
        "World",
        "https://korva.example/world/bridge",
    )
    assert article.found == {
        "title": "meta og:title",
        "author": "meta author",
        "source": "meta og:site_name",
        "section": "meta article:section",
        "url": "link canonical",
        "date": "meta article:published_time",
        "language": "html lang",
    }
    assert article.meta == {"description": "No date for opening.", "tags": "Ostravia; Shelling"}


def test_the_day_is_that_of_the_pages_own_zone():
    file = File.of_bytes(page().encode(), "bridge.html")

    draft = drafted(next(html.read_html(file)), file)

    assert (draft.published, draft.date_precision, draft.language) == ("2031-05-04", "day", "en")
    assert draft.text.startswith("Bridge at Korva closed\n\nThe bridge at Korva")


def test_json_ld_gives_authors_date_publisher_and_place():
    said = linked(
        headline="Bridge closed",
        author=[{"name": "Ilena Marsh"}, {"name": "Tomas Orr"}],
        publisher={"name": "Velmar Wire"},
        datePublished="2031-05-04",
        dateline="KORVA, Ostravia, May 4",
    )

    article = read(page(said))

    assert (article.title, article.author, article.source) == (
        "Bridge closed",
        "Ilena Marsh; Tomas Orr",
        "Velmar Wire",
    )
    assert (article.date, article.place) == ("2031-05-04", "KORVA, Ostravia")
    assert article.found["date"] == "JSON-LD datePublished"


@pytest.mark.parametrize(
    ("head", "heading", "found"),
    [
        ('<meta property="og:title" content="Talks fail | Korva Herald">', "", "meta og:title"),
        ("<title>Talks fail - Korva Herald</title>", "", "<title>"),
        ("<title>Talks fail — The Herald of Korva</title>", "Talks fail", "<h1>"),
    ],
)
def test_a_title_does_not_carry_the_name_of_the_site(head, heading, found):
    site = '<meta property="og:site_name" content="Korva Herald">'

    article = read(page(head + site, f"<h1>{heading}</h1><p>Nothing was said. All left.</p>"))

    assert (article.title, article.found["title"]) == ("Talks fail", found)


def test_a_title_with_a_colon_of_its_own_stays_whole():
    assert (
        read(page("<title>Korva : a city waits</title>", "<p>Text.</p>")).title
        == "Korva : a city waits"
    )


def test_a_date_is_not_guessed_from_the_address_or_from_a_file_name():
    head = '<link rel="canonical" href="https://korva.example/2031/05/04/bridge">'

    article = read(page(head, BODY.replace("a.jpg", "/2031/05/04/a.jpg")))

    assert (article.date, article.url) == ("", "https://korva.example/2031/05/04/bridge")


def test_a_day_that_the_article_speaks_of_is_not_its_date():
    head = '<link rel="canonical" href="https://korva.example/2031/05/04/bridge">'

    article = read(page(head, BODY.replace("on Sunday", "on 4 May 2031")))

    assert article.date == ""


def test_the_date_of_a_page_is_told_from_others_in_its_text():
    body = BODY.replace("on Sunday", "on 3 March 2031")

    article = read(page("", f'{body}<div class="date">4 May 2031</div>'))

    assert article.date == "4 May 2031"


def test_a_date_in_the_text_is_taken_as_written_and_told():
    article = read(page("", '<div class="date">4 May 2031</div>' + BODY))

    assert article.date == "4 May 2031"
    assert article.found["date"] == "text of the page"
    assert "check it" in article.warnings[0]


def test_a_date_that_may_be_two_days_is_asked_for_not_settled():
    content = page("", '<div class="date">03/04/2023</div>' + BODY).encode()
    file = File.of_bytes(content, "bridge.html")

    with pytest.raises(DateOrderError, match=r"bridge\.html: the date '03/04/2023'"):
        drafted(next(html.read_html(file)), file)


def test_the_comment_of_a_saved_page_gives_its_address():
    saved = "<!-- saved from url=(0030)https://korva.example/saved -->" + page("")

    article = read(saved)

    assert (article.url, article.found["url"]) == ("https://korva.example/saved", "saved from")


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ('<meta charset="windows-1251">', "cp1251"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=koi8-r">', "koi8-r"),
        ('<meta charset="utf-8">', "utf-16"),
        ("", "utf-8-sig"),
    ],
)
def test_letters_are_right_in_the_encoding_that_the_page_declares(head, encoding):
    russian = "Мост закрыт с утра. Мы ждём ответа второй день, сказала юрист Илена Марш."

    article = read(page(head, f"<p>{russian}</p>", 'lang="ru"').encode(encoding))

    assert article.text == russian
    assert not any("encoding" in one or "letters" in one for one in article.warnings)


def test_a_page_that_says_latin_1_is_read_as_browsers_read_it():
    content = page('<meta charset="iso-8859-1">', "<p>“Korva waits”, he said, for a reply.</p>")

    article = read(content.encode("cp1252"))

    assert article.text == "“Korva waits”, he said, for a reply."
    assert not any("letters" in one for one in article.warnings)


def test_a_page_that_is_not_in_the_encoding_it_declares_says_so():
    content = page(
        '<meta charset="utf-8">', "<p>The café was closed for good. Nobody objected.</p>"
    )

    article = read(content.encode("cp1252"))

    assert "The café was closed" in article.text
    assert "declares utf-8 but is not; check the letters" in article.warnings


def test_a_server_that_names_the_encoding_is_believed_before_the_page():
    content = page('<meta charset="utf-8">', "<p>Мост закрыт с утра, и никто не спорит.</p>")

    article = html.read_page(content.encode("cp1251"), "bridge.html", "windows-1251")

    assert article.text == "Мост закрыт с утра, и никто не спорит."


def test_a_piece_of_a_page_is_read_by_its_suffix():
    article = read("<p>The bridge is open.</p><p>Trucks pass<br>again.</p>", "bridge.htm")

    assert article.text == "The bridge is open.\n\nTrucks pass\nagain."


@pytest.mark.parametrize(
    "beginning", ["", "\n <!-- a remark <p> -->", '<?xml version="1.0"?>\n', "\ufeff"]
)
def test_a_page_is_told_by_its_content_whatever_its_name(beginning):
    file = File.of_bytes((beginning + page()).encode(), "bridge.txt")

    assert readers.recognised(file).name == "html"


def test_a_page_with_little_text_gives_it_and_a_warning():
    banner = '<div class="cookie-banner"><p>We use cookies. Accept all.</p></div>'

    article = read(page("", f"{banner}<article><p>Korva waits for an answer.</p></article>"))

    assert article.text == "Korva waits for an answer."
    assert "check that it is the whole article" in article.warnings[0]


def test_a_page_in_which_no_article_is_found_gives_all_its_text_and_a_warning():
    article = read(page("", "<header>Korva waits.<br><br>It is still.</header><nav>Home</nav>"))

    assert article.text == "Korva waits.\n\nIt is still."
    assert "the article could not be told from the rest of the page" in article.warnings[0]


def test_a_list_of_articles_is_told():
    card = "<article><h2><a href='/a'>Story {0}</a></h2><p>The teaser of it.</p></article>"

    article = read(page("", "".join(card.format(n) for n in range(8))))

    assert "this looks like a page that lists several articles" in article.warnings[0]


def test_one_article_with_others_beside_it_is_no_list():
    teaser = "<article><h3>Another story</h3></article>"

    article = read(page("", BODY.replace("</article>", f"{teaser * 4}</article>")))

    assert not any("several articles" in one for one in article.warnings)


def test_two_pages_of_one_text_are_both_read_whole():
    assert read(page()).text == read(page(), "again.html").text == TEXT


@pytest.mark.parametrize(
    ("content", "kind", "told"),
    [
        ("<html><body></body></html>", NoTextError, "there is no text in the page"),
        ("<html><script>var a = 1</script></html>", NoTextError, "there is no text in the page"),
        (
            '<!DOCTYPE html [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><html><p>&b;</p></html>',
            ReadError,
            "declares XML entities",
        ),
        ("<html>" + "<p>Word" * 70_000, ReadError, "has 70,001 tags and the limit is 60,000"),
    ],
)
def test_a_page_that_cannot_be_read_says_why(content, kind, told):
    with pytest.raises(kind, match=r"\Abridge\.html: ") as raised:
        read(content)

    assert told in str(raised.value)


@pytest.mark.timeout(60)
def test_a_saved_page_of_many_pictures_is_read_without_them():
    picture = f'<img src="data:image/png;base64,{"A" * 40_000_000}">'

    article = read(page(body=picture + BODY))

    assert article.text == TEXT


def outcome(content: bytes):
    """The articles, or the sentence in which they were refused."""
    try:
        return list(html.read_html(File.of_bytes(content, "bridge.html")))
    except ReadError as fault:
        return str(fault)


def mutated(content: bytes, seed: int) -> bytes:
    """The content with pieces cut out, repeated and overwritten."""
    chance = random.Random(seed)
    changed = bytearray(content)
    for _ in range(chance.randint(1, 12)):
        at, length = chance.randrange(len(changed)), chance.randint(1, 40)
        piece = changed[at : at + length]
        changed[at : at + length] = chance.choice(
            [
                b"",
                piece * 3,
                chance.randbytes(length),
                b"<" * 5,
                b"\xff\xfe",
                b"</p>",
                b"&#0;&#x1F;",
            ]
        )
        changed = changed or bytearray(b"<html>")
    return bytes(changed)


def test_characters_that_no_text_should_have_become_spaces():
    hostile = BODY.replace("Korva was", "Korva&#31;<script>var a = 1</script>&#x0B;was")

    assert read(page(body=hostile)).text == TEXT


@settings(deadline=5000, max_examples=150)
@example(6381)  # "&#x1F;" behind a script, on a page without a date
@given(st.one_of(st.binary(), st.integers(0, 10**9)))
def test_any_bytes_give_an_article_or_a_sentence(given_):
    content = (
        given_ if isinstance(given_, bytes) else mutated(page(HEAD + linked(a=1)).encode(), given_)
    )

    found = outcome(content)

    assert found if isinstance(found, list) else found.startswith("bridge.html: ")


@pytest.mark.parametrize(
    "hostile",
    [
        "<div>" * 59_000,
        "<a href=x>link</a> " * 29_000,
        "<table><tr><td>" * 19_000,
        "<p>A sentence of news.</p>" * 29_000,
        "<script type='application/ld+json'>" + "[" * 100_000 + "</script><p>Text</p>",
        "<!--" * 100_000,
        '<meta name="author" content="' + "by " * 100_000 + '"><p>Text stands here.</p>',
    ],
    ids=["nested", "links", "tables", "paragraphs", "json", "comments", "author"],
)
@pytest.mark.timeout(60)
def test_a_hostile_page_ends_in_articles_or_a_fault(hostile):
    found = outcome(f"<html>{hostile}".encode())

    assert isinstance(found, list) or found.startswith("bridge.html: ")
