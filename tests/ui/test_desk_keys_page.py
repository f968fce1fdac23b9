"""The page about the desk names every key that the desk hears."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_key_of_the_desk_is_on_its_page():
    heard = re.findall(r'key: "([^"]+)", name:', (ROOT / "annotator/ui/desk/keys.js").read_text())
    page = (ROOT / "docs/desk.md").read_text(encoding="utf-8").replace("\\|", "|")

    assert "Enter" in heard
    assert [key for key in heard if f"| `{key}` |" not in page] == []
