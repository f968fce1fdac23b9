"""Memory: the only place with SQL. One SQLite file is one project."""

from annotator.store.connection import Store

__all__ = ["Store"]
