"""`make picture`: the desk of the README, light and dark, taken from the sample in Chromium.

The sample is built anew, its model learns, and the desk stands at a sentence with a suggestion
that was taken. Run it again whenever the desk looks different.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from bench import desk, server

HERE = Path(__file__).parent
SIZE = {"width": 1280, "height": 900}
LEARNED = 120.0  # seconds that the sample's model may take
SENTENCE = "The hospital in Ilsa reported"
KEYS = ("n",)
MOST = 30  # sentences to skip until that one stands there


def main() -> None:
    """Take both pictures."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        with server.launched(home, "--coder", "ana") as port:
            server.wait(port)
            address = f"http://127.0.0.1:{port}/"
            _wait_for_model(home, address)
            for scheme in ("light", "dark"):
                _take(address, scheme)


def _wait_for_model(home: Path, address: str) -> None:
    """The first page starts the training of the sample's model."""
    with desk.browser_page(address) as page:
        page.locator("[data-testid=sentence]").wait_for()
        until = time.monotonic() + LEARNED
        while time.monotonic() < until:
            if any(home.glob("sample.annotator.models/*/scores.npy")):
                return
            page.wait_for_timeout(200)
    raise TimeoutError(f"the sample's model did not learn within {LEARNED:.0f} s")


def _take(address: str, scheme: str) -> None:
    with desk.browser_page(address) as page:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size(SIZE)
        page.goto(address)
        page.locator("[data-testid=sentence]").wait_for()
        page.wait_for_timeout(1_500)
        sentence = page.locator("[data-testid=sentence]")
        for _ in range(MOST):
            if sentence.inner_text().startswith(SENTENCE):
                break
            page.keyboard.press("s")
        else:
            raise LookupError(f"no sentence begins with {SENTENCE!r}")
        for key in KEYS:
            page.keyboard.press(key)
        page.mouse.move(5, 5)
        page.wait_for_timeout(500)
        page.screenshot(path=HERE / f"desk-{scheme}.png")


if __name__ == "__main__":
    main()
