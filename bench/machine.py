"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from annotator import __version__

PACKAGES = ("streamlit", "pandas", "scikit-learn", "sqlite-utils")


def described() -> str:
    """Processor, memory, systems and versions, the day, and how busy the machine is."""
    memory = next(iter(_lines("/proc/meminfo", "MemTotal")), "0 0").split()[-2]
    model = next(iter(_lines("/proc/cpuinfo", "model name")), platform.processor())
    chromium = subprocess.run(
        ["chromium", "--version"], capture_output=True, text=True, check=False
    )
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"annotator {__version__} on {os.cpu_count()} cores ({model.partition(':')[2].strip()}), "
        f"{int(memory) // 1_000_000} GB, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, {packages}, "
        f"{chromium.stdout.split(' built')[0].strip()}; "
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, load before {load()}"
    )


def load() -> str:
    """How busy the machine was in the last minute, five minutes and quarter of an hour."""
    return ", ".join(f"{one:.1f}" for one in os.getloadavg())


def _lines(path: str, beginning: str) -> list[str]:
    place = Path(path)
    lines = place.read_text().splitlines() if place.is_file() else []
    return [line for line in lines if line.startswith(beginning)]
