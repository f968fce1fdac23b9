"""Arrows point inwards; this table is the rule."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

MAY_IMPORT = {
    "core": set(),
    "corpus": {"core"},
    "store": {"core"},
    "learn": {"core"},
    "exchange": {"core"},
    "sample": set(),
    "workflow": {"core", "corpus", "store", "learn", "exchange", "sample"},
    "ui": {"core", "corpus", "store", "learn", "exchange", "sample", "workflow"},
    "api": {"core", "store", "learn", "workflow"},
    "cli": {"core", "store", "exchange", "workflow"},
    "__main__": {"cli"},
}
"""Each layer, and the other layers it may import."""

ONLY_IN = {
    "streamlit": {"ui", "streamlit_app"},
    "sqlite_utils": {"store"},
    "sklearn": {"learn"},
    "starlette": {"api", "streamlit_app"},
    "distributed": {"workflow"},
}
"""Libraries that only these layers know."""

SOURCES = [*sorted((ROOT / "annotator").rglob("*.py")), ROOT / "streamlit_app.py"]


def layer(path: Path) -> str:
    inner = path.relative_to(ROOT).with_suffix("").parts
    return inner[1] if len(inner) > 1 else inner[0]


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{name.name}" for name in node.names)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_inwards(path):
    own = layer(path)
    if own in {"__init__", "streamlit_app"}:
        return
    reached = {name.split(".")[1] for name in imports(path) if name.startswith("annotator.")} & set(
        MAY_IMPORT
    )

    assert reached - {own} <= MAY_IMPORT[own]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_each_library_is_known_where_it_belongs(path):
    known = {name.split(".")[0] for name in imports(path)}

    assert {name for name in known & set(ONLY_IN) if layer(path) not in ONLY_IN[name]} == set()


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_sql_is_run_in_the_store_alone(path):
    calls = {
        node.func.attr
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }

    assert layer(path) == "store" or not calls & {"execute", "executemany", "executescript"}
