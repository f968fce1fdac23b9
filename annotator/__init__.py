"""Framing and stance annotation for people who read news for a living."""

__version__ = "0.1.0"
