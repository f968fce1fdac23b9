"""The files of the desk: markup, styles and scripts that belong together."""

from __future__ import annotations

import re
import shutil
import subprocess
import sysconfig
from pathlib import Path

from annotator.ui import desk

FOLDER = Path(desk.__file__).parent
RULES = Path(__file__).parents[2] / ".oxlintrc.json"
OWN_STYLE = "page.css"
"""What the page around the desk needs; it is no part of the component."""


def text_of(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def names(suffix: str) -> list[str]:
    return sorted(path.name for path in FOLDER.glob(f"*{suffix}"))


def test_every_script_and_style_of_the_folder_is_sent_once() -> None:
    assert sorted(desk.SCRIPTS) == names(".js")
    assert sorted((*desk.STYLES, OWN_STYLE)) == names(".css")


def test_no_two_scripts_of_the_one_module_give_the_same_name() -> None:
    declared = r"^(?:async )?(?:function|class|const|let) (\w+)"
    given = [name for one in desk.SCRIPTS for name in re.findall(declared, text_of(one), re.M)]
    assert [name for name in set(given) if given.count(name) > 1] == []


def test_the_linter_finds_nothing_in_the_one_module(tmp_path: Path) -> None:
    module = tmp_path / "desk.js"
    module.write_text("\n".join(map(text_of, desk.SCRIPTS)), encoding="utf-8")
    linter = shutil.which("oxlint", path=sysconfig.get_path("scripts"))
    assert linter

    done = subprocess.run(
        [linter, "--config", RULES, "--format", "unix", module], capture_output=True, text=True
    )

    assert done.returncode == 0, done.stdout


def test_every_script_says_first_what_it_is_for() -> None:
    assert [name for name in desk.SCRIPTS if not text_of(name).startswith("// ")] == []


def test_every_part_of_the_markup_is_one_that_a_script_knows() -> None:
    words = {word for name in desk.SCRIPTS for word in re.findall(r"\w+", text_of(name))}
    parts = re.findall(r'data-part="([\w-]+)"', text_of("desk.html"))
    assert parts
    assert [part for part in parts if _camel(part) not in words] == []


def test_every_key_of_the_desk_stands_in_a_group_of_the_list_of_keys() -> None:
    commands = re.findall(r"\{ key: .*", text_of("keys.js"))
    (titles,) = re.findall(r"const GROUPS = \{(.*?)\}", text_of("overlay.js"), re.DOTALL)
    groups = re.findall(r'group: "(\w+)"', "\n".join(commands))
    assert len(groups) == len(commands) > 30
    assert set(groups) == set(re.findall(r'(\w+): "', titles))


def _camel(part: str) -> str:
    return re.sub(r"-(\w)", lambda found: found[1].upper(), part)
