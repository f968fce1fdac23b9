"""Languages by their names, as news archives write them."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path

PARTS = re.compile(r"\s*[,;|/()]\s*")


def language_code(written: str) -> str:
    """The two letters of a language that is written by its name; else what was written.

    Where there are several, as in ``GERMAN; DEUTSCH``, the first that is known.

    >>> language_code("ENGLISH"), language_code("Français"), language_code("hy")
    ('en', 'fr', 'hy')
    """
    named = (_names().get(part.casefold()) for part in PARTS.split(written.strip()))
    return next((code for code in named if code), written)


@lru_cache
def _names() -> dict[str, str]:
    listed = tomllib.loads(Path(__file__).with_name("language_names.toml").read_text("utf-8"))
    return {name.casefold(): code for code, names in listed.items() for name in names}
