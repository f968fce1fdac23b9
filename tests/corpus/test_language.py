"""Languages of articles: by script where that is enough, by the detector where it is not."""

from __future__ import annotations

import subprocess
import sys

import pytest

from annotator.corpus.language import language_of

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
}


@pytest.mark.parametrize("language", TEXTS)
def test_the_language_of_an_article_is_found(language):
    assert language_of(TEXTS[language]) == language


def test_only_the_languages_given_are_candidates():
    assert language_of(TEXTS["tr"], ["en", "az"]) in {"en", "az"}
    assert language_of(TEXTS["tr"], ["en"]) == "en"


def test_a_text_without_letters_has_no_language():
    assert language_of("1988 – 2031 *** 😀") == ""


def test_a_script_that_settles_the_language_never_loads_the_detector():
    script = (
        "import sys; from annotator.corpus.language import language_of; "
        f"assert language_of({TEXTS['hy']!r}) == 'hy'; "
        "assert not {'py3langid', 'numpy', 'charset_normalizer'} & set(sys.modules)"
    )

    subprocess.run([sys.executable, "-c", script], check=True)
