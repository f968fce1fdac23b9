"""The desk's HTTP routes: saves in, next sentences out, on the server that Streamlit runs on.

A save never passes through a Streamlit rerun. Every answer is JSON; a bad event is answered per
event, a bad request with one sentence under ``error``, and never with a traceback.
"""

from __future__ import annotations

import asyncio
import base64
import gc
import hashlib
import json
import logging
import re
import socket
import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from anyio import to_thread
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from annotator.core.annotation import MAIN_ROUND, Event
from annotator.core.errors import AnnotatorError, CodebookError, NotKeptError
from annotator.learn.model import Column
from annotator.store.events import Told
from annotator.store.seat import Seat
from annotator.workflow import desk, desk_scheme, reasons, sample_project, supervising, tokens
from annotator.workflow.boundaries import Boundary
from annotator.workflow.clock import now
from annotator.workflow.recording import recorder
from annotator.workflow.tokens import Holder

MOST_EVENTS = 50
MOST_UNITS = 200
LARGEST_BODY = 4_000_000  # bytes: 50 events with memos and every score stay well below
TOKEN = "annotator-token"
"""The header of the desk's token; ``Authorization`` is left to a password that a proxy asks for."""

log = logging.getLogger(__name__)


class BadRequest(AnnotatorError):  # noqa: N818 (HTTP's own name for it)
    """A request that cannot be understood; ``status`` is the HTTP code it is answered with."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


Handler = Callable[[Request, Holder], Awaitable[dict[str, Any]]]


def _route(path: str, method: str, handler: Handler) -> Route:
    async def endpoint(request: Request) -> JSONResponse:
        try:
            answer = await handler(request, await _holder(request))
        except BadRequest as fault:
            return JSONResponse({"error": str(fault)}, fault.status)
        except NotKeptError as fault:
            return JSONResponse({"error": str(fault)}, 503)
        except AnnotatorError as fault:
            return JSONResponse({"error": str(fault)}, 409)
        except sqlite3.Error as fault:
            log.warning("not kept: %s", fault)
            said = f"the server could not keep this ({fault}); the browser holds it and tries again"
            return JSONResponse({"error": said}, 503)
        return JSONResponse(answer)

    return Route(path, endpoint, methods=[method])


async def _holder(request: Request) -> Holder:
    token = request.headers.get(TOKEN, "") or _bearer(request)
    held = tokens.recall(token) or await to_thread.run_sync(tokens.holder, token)
    if held is None:
        raise BadRequest("the token is missing, forged or expired; reload the page", 401)
    return held


def _bearer(request: Request) -> str:
    """The token as programs give it; empty where there is none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token if scheme == "Bearer" else ""


async def _post_events(request: Request, held: Holder) -> dict[str, Any]:
    body = await _body(request)
    raw = body.get("events", [])
    if not isinstance(raw, list) or len(raw) > MOST_EVENTS:
        raise BadRequest(f"events must be a list of at most {MOST_EVENTS}")
    want = min(_count(body.get("want", 0)), MOST_UNITS)
    after = _count(body.get("after", 0))
    seat = _seat(held, body)
    known = str(body.get("model", ""))
    told, rejected = _parse(raw, held.coder)
    acks: list[str] = []

    def reply() -> dict[str, Any]:
        return desk.upcoming(held.project, seat, after=after, want=want, known=known)

    # Only what is quick is told by the thread that writes; finding the next units is not.
    quick = bool(told) and not want
    answer: dict[str, Any] = {}
    if told:
        sent = recorder(held.project.store).submit(told, reply if quick else dict)
        kept = await asyncio.wrap_future(sent)
        answer = kept.reply
        for one, fault in zip(told, kept.answers, strict=True):
            if fault is None:
                acks.append(one.event.uuid)
            else:
                rejected.append({"uuid": one.event.uuid, "reason": fault})
    supervising.after_saves(held.project, sum(map(_teaches, told)))
    if not quick:
        answer = await to_thread.run_sync(reply)
    return answer | {"acks": acks, "rejected": rejected}


