"""Memory: the only place with SQL. One SQLite file is one project."""

import sys

# sqlite-utils loads pandas where there is one, only to know the SQL type of its timestamps, which
# no table here holds: a quarter of a second before the first page.
if "pandas" in sys.modules:
    from annotator.store.connection import Store
else:
    sys.modules["pandas"] = None  # type: ignore[assignment]
    try:
        from annotator.store.connection import Store
    finally:
        del sys.modules["pandas"]

__all__ = ["Store"]
