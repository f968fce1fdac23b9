"""Under which names the server answers pages: what a team behind a proxy depends on."""

from __future__ import annotations

import http.client

import pytest

from tests import small

UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}
SWITCHING, FORBIDDEN = 101, 403


def answer(port: int, host: str, origin: str) -> int:
    """What the server says to a page that asks for its connection."""
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    asked.request("GET", "/_stcore/stream", headers={**UPGRADE, "Host": host, "Origin": origin})
    status = asked.getresponse().status
    asked.close()
    return status


@pytest.fixture
def port(serve, tmp_path) -> int:
    with small.small_project(tmp_path, small.codebook("border")) as made:
        project = made.path
    return serve(project, None, "--allow-host", "desk.example.org").port


def test_a_page_is_answered_under_the_names_that_were_allowed_and_no_other(port):
    assert {
        host: answer(port, host, f"https://{host}")
        for host in ("desk.example.org", "localhost", "127.0.0.1", "evil.example.org")
    } == {
        "desk.example.org": SWITCHING,
        "localhost": SWITCHING,
        "127.0.0.1": SWITCHING,
        "evil.example.org": FORBIDDEN,
    }
    # A page of another site may not use the server under its right name either.
    assert answer(port, "desk.example.org", "https://evil.example.org") == FORBIDDEN
