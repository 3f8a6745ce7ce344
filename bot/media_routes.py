"""`/media/<id>`: what people sent, for LINE's apps to fetch. The ids are sealed, so that none can be guessed.

Where the bytes lie, in the record or in a bucket, makes no difference here: the address stays the same for ever, what
is behind it never changes, and a range is asked of the place as a range.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from flask import Blueprint, Response, request

from bot import pictures
from bot.log import get_logger
from bot.store.errors import MediaAwayError
from bot.store.media import Media
from bot.store.media_about import About

log = get_logger(__name__)

YEAR_SECONDS: Final = 31_536_000
RANGE: Final = re.compile(r"bytes=(\d*)-(\d*)")
PREVIEW: Final = ".preview"
FILM: Final = "film"
"""Stands for every film of which there is no picture."""
SHOWN: Final = frozenset(
    {
        "image/jpeg",
        "image/png",
        "image/gif",
        "image/webp",
        "video/mp4",
        "audio/mp4",
        "audio/x-m4a",
        "audio/aac",
        "audio/mpeg",
        "application/pdf",
    }
)
"""Types a browser may show; anything else is handed out as plain bytes, for the sender named the type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """Something that can be fetched: what it is, and its bytes from one up to another."""

    tag: str
    content_type: str
    size: int
    read: Callable[[int, int], Iterator[bytes]]
    name: str = ""


def blueprint(media: Media) -> Blueprint:
    """Serves media and small pictures of them, whole or a range."""
    routes = Blueprint("media", __name__)

    @routes.get("/media/<name>")
    def get(name: str) -> Response:
        """The content; 404 for an id that is unknown or not ours, 304 for what the asker has already."""
        try:
            thing = _named(media, name)
            return Response(status=404) if thing is None else _answer(thing)
        except MediaAwayError as error:
            log.warning("media.away", reason=str(error))
            return Response(status=503, headers={"Retry-After": "5"})

    return routes


def _answer(thing: Thing) -> Response:
    if request.if_none_match.contains(thing.tag):
        return _headed(Response(status=304), thing)
    span = _span(_wanted(thing), thing.size)
    if span is None:
        return Response(status=416, headers={"Content-Range": f"bytes */{thing.size}"})
    return _response(thing, *span)


def _named(media: Media, name: str) -> Thing | None:
    number, is_preview = name.removesuffix(PREVIEW), name.endswith(PREVIEW)
    if is_preview and number == FILM:
        return _blob(FILM, pictures.film())
    about = media.about(number.partition(".")[0])
    if about is None:
        return None
    return _preview(media, about) if is_preview else _whole(media, about)


def _whole(media: Media, about: About) -> Thing:
    shown = about.content_type if about.content_type in SHOWN else "application/octet-stream"
    return Thing(
        tag=about.id,
        content_type=shown,
        size=about.size,
        read=lambda start, end: media.read(about, start, end),
        name=about.name,
    )


def _preview(media: Media, about: About) -> Thing:
    """The small picture; one that is small enough shows itself, and a film has its sign."""
    if about.preview:
        return _blob(about.id, media.preview(about)) if request.method == "GET" else _unread(about)
    return _whole(media, about) if about.content_type.startswith("image/") else _blob(FILM, pictures.film())


def _unread(about: About) -> Thing:
    """The small picture of which only the size is asked."""
    return Thing(
        tag=f"{about.id}-small",
        content_type=pictures.PREVIEW_TYPE,
        size=about.preview,
        read=lambda start, end: iter(()),
    )


def _blob(tag: str, blob: bytes) -> Thing:
    def read(start: int, end: int) -> Iterator[bytes]:
        yield blob[start:end]

    return Thing(tag=f"{tag}-small", content_type=pictures.PREVIEW_TYPE, size=len(blob), read=read)


def _wanted(thing: Thing) -> str:
    """The range asked for, "" where the asker's part is of something else (If-Range)."""
    condition = request.headers.get("If-Range", "")
    return request.headers.get("Range", "") if condition in {"", f'"{thing.tag}"'} else ""


def _span(wanted: str, size: int) -> tuple[int, int] | None:
    """First and last byte asked for; None for a range that is not there. What is no simple range asks for all."""
    found = RANGE.fullmatch(wanted.strip())
    if not found or not any(found.groups()):
        return 0, size - 1
    first, last = found.groups()
    if not first:
        return (max(0, size - int(last)), size - 1) if int(last) else None
    start = int(first)
    end = min(int(last), size - 1) if last else size - 1
    return (start, end) if start <= end else None


def _response(thing: Thing, first: int, last: int) -> Response:
    length = last - first + 1
    body = () if request.method == "HEAD" else thing.read(first, last + 1)
    response = _headed(Response(body, 200 if length == thing.size else 206), thing)
    response.content_type = thing.content_type
    response.headers["Content-Length"] = str(length)
    if length != thing.size:
        response.headers["Content-Range"] = f"bytes {first}-{last}/{thing.size}"
    return response


def _headed(response: Response, thing: Thing) -> Response:
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Cache-Control"] = f"public, max-age={YEAR_SECONDS}, immutable"
    response.headers["ETag"] = f'"{thing.tag}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    if thing.name:
        response.headers["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(thing.name)}"
    return response
