"""What is installed is what the tree holds; no suffix and no folder is forgotten."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

import annotator

ROOT = Path(__file__).parents[1]
DECLARED = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SETUPTOOLS = DECLARED["tool"]["setuptools"]


def folder(package: str) -> Path:
    """Where a package lies in the checkout."""
    return ROOT / SETUPTOOLS["package-dir"].get(package, package.replace(".", "/"))


PACKAGES = {folder(package): package for package in SETUPTOOLS["packages"]}


def files(suffix: str | None = None) -> set[Path]:
    """Python files, or all others, of everything that is installed."""
    found = {
        path
        for top in (ROOT / "annotator", folder("annotator.labels"), folder("annotator.config"))
        for path in top.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    return {path for path in found if (path.suffix == ".py") == (suffix == ".py")}


def test_every_file_beside_the_code_travels():
    data = SETUPTOOLS["package-data"]
    travelling = {
        path
        for place, package in PACKAGES.items()
        for pattern in data["*"] + data.get(package, [])
        for path in place.glob(pattern)
    }

    assert files() - travelling == set()


def test_every_module_belongs_to_a_declared_package():
    assert {path for path in files(".py") if path.parent not in PACKAGES} == set()


@pytest.mark.parametrize("licence_file", DECLARED["project"]["license-files"])
def test_the_licence_travels(licence_file):
    assert (ROOT / licence_file).is_file()


def test_the_citation_names_this_version_and_licence():
    said = (ROOT / "CITATION.cff").read_text(encoding="utf-8")

    assert re.findall(r"^(?:version|license): (.+)$", said, re.MULTILINE) == [
        annotator.__version__,
        DECLARED["project"]["license"],
    ]