def _teaches(told: Told) -> bool:
    """Whether a model can learn from it: what is said of a whole article is no example."""
    return told.event.op == "set" and told.event.subject == "unit"


def _parse(raw: list[Any], coder: str) -> tuple[list[Told], list[dict[str, str]]]:
    told, rejected = [], []
    for one in raw:
        try:
            event = Event.model_validate(one)
        except ValidationError as fault:
            uuid = one.get("uuid") if isinstance(one, dict) else None
            rejected.append({"uuid": str(uuid)[:64], "reason": _first_in(fault, "event")})
            continue
        if event.origin is None:
            told.append(Told(coder, event, now()))
        else:
            reason = "only the server names the event that another one comes from"
            rejected.append({"uuid": event.uuid, "reason": reason})
    return told, rejected


PLAIN = {
    "string_too_long": "has more than {max_length:,} characters; shorten it",
    "string_unicode": "holds half a character; write it again",
    "string_pattern_mismatch": "holds what cannot be kept here; write it again",
    "too_long": "has more than {max_length} entries; leave some out",
}
"""What is said of a text, which coders write themselves, in place of pydantic's own words."""


def _first_in(fault: ValidationError, whole: str) -> str:
    first = fault.errors(include_url=False, include_input=False)[0]
    place = ".".join(map(str, first["loc"])) or whole
    if first["type"] == "extra_forbidden":
        return f"{place}: is not known to this server; reload the page"
    plain = PLAIN.get(first["type"])
    return f"{place}: {plain.format(**first.get('ctx', {})) if plain else first['msg']}"


async def _body(request: Request) -> dict[str, Any]:
    collected = bytearray()
    async for chunk in request.stream():
        collected += chunk
        if len(collected) > LARGEST_BODY:
            raise BadRequest(f"a request may hold {LARGEST_BODY:,} bytes; send fewer events", 413)
    try:
        body = json.loads(bytes(collected))
    except (ValueError, RecursionError) as fault:
        raise BadRequest(f"the body is not JSON: {fault}") from fault
    if not isinstance(body, dict):
        raise BadRequest("the body must be a JSON object")
    return body


def _count(value: Any) -> int:
    try:
        return max(0, min(int(value), 2**62))
    except (ValueError, TypeError, OverflowError) as fault:
        raise BadRequest(f"{value!r} is not a whole number") from fault


def _seat(held: Holder, asked: Mapping[str, Any]) -> Seat:
    """Where the coder sits; ``queue`` is the list that they work through, if any."""
    round_, queue = asked.get("round", MAIN_ROUND), asked.get("queue", "")
    if not isinstance(round_, str) or not isinstance(queue, str):
        raise BadRequest("round and queue must be names")
    return Seat(held.coder, round_, queue=queue)


async def _get_queue(request: Request, held: Holder) -> dict[str, Any]:
    asked = request.query_params
    seat = _seat(held, asked)
    if unit := asked.get("unit"):
        return await to_thread.run_sync(desk.one, held.project, seat, unit)
    if document := asked.get("card"):
        return await to_thread.run_sync(desk.card, held.project, seat, document)
    if which := asked.get("which"):
        if which not in {"skipped", "flagged"}:
            raise BadRequest(f"which must be skipped or flagged, not {which!r}")
        return await to_thread.run_sync(desk.set_aside, held.project, seat, which)
    want = min(_count(asked.get("want", desk.PREFETCH)), MOST_UNITS)
    after = _count(asked.get("after", 0))
    first = await to_thread.run_sync(
        lambda: desk.opening(held.project, seat, after=after, want=want)
    )
    # Not when the server starts: the first page would share the processor with it.
    await to_thread.run_sync(sample_project.start_learning, held.project)
    return first


