"""`/media/<id>`: what people sent, for LINE's apps to fetch. The ids are sealed, so that none can be guessed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from flask import Blueprint, Response, request

from bot.store.media import About, Media

YEAR_SECONDS: Final = 31_536_000
RANGE: Final = re.compile(r"bytes=(\d*)-(\d*)")
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
    }
)
"""Types a browser may show; anything else is handed out as plain bytes, for the sender named the type."""


def blueprint(media: Media) -> Blueprint:
    """Serves media, whole or a range."""
    routes = Blueprint("media", __name__)

    @routes.get("/media/<name>")
    def get(name: str) -> Response:
        """The content; 404 for an id that is unknown or not ours."""
        about = media.about(name.partition(".")[0])
        if about is None:
            return Response(status=404)
        span = _span(request.headers.get("Range", ""), about.size)
        if span is None:
            return Response(status=416, headers={"Content-Range": f"bytes */{about.size}"})
        return _response(media, about, *span)

    return routes


def _span(wanted: str, size: int) -> tuple[int, int] | None:
    """First and last byte asked for; None for a range that is not there. What is no simple range asks for all."""
    found = RANGE.fullmatch(wanted.strip())
    if not found or not any(found.groups()):
        return 0, size - 1
    first, last = found.groups()
    if not first:
        return max(0, size - int(last)), size - 1
    start = int(first)
    end = min(int(last), size - 1) if last else size - 1
    return (start, end) if start <= end else None


def _response(media: Media, about: About, first: int, last: int) -> Response:
    length = last - first + 1
    response = Response(_pieces(media, about, first, length), 200 if length == about.size else 206)
    response.content_type = about.content_type if about.content_type in SHOWN else "application/octet-stream"
    response.headers["Content-Length"] = str(length)
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Cache-Control"] = f"public, max-age={YEAR_SECONDS}, immutable"
    response.headers["ETag"] = f'"{about.id}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    if length != about.size:
        response.headers["Content-Range"] = f"bytes {first}-{last}/{about.size}"
    return response


def _pieces(media: Media, about: About, first: int, length: int) -> Iterator[bytes]:
    left = length
    for piece in media.read(about, first):
        yield piece[:left]
        left -= len(piece)
        if left <= 0:
            return
