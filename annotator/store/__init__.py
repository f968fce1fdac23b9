"""Memory: the only place with SQL. One SQLite file is one project."""

import sys

# sqlite-utils loads pandas where there is one, only to know the SQL type of its timestamps, which
# no table here holds. A third of the time until the first page went into that.
if "pandas" in sys.modules:
    from annotator.store.connection import Store
else:
    sys.modules["pandas"] = None  # type: ignore[assignment]
    try:
        from annotator.store.connection import Store
    finally:
        del sys.modules["pandas"]

__all__ = ["Store"]
