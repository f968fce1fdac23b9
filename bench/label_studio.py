"""Label Studio, as its documentation starts it, with SQLite."""

from __future__ import annotations

import json
import time
from pathlib import Path

from playwright.sync_api import Page

from bench.coding import LOOPS
from bench.peer import CODES, Line, Program, Session
from bench.rows import SMALL

MAIL, PASSWORD, TOKEN = "bench@example.org", "bench-password", "0123456789" * 4
CHOICES = "".join(f'<Choice value="{code}"/>' for code in CODES)
VIEW = (
    '<View><Text name="text" value="$text"/>'
    f'<Choices name="frame" toName="text" choice="multiple">{CHOICES}</Choices></View>'
)
JSON = {"Authorization": f"Token {TOKEN}", "Content-Type": "application/json"}


class LabelStudio(Program):
    """One account, whose token of the old kind must be allowed first."""

    package = "label-studio"
    ready = "health"
    sentence = ".lsf-htx-richtext"
    keys = ("1", "2", "Control+Enter")
    watched = "Enter"
    environment = {  # noqa: RUF012 - read only
        "COLLECT_ANALYTICS": "False",
        "LATEST_VERSION_CHECK": "False",
        "LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN": "true",
        "FRONTEND_SENTRY_DSN": "",
        "SENTRY_DSN": "",
    }

    def prepare(self, sentences: list[str]) -> None:
        """Keep the sentences for its import."""
        self._items = json.dumps([{"text": text} for text in sentences])

    def command(self) -> list[str | Path]:
        """What starts it."""
        place = ["-p", str(self.port), "--internal-host", "127.0.0.1"]
        account = ["--username", MAIL, "--password", PASSWORD, "--user-token", TOKEN]
        data = ["--data-dir", str(self.folder / "data")]
        program = self.venv / "bin" / "label-studio"
        return [program, "start", "-b", *place, *data, *account]

    def load(self) -> float:
        """Make a project, and import over its API."""
        line = Line(self)
        project = json.dumps({"title": "Bench", "label_config": VIEW})
        status, said = line.ask("POST", "/api/projects", project, JSON)
        assert status == 201, said
        self._project = json.loads(said)["id"]
        begun = time.perf_counter()
        path = f"/api/projects/{self._project}/import"
        status, said = line.ask("POST", path, self._items, JSON)
        assert status == 201, said
        return time.perf_counter() - begun

    def enter(self, page: Page) -> None:
        """Sign in, and label all tasks."""
        page.goto(f"{self.address}/user/login/")
        page.fill("[name=email]", MAIL)
        page.fill("[name=password]", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "login" not in url)
        page.goto(f"{self.address}/projects/{self._project}/data?labeling=1")

    def session(self, number: int) -> Session:
        """A connection of the one account."""
        return LabelStudioSession(self, self._first_task(), number * SMALL // max(LOOPS))

    def _first_task(self) -> int:
        query = f"/api/tasks?project={self._project}&page_size=1"
        status, said = Line(self).ask("GET", query, "", JSON)
        assert status == 200, said
        return int(json.loads(said)["tasks"][0]["id"])

    def export(self) -> None:
        """Every task as JSON."""
        path = f"/api/projects/{self._project}/export?exportType=JSON&download_all_tasks=true"
        status, said = Line(self).ask("GET", path, "", JSON)
        assert status == 200, said


class LabelStudioSession(Session):
    """Saves as the page does on submitting."""

    def __init__(self, program: Program, first: int, begin: int) -> None:
        super().__init__(program)
        self._first, self._begin = first, begin

    def save(self, sentence: int) -> bool:
        """Save the first two codes."""
        value = {"choices": CODES[:2]}
        told = {"value": value, "from_name": "frame", "to_name": "text", "type": "choices"}
        task = self._first + (self._begin + sentence) % SMALL
        path = f"/api/tasks/{task}/annotations/"
        status, _ = self.ask("POST", path, json.dumps({"result": [told]}), JSON)
        return status == 201
