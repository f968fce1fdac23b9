"""Starting the web app: Streamlit in a child process, from whatever directory we are called."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from annotator.core.errors import ProjectError
from annotator.workflow import projects


def serve(project: Path | None, *, port: int, host: str, coder: str | None, browser: bool) -> int:
    """Serve a project until it is stopped; the exit code of the server.

    Without a project the embedded sample is served, built first where there is none.
    """
    opened = projects.open_sample() if project is None else projects.open_project(project)
    place = opened.path
    opened.store.close()
    _refuse_taken(host, port)
    env = os.environ | {"ANNOTATOR_PROJECT": str(place)}
    env.pop("ANNOTATOR_CODER", None)
    if coder:
        env["ANNOTATOR_CODER"] = coder
    return _wait(
        subprocess.Popen(
            [
                *(sys.executable, "-m", "streamlit", "run", str(app_file())),
                *("--server.port", str(port), "--server.address", host),
                *("--server.headless", "false" if browser else "true"),
                *("--browser.serverAddress", "localhost" if _is_local(host) else host),
                # Asked on a first start, an e-mail prompt would hold the server up.
                *("--server.showEmailPrompt", "false"),
                *(() if _is_local(host) else ("--server.allowedHosts", host)),
            ],
            env=env,
        )
    )


def app_file() -> Path:
    """``streamlit_app.py``: at the top of a checkout, or installed beside the package."""
    spec = find_spec("streamlit_app")
    if spec is not None and spec.origin:
        return Path(spec.origin)
    return Path(__file__).resolve().parents[2] / "streamlit_app.py"


def _wait(server: subprocess.Popen[bytes]) -> int:
    try:
        return server.wait()
    except KeyboardInterrupt:
        # The terminal sent the interrupt to the child as well.
        server.wait()
        return 0


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
                f"port {port} on {host} cannot be had ({fault.strerror}); choose another: --port N"
            ) from fault
