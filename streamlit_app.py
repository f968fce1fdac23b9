"""The server: the desk's routes and the pages, as one ASGI application.

``streamlit run streamlit_app.py`` serves the project that ``ANNOTATOR_PROJECT`` names, or the
embedded sample; ``annotator serve`` is the same with options.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from annotator import api
from annotator.ui import state

PAGES = Path(state.__file__).with_name("pages.py")
INDEX = Path(st.__file__).with_name("static") / "index.html"


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """Before the first request: quick sockets, and a project to show."""
    api.set_nodelay()
    state.open_default()
    yield


app = st.App(
    PAGES,
    routes=api.ROUTES,
    middleware=[Middleware(api.SecurityHeaders, page=INDEX)],
    lifespan=lifespan,
)
