"""Languages of articles: by script where that is enough, by the detector where it is not."""

from __future__ import annotations

import subprocess
import sys

import pytest

from annotator.corpus.language import LANGUAGES, known, language_of

TEXTS = {
    "en": "The bridge over the river was closed on Monday, and nobody knows when it will reopen.",
    "az": "Körpü bazar ertəsi bağlandı və heç kim onun nə vaxt açılacağını bilmir.",
    "tr": "Köprü pazartesi günü kapatıldı ve kimse ne zaman yeniden açılacağını bilmiyor.",
    "de": "Die Brücke über den Fluss wurde am Montag gesperrt, und niemand weiß, wann sie öffnet.",
    "fr": "Le pont sur la rivière a été fermé lundi et personne ne sait quand il sera rouvert.",
    "es": "El puente sobre el río fue cerrado el lunes y nadie sabe cuándo volverá a abrirse.",
    "ru": "Мост через реку был закрыт в понедельник, и никто не знает, когда он откроется снова.",
    "uk": "Міст через річку було закрито в понеділок, і ніхто не знає, коли він знову відкриється.",
    "ar": "أغلق الجسر فوق النهر يوم الاثنين ولا أحد يعرف متى سيفتح مرة أخرى أمام السيارات.",
    "fa": "پل روی رودخانه روز دوشنبه بسته شد و هیچ کس نمی‌داند چه زمانی دوباره باز خواهد شد.",
    "hy": "Գետի վրայի կամուրջը փակվել է երկուշաբթի օրը։",
    "ka": "მდინარეზე ხიდი ორშაბათს დაიკეტა.",
    "he": "הגשר מעל הנהר נסגר ביום שני.",
    "ja": "川の橋は月曜日に閉鎖された。",
    "zh": "河上的桥周一关闭了。",
    "ur": "دریا پر پل پیر کے دن بند کر دیا گیا اور کوئی نہیں جانتا کہ یہ کب کھلے گا۔",
    "hi": "नदी पर बना पुल सोमवार को बंद कर दिया गया।",
    "ko": "강 위의 다리가 월요일에 폐쇄되었다.",
    "el": "Η γέφυρα πάνω από το ποτάμι έκλεισε τη Δευτέρα.",
    "th": "สะพานข้ามแม่น้ำถูกปิดเมื่อวันจันทร์",
}


@pytest.mark.parametrize("language", TEXTS)
def test_the_language_of_an_article_is_found(language):
    assert language_of(TEXTS[language]) == language


def test_every_language_that_is_usual_is_told_apart():
    assert set(LANGUAGES) == set(TEXTS)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh", "外交部发言人周一谈到了「アニメ」展，并宣布新的贸易协定将于明年生效。"),
        ("ja", "首相が訪米、日米首脳会談開催へ"),
        ("ja", "日米首脳会談ワシントン"),
        ("zh", "Northwire 公司周一宣布关闭桥梁 Lem"),
        ("ru", "Компания Northwire закрыла мост через реку Лем в понедельник"),
    ],
)
def test_a_few_letters_of_another_script_do_not_mislead(language, text):
    assert language_of(text) == language


HEADLINES = ["Bridge reopens", "Rural communities face unique challenges", "Sund minister resigns"]


@pytest.mark.parametrize("headline", HEADLINES)
def test_a_headline_too_short_to_tell_is_in_the_first_language_of_the_project(headline):
    assert language_of(headline) == "en"


def test_a_short_text_that_is_plainly_in_another_language_is_not_in_the_first():
    assert language_of("Die Brücke bleibt gesperrt") == "de"
    assert language_of("Köprü yeniden açıldı", ["en", "tr"]) == "tr"


def test_a_language_that_is_only_met_when_asked_for_is_told():
    text = "Daraja lilifungwa Jumatatu na hakuna anayejua litafunguliwa lini tena."

    assert language_of(text, ["en", "sw"]) == "sw"
    assert "sw" not in LANGUAGES


def test_a_script_that_no_language_of_the_project_uses_still_tells():
    assert language_of(TEXTS["hy"], ["en"]) == "hy"
    assert language_of(TEXTS["ru"], ["en", "hy"]) == "ru"


def test_known_languages_are_those_that_can_be_told():
    assert all(known(code) for code in [*LANGUAGES, "kk", "uz", "nl", "sw"])
    assert not any(known(code) for code in ["", "xx", "EN", "english", "e n", "en,hy"])


def test_only_the_languages_given_are_candidates():
    assert language_of(TEXTS["tr"], ["en", "az"]) in {"en", "az"}
    assert language_of(TEXTS["tr"], ["en"]) == "en"


def test_a_text_without_letters_has_no_language():
    assert language_of("1988 – 2031 *** 😀") == ""


def test_a_script_that_settles_the_language_never_loads_the_detector():
    script = (
        "import sys; from annotator.corpus.language import LANGUAGES, known, language_of; "
        f"assert language_of({TEXTS['hy']!r}) == 'hy'; "
        "assert not {'py3langid', 'numpy', 'charset_normalizer'} & set(sys.modules)"
    )

    subprocess.run([sys.executable, "-c", script], check=True)
