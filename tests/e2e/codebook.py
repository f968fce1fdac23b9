"""The codebook of tests that need a frame, or a frame and a stance, whatever they are called."""

from __future__ import annotations

FRAME = """
name = "small"
version = "1.0.0"
title = "Small"

[[variable]]
name = "frame"
question = "Which frames?"

[[variable.code]]
name = "law"
title = "Law"
definition = "A rule or a right is named."
hotkey = "1"
"""

STANCE = """
[[variable]]
name = "stance"
choice = "one"
level = "ordinal"
holder = true
targets = [{ name = "velmar", title = "Velmar" }, { name = "osk", title = "Osk" }]
codes = "favor-against"
"""
