"""Which language an article is in: its script first, then a detector among the candidates."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from copy import copy
from functools import lru_cache
from tempfile import gettempdir
from threading import Lock
from typing import Any, NamedTuple, Protocol

from annotator.core.errors import NotKeptError

LANGUAGES = (
    *("en", "az", "tr", "hy", "ru", "ar", "fa", "uk", "de", "fr", "es", "ka"),
    *("ur", "hi", "ja", "zh", "ko", "he", "el", "th"),
)
"""The candidates of a project that names none."""

_loading = Lock()

READ = 1_000  # characters: half the time of 2,000, and languages are told apart in far fewer


class Script(NamedTuple):
    """The letters of a script, the languages usually met in it, and those only met when asked."""

    letters: tuple[tuple[int, int], ...]
    languages: str
    rare: str = ""


SCRIPTS = {
    "Latin": Script(
        (
            *((0x41, 0x5A), (0x61, 0x7A), (0xC0, 0xD6), (0xD8, 0xF6), (0xF8, 0x24F)),
            *((0x259, 0x259), (0x1E00, 0x1EFF)),
        ),
        "en az tr de fr es it pt nl pl ro cs sk sl hr bs sq hu sv da no fi et lv lt",
        "af an br ca cy eo eu fo fy ga gd gl ha ht id ig is jv ku la lb lg ln mg ms mt nn oc "
        "om qu rw se sn so st sw tk tl uz vi wa xh yo zu",
    ),
    "Greek": Script(((0x370, 0x3FF), (0x1F00, 0x1FFF)), "el"),
    "Cyrillic": Script(((0x400, 0x52F),), "ru uk bg be mk sr kk ky tg mn tt", "ba"),
    "Armenian": Script(((0x531, 0x58F),), "hy"),
    "Hebrew": Script(((0x590, 0x5FF),), "he"),
    "Arabic": Script(((0x600, 0x6FF), (0x750, 0x77F)), "ar fa ur ps ug sdh"),
    "Devanagari": Script(((0x900, 0x97F),), "hi mr ne", "sa"),
    "Bengali": Script(((0x980, 0x9FF),), "bn", "as"),
    "Gurmukhi": Script(((0xA00, 0xA7F),), "pa"),
    "Gujarati": Script(((0xA80, 0xAFF),), "gu"),
    "Oriya": Script(((0xB00, 0xB7F),), "or"),
    "Tamil": Script(((0xB80, 0xBFF),), "ta"),
    "Telugu": Script(((0xC00, 0xC7F),), "te"),
    "Kannada": Script(((0xC80, 0xCFF),), "kn"),
    "Malayalam": Script(((0xD00, 0xD7F),), "ml"),
    "Sinhala": Script(((0xD80, 0xDFF),), "si"),
    "Thai": Script(((0xE00, 0xE7F),), "th"),
    "Lao": Script(((0xE80, 0xEFF),), "lo"),
    "Burmese": Script(((0x1000, 0x109F),), "my"),
    "Georgian": Script(((0x10A0, 0x10FF), (0x1C90, 0x1CBF)), "ka"),
    "Hangul": Script(((0x1100, 0x11FF), (0xAC00, 0xD7AF)), "ko"),
    "Ethiopic": Script(((0x1200, 0x137F),), "am"),
    "Khmer": Script(((0x1780, 0x17FF),), "km"),
    "Hiragana": Script(((0x3040, 0x309F),), "ja"),
    "Katakana": Script(((0x30A0, 0x30FF),), "ja"),
    "Han": Script(((0x3400, 0x4DBF), (0x4E00, 0x9FFF)), "zh"),
}
RANGES = sorted((*ends, name) for name, script in SCRIPTS.items() for ends in script.letters)
# Letters that only one language of the script has, when they are common in the text.
TELLING = {"Latin": ("əƏ", "az"), "Arabic": ("ٹڈڑںے", "ur")}
COMMON = 50  # once in so many letters
# A Japanese headline has a particle or two among so many Han characters; a Chinese text may name
# a Japanese thing, in Katakana.
HIRAGANA, KATAKANA = 20, 4
# A headline of three words is as near to several languages: where the project's first is nearly
# the likeliest, it is the one. So the first three words of 11,947 English sentences come out as
# English in 99.3 % rather than 95.4, and all whole sentences rather than all but two; of messages
# of software in German, French, Spanish and Turkish 0.1 % are lost at most, of their first three
# words 1 to 4 %.
SHORT = 60
NEARLY = 4.0  # in logarithms of likelihood
DENSE = frozenset({"Hiragana", "Katakana", "Han", "Hangul"})
DENSITY = 3  # letters that a word of another script takes for each of theirs


class Detector(Protocol):
    """What tells the languages of one script apart: with scores, the likeliest first."""

    def rank(self, text: str) -> list[tuple[str, float]]:
        """Languages by two-letter code, each with its score."""


def language_of(text: str, languages: Sequence[str] = LANGUAGES) -> str:
    """The language of an article as a two-letter code, or "" where it has no letters.

    Only ``languages`` are candidates, unless the text is in a script that none of them uses. A text
    too short to tell, in Latin letters, is in the first of them that is written so.

    >>> language_of("Կամուրջը բաց է։"), language_of("Körpü səhər açıldı."), language_of("1988")
    ('hy', 'az', '')
    """
    text = text[:READ]
    letters = Counter(text)
    script, count = _script_of(letters)
    if not count:
        return ""
    candidates = _candidates(script, tuple(languages))
    if len(candidates) == 1:
        return candidates[0]
    telling, told = TELLING.get(script, ("", ""))
    if told in candidates and COMMON * sum(letters[c] for c in telling) > count:
        return told
    ranked = _detector(candidates).rank(text)
    if script == "Latin" and len(text) < SHORT:
        return _preferred(candidates[0], ranked)
    return ranked[0][0]


def known(code: str) -> bool:
    """Whether this is the code of a language that articles can be told to be in.

    >>> known("hy"), known("sw"), known("xx"), known("english")
    (True, True, False, False)
    """
    return any(code in f"{one.languages} {one.rare}".split() for one in SCRIPTS.values())


def _preferred(first: str, ranked: Sequence[tuple[str, float]]) -> str:
    likeliest, score = ranked[0]
    return first if score - dict(ranked)[first] <= NEARLY else likeliest


def _script_of(letters: Counter[str]) -> tuple[str, int]:
    """The script that most letters are in, and how many are; "" and 0 where there is none."""
    counts: Counter[str] = Counter()
    for letter, times in letters.items():
        counts[_script(letter)] += times
    del counts[""]
    hiragana, katakana = counts["Hiragana"], counts["Katakana"]
    if HIRAGANA * hiragana + KATAKANA * katakana > counts["Han"]:  # Japanese is written in all
        counts["Hiragana"] += katakana + counts["Han"]
    for dense in DENSE & counts.keys():
        counts[dense] *= DENSITY
    return max(counts.items(), key=lambda one: one[1], default=("", 0))


@lru_cache(maxsize=4096)
def _script(letter: str) -> str:
    code = ord(letter)
    at = bisect_right(RANGES, (code, 0x110000, "")) - 1
    return RANGES[at][2] if at >= 0 and code <= RANGES[at][1] else ""


@lru_cache
def _candidates(script: str, languages: tuple[str, ...]) -> tuple[str, ...]:
    _, usual, rare = SCRIPTS[script]
    written = f"{usual} {rare}".split()
    chosen = [code for code in languages if code in written] or usual.split()
    return tuple(dict.fromkeys(chosen))


@lru_cache
def _detector(candidates: tuple[str, ...]) -> Detector:
    # A restricted copy is a third of the work of ranking all languages for a short text, and
    # threads share it safely, as nobody restricts it again.
    detector = copy(_all_languages())
    detector.set_languages(candidates)
    told: Detector = detector
    return told


def prepare() -> None:
    """Load the detector; in a thread of its own, it is there when the first text was read."""
    # What is wrong with it is said where it is needed, if it is.
    with suppress(NotKeptError):
        _all_languages()


def _all_languages() -> Any:
    with _loading:
        return _loaded()


@lru_cache
def _loaded() -> Any:
    # Loading takes most of a second and a hundred megabytes, and many projects never need it.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    try:
        return LanguageIdentifier.from_model_file(MODEL_FILE)
    except OSError as fault:
        raise NotKeptError(
            f"the language detector cannot be unpacked into {gettempdir()} ({fault.strerror});"
            " make room there, or say which language the articles are in"
        ) from fault
