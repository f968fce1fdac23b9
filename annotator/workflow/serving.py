"""Starting the web app: Streamlit on our own file, from whatever directory we are called."""

from __future__ import annotations

import os
import runpy
import socket
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from annotator.core.errors import ProjectError
from annotator.store.seat import Seat
from annotator.workflow import desk, sample_project

EVERYWHERE = {"0.0.0.0", "::"}
"""Addresses that stand for every interface."""


def serve(
    project: Path | None,
    *,
    port: int,
    host: str,
    coder: str | None,
    browser: bool,
    queue: str | None = None,
    names: tuple[str, ...] = (),
) -> None:
    """Serve a project until it is stopped, in this process; ends with ``SystemExit``.

    ``names`` are host names that browsers reach the server by, as behind a proxy. With ``queue``
    the desk opens on that list of units, or in that order.

    Without a project the embedded sample is served, built first where there is none; where the
    user removed it, the project opened last. A child process would take the imports twice, and
    outlive a parent that is killed.
    """
    opened = sample_project.open_default(project or sample_project.sample_path())
    if queue:
        desk.check(opened, Seat("", queue=queue))
    _refuse_taken(host, port)
    shown = "localhost" if _is_local(host) else host
    sys.stdout.write(f"annotator: {opened.title}, http://{shown}:{port} (Ctrl+C stops it)\n")
    sys.stdout.flush()
    os.environ["ANNOTATOR_PROJECT"] = str(opened.path)
    for name, value in (("ANNOTATOR_CODER", coder), ("ANNOTATOR_QUEUE", queue)):
        os.environ.pop(name, None)
        if value:
            os.environ[name] = value
    sys.argv = [
        *("streamlit", "run", str(app_file()), *_configured()),
        *("--server.port", str(port), "--server.address", host),
        *("--server.headless", "false" if browser else "true"),
        *("--browser.serverAddress", "localhost" if _is_local(host) else host),
        *_allowed(host, names),
    ]
    runpy.run_module("streamlit", run_name="__main__", alter_sys=True)


def app_file() -> Path:
    """``streamlit_app.py``: beside the package, in a checkout as in an installation."""
    return Path(__file__).resolve().parents[2] / "streamlit_app.py"


def _configured() -> list[str]:
    """The shipped configuration as options, where Streamlit does not find the file itself.

    It looks beside ``streamlit_app.py``; installed from a wheel, the file lies in the package.
    """
    installed = Path(__file__).resolve().parents[1] / "config" / "config.toml"
    if not installed.is_file():
        return []
    return list(_options(tomllib.loads(installed.read_text(encoding="utf-8")), "--"))


def _options(table: dict[str, Any], prefix: str) -> Iterator[str]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _options(value, f"{prefix}{name}.")
        else:
            for one in value if isinstance(value, list) else [value]:
                shown = str(one).lower() if isinstance(one, bool) else str(one)
                yield from (f"{prefix}{name}", shown)


def _allowed(host: str, names: tuple[str, ...]) -> Iterator[str]:
    """Which names pages are served under; the shipped configuration has this machine's alone."""
    if host in EVERYWHERE and not names:
        # It is reached under names that cannot be known here.
        allowed: tuple[str, ...] = ("*",)
    else:
        allowed = ("localhost", "127.0.0.1", *({host} - EVERYWHERE), *names)
    for name in allowed:
        yield from ("--server.allowedHosts", name)


def _is_local(host: str) -> bool:
    return host in {"127.0.0.1", "localhost", "::1"}


def _refuse_taken(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as fault:
            raise ProjectError(
                f"port {port} on {host} cannot be had ({fault.strerror}); choose another: "
                "--port N, or PORT=N behind make run"
            ) from fault