async def _get_article(request: Request, held: Holder) -> dict[str, Any]:
    seat = _seat(held, request.query_params)
    id_ = request.query_params.get("document", "")
    found = await to_thread.run_sync(desk.article, held.project, seat, id_)
    if found is None:
        raise BadRequest(f"this project has no document {id_!r}", 404)
    return found


async def _get_why(request: Request, held: Holder) -> dict[str, Any]:
    asked = request.query_params
    seat = _seat(held, asked)
    column = Column(asked.get("variable", ""), asked.get("target", ""), asked.get("code", ""))
    about = (held.project, seat, asked.get("unit", ""), column)
    found = await to_thread.run_sync(reasons.why, *about)
    if found is None:
        raise BadRequest(await to_thread.run_sync(reasons.nothing, *about), 404)
    return found


async def _get_codebook(_: Request, held: Holder) -> dict[str, Any]:
    return {"scheme": await to_thread.run_sync(desk_scheme.scheme, held.project)}


async def _post_codebook(request: Request, held: Holder) -> dict[str, Any]:
    try:
        addition = desk_scheme.Addition.model_validate(await _body(request))
    except ValidationError as fault:
        raise BadRequest(_first_in(fault, "addition")) from fault
    try:
        return await to_thread.run_sync(desk_scheme.add, held.project, addition)
    except CodebookError as fault:
        raise BadRequest(str(fault)) from fault


async def _post_boundary(request: Request, held: Holder) -> dict[str, Any]:
    body = await _body(request)
    seat = _seat(held, body)
    stated = {name: value for name, value in body.items() if name not in ("round", "queue")}
    try:
        asked = Boundary.model_validate(stated)
    except ValidationError as fault:
        raise BadRequest(_first_in(fault, "boundary")) from fault
    return await to_thread.run_sync(desk.boundary, held.project, seat, asked)


ROUTES = [
    _route("/api/v1/events", "POST", _post_events),
    _route("/api/v1/queue", "GET", _get_queue),
    _route("/api/v1/article", "GET", _get_article),
    _route("/api/v1/why", "GET", _get_why),
    _route("/api/v1/codebook", "GET", _get_codebook),
    _route("/api/v1/codebook", "POST", _post_codebook),
    _route("/api/v1/boundary", "POST", _post_boundary),
]


def set_nodelay() -> None:
    """Set TCP_NODELAY on the listening sockets, from which accepted ones inherit it.

    Streamlit binds its socket before the lifespan starts and leaves Nagle's algorithm on; with
    the other side's delayed acknowledgements every back-to-back save would then wait 40 ms.
    """
    for found in gc.get_objects():
        if isinstance(found, socket.socket) and found.fileno() >= 0:
            try:
                if found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                    found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            except OSError:  # not a TCP socket
                continue


class SecurityHeaders:
    """ASGI middleware: only this server's own scripts run, and nobody frames the page."""

    def __init__(self, app: ASGIApp, page: Path) -> None:
        """Take ``page``, the HTML that Streamlit serves, whose inline script is let in."""
        self._app = app
        self._headers = [
            (b"x-content-type-options", b"nosniff"),
            (b"x-frame-options", b"DENY"),
            (b"referrer-policy", b"same-origin"),
            (b"content-security-policy", _policy(page).encode()),
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the app does, with the headers on top of its own."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *self._headers]}
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


def _policy(page: Path) -> str:
    """The content security policy; the page's own inline script is let in by its hash."""
    inline = re.findall(r"<script>(.*?)</script>", page.read_text("utf-8"), re.DOTALL)
    hashes = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
        for script in inline
    )
    return "; ".join(
        (
            "default-src 'self'",
            # Charts compile their expressions, hence unsafe-eval; no text ever becomes a script.
            f"script-src 'self' blob: 'unsafe-eval' {hashes}",
            "style-src 'self' 'unsafe-inline' blob:",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self' ws: wss:",
            "worker-src 'self' blob:",
            "frame-ancestors 'none'",
        )
    )
