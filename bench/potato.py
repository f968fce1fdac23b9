"""Potato, as its documentation starts it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Page

from bench.peer import CODES, Program, Session

CONFIG = f"""annotation_task_name: Bench
task_dir: .
output_annotation_dir: out
output_annotation_format: json
data_files: [items.json]
item_properties: {{id_key: id, text_key: text}}
require_password: false
user_config: {{allow_all_users: true, users: []}}
max_annotations_per_user: 1000
annotation_schemes:
  - annotation_type: multiselect
    name: frame
    description: Which frames?
    labels: [{", ".join(CODES)}]
    sequential_key_binding: true
"""


class Potato(Program):
    """Nobody signs up; its pages take any name, and each person has a quota of all sentences."""

    package = "potato-annotation"
    ready = ""
    sentence = "#text-content"
    keys = ("1", "2", "ArrowRight")
    watched = "ArrowRight"

    _coders = 0

    def prepare(self, sentences: list[str]) -> None:
        """Write its configuration and the data file that it reads at every start."""
        lines = [json.dumps({"id": f"s{at}", "text": text}) for at, text in enumerate(sentences)]
        (self.folder / "items.json").write_text("\n".join(lines), "utf-8")
        (self.folder / "config.yaml").write_text(CONFIG, "utf-8")

    def command(self) -> list[str | Path]:
        """What starts it."""
        options = ["-p", str(self.port), "--host", "127.0.0.1"]
        return [self.venv / "bin" / "potato", "start", "config.yaml", *options]

    def load(self) -> None:
        """Nothing: starting did."""

    def enter(self, page: Page) -> None:
        """Give a name, and be at the first sentence."""
        page.goto(self.address)
        page.fill("#login-email", "bench")
        page.click("button.potato-form-submit")

    def session(self, number: int) -> Session:
        """A connection of a name that nobody used before."""
        self._coders += 1
        return PotatoSession(self, f"coder{self._coders}")

    def export(self) -> None:
        """Every label as CSV, by its command."""
        python, options = self.venv / "bin" / "python", ("--format", "csv", "--output", "exported")
        words = (python, "-m", "potato.export", "--config", "config.yaml", *options)
        subprocess.run(words, cwd=self.folder, check=True, stdout=subprocess.DEVNULL)


class PotatoSession(Session):
    """Saves as the page does when it goes on."""

    def __init__(self, program: Program, name: str) -> None:
        super().__init__(program)
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        self.ask("POST", "/auth", urlencode({"action": "login", "email": name, "pass": ""}), form)
        self._headers = {"Content-Type": "application/json", "Cookie": self.cookie}
        self.ask("GET", "/annotate", "", self._headers)

    def save(self, sentence: int) -> bool:
        """Save the first two codes."""
        given = {f"frame:{code}": code for code in CODES[:2]}
        body = {"instance_id": f"s{sentence}", "annotations": given, "span_annotations": []}
        status, _ = self.ask("POST", "/updateinstance", json.dumps(body), self._headers)
        return status == 200
