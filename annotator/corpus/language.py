"""Which language an article is in: its script first, then a detector among the candidates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

LANGUAGES = ("en", "az", "tr", "hy", "ru", "ar", "fa", "uk", "de", "fr", "es", "ka")
READ = 1_000  # characters: half the time of 2,000, and languages are told apart in far fewer

# Where one script has one language, the script settles it; else these are the candidates.
SCRIPTS: dict[str, tuple[re.Pattern[str], str]] = {
    "Latin": (
        re.compile(r"[A-Za-zÀ-ÖØ-öø-ɏəƏḀ-ỿ]"),
        "en az tr de fr es it pt nl pl ro cs sk sl hr bs sq hu sv da no fi et lv lt",
    ),
    "Cyrillic": (re.compile(r"[Ѐ-ԯ]"), "ru uk bg be mk sr kk ky tg mn tt"),
    "Arabic": (re.compile(r"[؀-ۿݐ-ݿ]"), "ar fa ur ps ug sdh"),
    "Armenian": (re.compile(r"[\u0531-\u058f]"), "hy"),
    "Georgian": (re.compile(r"[\u10a0-\u10ff\u1c90-\u1cbf]"), "ka"),
    "Hebrew": (re.compile(r"[\u0590-\u05ff]"), "he"),
    "Greek": (re.compile(r"[\u0370-\u03ff]"), "el"),
    "Devanagari": (re.compile(r"[\u0900-\u097f]"), "hi mr ne"),
    "Thai": (re.compile(r"[\u0e00-\u0e7f]"), "th"),
    "Hangul": (re.compile(r"[\uac00-\ud7af]"), "ko"),
    "Kana": (re.compile(r"[\u3040-\u30ff]"), "ja"),
    "Han": (re.compile(r"[\u4e00-\u9fff]"), "zh"),
}
# Letters that only one language of the script has, when it is common in the text.
TELLING = {"Latin": ("əƏ", "az")}


class Ranker(Protocol):
    """What a detector must offer: languages with scores, the likeliest first."""

    def rank(self, text: str) -> list[tuple[str, float]]: ...


def language_of(text: str, languages: Sequence[str] = LANGUAGES) -> str:
    """The language of an article as a two-letter code, or "" where it has no letters.

    Only ``languages`` are candidates, unless the text is in a script that none of them uses.

    >>> language_of("Կամուրջը բաց է։"), language_of("Körpü səhər açıldı."), language_of("1988")
    ('hy', 'az', '')
    """
    text = text[:READ]
    counts = {name: len(pattern.findall(text)) for name, (pattern, _) in SCRIPTS.items()}
    if counts["Kana"]:
        counts["Kana"] += counts["Han"]  # Japanese is written in both
    script = max(counts, key=lambda name: counts[name])
    if not counts[script]:
        return ""
    written = SCRIPTS[script][1].split()
    candidates = [code for code in written if code in languages] or written
    if len(candidates) == 1:
        return candidates[0]
    letters, told = TELLING.get(script, ("", ""))
    if told in candidates and 50 * sum(map(text.count, letters)) > counts[script]:
        return told
    return next(code for code, _ in _detector().rank(text) if code in candidates)


@lru_cache
def _detector() -> Ranker:
    # Loading takes most of a second and a hundred megabytes, and many projects never need it.
    # The detector is never restricted itself: `rank` shares it safely between threads.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    detector: Ranker = LanguageIdentifier.from_model_file(MODEL_FILE)
    return detector
