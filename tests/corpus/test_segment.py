"""Sentences of news text: quotations, left-over abbreviations, furniture, and the offsets."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator import corpus
from annotator.core.document import Draft
from annotator.corpus.segment import SEGMENTER, SEGMENTERS, segment
from annotator.corpus.wire import read_wire

ARTICLE = (
    " date 2031-05-04 KORVA, Ostravia, May 4. The bridge over the Lem was closed by the so-called "
    "border guard, Ilena Marsh, a lawyer at the Korva Forum, told Northwire.\n\n"
    '"Their patrols have hurt many families. The so-called "peace line" is nobody\'s border. '
    'We want it gone," she said.\n\n'
    "Talks begin at 13:00 (GMT+4) on Friday. At the same time, Sund keeps its posts.\n"
)


def draft(text: str, **fields: object) -> Draft:
    return Draft(text=text, file="a.txt", file_sha256="", **fields)


def sentences(text: str, language: str = "en", **fields: object) -> list[str]:
    return [text[unit.start : unit.end] for unit in segment(draft(text, **fields), language)]


def wire_article() -> Draft:
    return draft(ARTICLE, furniture=read_wire(ARTICLE).furniture)


def test_a_quotation_of_three_sentences_is_three_units():
    found = sentences(ARTICLE, furniture=read_wire(ARTICLE).furniture)

    assert found[1:4] == [
        '"Their patrols have hurt many families.',
        'The so-called "peace line" is nobody\'s border.',
        'We want it gone," she said.',
    ]


def test_the_date_line_and_the_dateline_are_no_units():
    found = segment(wire_article(), "en")

    assert ARTICLE[found[0].start :].startswith("The bridge over the Lem")
    assert [(unit.paragraph, unit.part) for unit in found] == [
        (0, "lead"),
        (1, "body"),
        (1, "body"),
        (1, "body"),
        (2, "body"),
        (2, "body"),
    ]


def test_a_headline_is_one_unit_even_where_it_has_two_sentences():
    text = "Bridge closed. Who pays?\n\nThe bridge is closed. Nobody pays.\n\nThat is all."

    found = segment(draft(text, headline_end=24), "en")

    assert [(unit.paragraph, unit.part) for unit in found] == [
        (0, "headline"),
        (1, "lead"),
        (1, "lead"),
        (2, "body"),
    ]
    assert text[found[0].start : found[0].end] == "Bridge closed. Who pays?"


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", '"Is it over?" he asked. She left.', ['"Is it over?" he asked.', "She left."]),
        ("en", "He waited… Nobody came.", ["He waited…", "Nobody came."]),
        ("en", "(They left.) We stayed.", ["(They left.)", "We stayed."]),
        ("en", "See news.asp?id=4 for more. Then go.", ["See news.asp?id=4 for more.", "Then go."]),
        ("en", "Talks end at 5 p.m. Monday. He left.", ["Talks end at 5 p.m. Monday.", "He left."]),
        ("en", "1. The bridge opens.", ["1. The bridge opens."]),
        ("en", "Lt. Col. Marsh met Mr. Doe.", ["Lt. Col. Marsh met Mr. Doe."]),
        ("fr", "M. Marsh est venu. Il part.", ["M. Marsh est venu.", "Il part."]),
        ("ru", "В. Марш ушёл. «Да. Нет».", ["В. Марш ушёл.", "«Да.", "Нет»."]),
        (
            "ru",
            "Дали 5 млн. руб. за год. Это ген. Марш.",
            ["Дали 5 млн. руб. за год.", "Это ген. Марш."],
        ),
        ("ru", "Война шла в 1941–1945 гг. на юге.", ["Война шла в 1941–1945 гг. на юге."]),
        ("tr", "Komutan 3. Ordu için konuştu. Gitti.", ["Komutan 3. Ordu için konuştu.", "Gitti."]),
        ("az", "Körpü bağlıdır. 3. Ordu gəldi.", ["Körpü bağlıdır.", "3. Ordu gəldi."]),
        ("ar", "قال د. أحمد نعم. هل هذا صحيح؟ لا.", ["قال د. أحمد نعم.", "هل هذا صحيح؟", "لا."]),
        ("hy", "Բարեւ։ Ո՞վ է։", ["Բարեւ։", "Ո՞վ է։"]),
        ("zh", "他说：“是。不是。”我们走了。", ["他说：“是。", "不是。”", "我们走了。"]),
        ("ja", "「そうです。」と言った。次の文。", ["「そうです。」と言った。", "次の文。"]),
        ("xx", "One here. Two here.", ["One here.", "Two here."]),
        ("en", "They met Ms. Marsh. Gov. Doe left.", ["They met Ms. Marsh.", "Gov. Doe left."]),
        (
            "en",
            "Maj.-Gen. Marsh and then-Gov. Doe met.",
            ["Maj.-Gen. Marsh and then-Gov. Doe met."],
        ),
        (
            "en",
            "No. 5 is open. Sund pays $5 bn. in aid.",
            ["No. 5 is open.", "Sund pays $5 bn. in aid."],
        ),
        ("en", "1.) The bridge. 2.) The crew.", ["1.) The bridge.", "2.) The crew."]),
        ("en", "It was plan B\u00a0! They left.", ["It was plan B\u00a0!", "They left."]),
        ("en", "It was plan B\u00a0. they left.", ["It was plan B\u00a0. they left."]),
    ],
)
def test_sentences_end_where_a_reader_would_end_them(language, text, expected):
    assert sentences(text, language) == expected


def test_a_word_that_is_also_short_for_another_ends_a_sentence_before_a_capital():
    assert sentences("It closed in May. Officials said no. Nobody paid.") == [
        "It closed in May.",
        "Officials said no.",
        "Nobody paid.",
    ]


SENTENCES = {
    "az": [
        "Gen. Marş gəldi.|Körpü 3. Ordunun əlindədir.",
        "Dövlət 5 mln. manat verdi.|Heç kim bilmir.",
        "II. Dünya müharibəsi bitdi.|Sülh gəldi.",
        "Su, işıq və s. verildi.|«Yaxşıdır.|Gedirik», dedi.",
    ],
    "tr": [
        "Komutan 3. Ordu için konuştu.|Gitti.",
        "Cumhuriyetin 100. yılında II. Dünya Savaşı anıldı.|15. madde değişti.",
        "Sn. Marş ile Doç. Dr. Ela geldi.|Kim bilir?",
        "Su, ekmek vb. geldi.|Sonra süt vb.|Herkes sustu.",
    ],
    "hy": [
        "Կամուրջը փակ է։|Ո՞վ գիտի։",
        "Կամուրջը փակ է:|Մարդիկ գնացին:",
        "Նա ասաց. «Գնանք»։|Մենք գնացինք։",
    ],
    "ru": [
        "Дали 5 млн. руб. за год.|Это ген. Марш.",
        "В 1941–1945 гг. на юге шла война.|Она кончилась.",
        "Он жил на ул. Садовой, д. 5.|Продали за 3 млн долл. США.",
        "«Мы уходим.|Нас не ждут», — сказал А. Б. Марш.",
        "Пришли Марш и др. люди.|Все молчали.",
    ],
    "uk": [
        "Дали 5 млн. грн. за рік.|Це ген. Марш.",
        "Війна йшла у 1941–1945 рр. на півдні.|Вона скінчилась.",
        "«Ми йдемо.|Нас не чекають», — сказав А. Марш.",
    ],
    "ar": [
        "قال د. أحمد نعم.|هل هذا صحيح؟|لا.",
        "التقى أ.د. سالم بالوزير.|وغادر المكان.",
        "الجسر مغلق؛ ولا أحد يعرف.|الباب مُوصَد.|غدا يفتح!",
    ],
    "fa": [
        "پل بسته شد.|چه کسی می‌داند؟|هیچ کس.",
        "د. احمد آمد.|او رفت.",
        "این شهر در سال ۳۰۰ ق.م. ساخته شد.|بزرگ بود.",
    ],
    "ur": [
        "پل بند ہے۔|کیا یہ سچ ہے؟|ہاں۔",
        "ڈاکٹر. احمد آئے۔|وہ چلے گئے۔",
        "”پل بند ہے۔|ہم جاتے ہیں،“ اس نے کہا۔",
    ],
    "zh": [
        "他说：“是。|不是。”|我们走了。",
        "桥关了！|为什么？|没人知道。",
        "桥长3.5公里。|很长。",
    ],
    "ja": [
        "「そうです。」と言った。|次の文。",
        "『行く。|帰る。』|彼は去った。",
        "橋は閉まった。|なぜか？|誰も知らない。",
    ],
    "ka": [
        "ხიდი დაიკეტა.|ვინ იცის?|არავინ.",
        "პროფ. მარში მოვიდა.|ის წავიდა.",
        "ე.წ. საზღვარი ღიაა.|კარგია.",
    ],
    "de": [
        "Am 3. Oktober kam Dr. Marsch.|Es gibt z. B. Brücken.|Sie sind zu.",
        "Sie zahlten 5 Tsd. Euro.|Das ist Art. 5 Abs. 2 des Vertrags.",
        "Es war eine Art.|Er ging.",
        "Oberstlt. Marsch sprach am 3. Okt. 2031 in Korva.|Niemand kam.",
        "„Wir gehen.|Es ist aus“, sagte Abg. Marsch.|‚Wir gehen.|Es ist aus‘, sagte er.",
    ],
    "fr": [
        "M. Marsh est venu.|Mme. Doe et le gén. Marsh sont là.",
        "« Nous partons.|C’est fini », dit-elle.|Qui sait ?|Personne.",
        "C'est de l'art.|Voir l'art. 5 du traité.",
        "Il part le 3 sept. avec J. Doe.|Il vaut.",
    ],
    "es": [
        "El Sr. Marsh y la Dra. Doe llegaron.|¿Quién sabe?|¡Nadie!",
        "El cnel. Marsh habló en EE. UU. ayer.|Votaron en contra.|Se fue.",
        "«Nos vamos.|Se acabó», dijo.",
    ],
    "hi": [
        "पुल बंद है।|कोई नहीं जानता।",
        "डॉ. मार्श आए।|वे चले गए।",
        "प्रो. मार्श ने 5 कि.मी. दूर देखा।|क्या यह सच है?|हाँ।",
    ],
    "he": [
        "הגשר נסגר.|מה קרה?|איש לא יודע.",
        "פרופ. מרש הגיע.|הוא הלך.",
        'ד"ר מרש בצה"ל.|הוא הלך.',
    ],
    "el": [
        "Ο κ. Μαρς ήρθε.|Ποιος ξέρει;|Κανείς.",
        "Ο στρ. Μαρς έδωσε 5 εκ. ευρώ.|Έφυγε.",
        "«Φεύγουμε.|Τέλος», είπε.",
    ],
    "ko": [
        "다리가 닫혔다.|왜 그럴까?|아무도 모른다.",
        '"간다.|끝났다."라고 했다.',
        "3.5km 떨어져 있다.|멀다.",
    ],
    "th": ["พล.อ. มาร์ช กล่าวว่า สะพานปิด เมื่อวันที่ 3 ต.ค. 2574", "ดร. สม มาถึง", "สะพานปิดแล้ว ไม่มีใครรู้"],
}
UNSPACED = ("zh", "ja")


@pytest.mark.parametrize(
    ("language", "marked"), [(code, text) for code, texts in SENTENCES.items() for text in texts]
)
def test_sentences_of_every_script_end_where_the_bars_stand(language, marked):
    text = marked.replace("|", "" if language in UNSPACED else " ")

    assert sentences(text, language) == marked.split("|")


@pytest.mark.parametrize("marks", ['""', "''", "“”", "‘’", "«»", "„“", "‚‘"])
def test_quotations_are_parted_in_marks_of_every_kind(marks):
    text = f"{marks[0]}We go home. It is over,{marks[1]} she said. They left."

    assert sentences(text) == [
        f"{marks[0]}We go home.",
        f"It is over,{marks[1]} she said.",
        "They left.",
    ]


def test_a_mark_that_never_closes_does_not_swallow_the_paragraph():
    text = "It was 'over, he said. Nobody came. Who pays?"

    assert sentences(text) == ["It was 'over, he said.", "Nobody came.", "Who pays?"]


def test_apostrophes_do_not_open_quotations():
    text = "The crews' boats left. It's over. The so-called ‘line’ isn’t one."

    assert sentences(text) == [
        "The crews' boats left.",
        "It's over.",
        "The so-called ‘line’ isn’t one.",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1) Open the bridge 2) Free the crew", ["1) Open the bridge", "2) Free the crew"]),
        ("• open the bridge • free the crew", ["• open the bridge", "• free the crew"]),
        ("(a) The truce. (b) The crew.", ["(a) The truce.", "(b) The crew."]),
        ("(1) the truce and (2) the crew.", ["(1) the truce and (2) the crew."]),
        ("Korva (1) pays Lem (2) here.", ["Korva (1) pays Lem (2) here."]),
    ],
)
def test_the_items_of_a_list_on_one_line_are_units(text, expected):
    assert sentences(text) == expected


@pytest.mark.parametrize(
    "path",
    sorted((Path(corpus.__file__).parent / "abbreviations").glob("*.toml")),
    ids=lambda path: path.stem,
)
def test_the_words_of_every_language_can_be_met(path):
    listed = tomllib.loads(path.read_text("utf-8"))
    words = [*listed.get("inside", []), *listed.get("measure", [])]

    assert set(listed) <= {"inside", "measure", "before", "ends", "ordinals", "stops"}
    assert [word for word in words if word != word.casefold() or word.endswith(".")] == []
    assert len(words) == len(set(words))
    for word in listed.get("inside", []):
        assert len(sentences(f"Marsh {word}. Marsh", path.stem)) == 1


def test_a_bullet_line_opens_a_unit_of_its_own():
    text = "The demands are:\n- open the bridge\n- free the crew\n(2) pay"

    assert sentences(text) == [
        "The demands are:",
        "- open the bridge",
        "- free the crew",
        "(2) pay",
    ]


def test_a_short_line_over_a_long_one_is_a_subheading():
    text = "Background\nThe bridge over the Lem was built by both states and closed in May."

    assert sentences(text)[0] == "Background"


def test_a_sentence_that_runs_over_a_line_end_stays_whole():
    assert sentences("The bridge\nis closed. It stays so.") == [
        "The bridge\nis closed.",
        "It stays so.",
    ]


def test_lines_without_blank_lines_are_paragraphs_when_each_ends_a_sentence():
    found = segment(draft("The bridge is closed.\nNobody pays.\nTalks begin."), "en")

    assert [unit.paragraph for unit in found] == [0, 1, 2]


def test_paragraph_units_leave_the_dateline_out():
    found = SEGMENTERS["paragraph"](wire_article(), "en")

    assert [unit.paragraph for unit in found] == [0, 1, 2]
    assert ARTICLE[found[0].start :].startswith("The bridge")


def test_the_document_unit_runs_from_the_first_word_to_the_last():
    [unit] = SEGMENTERS["document"](wire_article(), "en")

    assert ARTICLE[unit.start :].startswith("The bridge")
    assert ARTICLE[unit.end :] == "\n"


def test_a_row_is_one_unit_as_it_stands_with_its_dateline():
    [unit] = SEGMENTERS["row"](wire_article(), "en")

    assert ARTICLE[unit.start : unit.end] == ARTICLE.strip()
    assert (unit.paragraph, unit.part) == (0, "body")
    assert SEGMENTERS["row"](draft(" \n "), "en") == []


@pytest.mark.parametrize(
    "piece",
    [
        *(".", "!)", '"', "'", "“", "(", "\n", "\n \n", ".\n", " ", "…", "。", "。”", "1) ", "• "),
        *("M. ", "M\u00a0.", "- \n", "me.", "a.b.", "Mr. ", "KORVA, ", "x"),
    ],
)
def test_one_thing_again_and_again_leaves_no_word_outside_the_units(piece):
    text = piece * (20_000 // len(piece))

    units = segment(draft(text, furniture=read_wire(text).furniture), "en")

    inside = "".join(text[unit.start : unit.end] for unit in units)
    assert sum(map(str.isalnum, inside)) == sum(map(str.isalnum, text))


def test_a_paragraph_longer_than_a_window_is_parted_like_short_ones():
    text = " ".join(["The bridge is closed (since May). Nobody pays."] * 500)

    assert len(sentences(text)) == 1000


def test_the_segmenter_names_its_version():
    assert re.fullmatch(r"sentencex 1\.\d+\.\d+/layer 2", SEGMENTER)


PIECES = st.sampled_from(
    [
        *("The bridge. ", "он ", "3. ", "Mr. ", "M. ", "a.b", '"', "“", "”", "«", "»", "’"),
        *(". ", "…", "? ", "! ", "։ ", "。", "「", "」と", "\n", "\n\n", "\r\n", "\t", "\u2028"),
        *("- a ", "1. ", "(2) ", " date 2031-05-04 ", "KORVA, May 4. "),
        *("😀", "e\u0301", "\0", "\ufeff", "\u00a0"),
    ]
)
TEXTS = st.one_of(st.text(st.characters(exclude_categories=["Cs"])), st.lists(PIECES).map("".join))


@pytest.mark.parametrize("name", SEGMENTERS)
@given(
    text=TEXTS, language=st.sampled_from(["en", "ru", "tr", "hy", "zh", "ja", ""]), cut=st.data()
)
def test_every_letter_outside_the_furniture_lies_in_exactly_one_unit(name, text, language, cut):
    end = cut.draw(st.integers(0, len(text)))
    spans = read_wire(text, end).furniture
    units = SEGMENTERS[name](draft(text, headline_end=end, furniture=spans), language)
    left_out = {at for start, stop in spans for at in range(start, stop)}
    seen = [at for unit in units for at in range(unit.start, unit.end)]

    assert seen == sorted(set(seen))
    assert all(text[u.start : u.end].strip() == text[u.start : u.end] != "" for u in units)
    wanted = {at for at, c in enumerate(text) if not c.isspace()} - left_out
    assert wanted <= set(seen)
    if name == "sentence":
        assert not left_out & set(seen)


WRITTEN = st.lists(
    st.sampled_from(
        [part for text in SENTENCES["de"] + SENTENCES["ru"] for part in text.split("|")]
    )
    | st.sampled_from(
        [
            "Mr. Marsh met Ms. Doe.",
            '"It is over,',
            "'Really?' he asked.",
            "(Nobody came.)",
            "He waited…",
        ]
    ),
    min_size=1,
)


@given(parts=WRITTEN, language=st.sampled_from(["en", "de", "ru"]))
def test_a_unit_segmented_again_is_one_unit(parts, language):
    text = " ".join(parts)

    for unit in segment(draft(text), language):
        alone = text[unit.start : unit.end]
        assert sentences(alone, language) == [alone]


@given(text=TEXTS)
def test_paragraph_numbers_count_from_0_without_gaps(text):
    numbers = [unit.paragraph for unit in segment(draft(text), "en")]

    assert sorted(set(numbers)) == list(range(len(set(numbers))))
    assert numbers == sorted(numbers)
