"""What is known of a kept picture or film without reading it, and how the record holds that."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.store.instants import moment_of, ms
from bot.store.media_places import PREVIEW

RECORD = ""
"""The name of the place in the record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What is known of a kept thing without reading it."""

    id: str
    content_type: str
    size: int
    preview: int = 0
    """Bytes of the small picture that is kept beside it; 0: there is none."""
    place: str = RECORD
    name: str = ""
    """The file's name, of things that had one."""
    at: datetime | None = None
    """When it was kept; None: before that was written down."""


def blobs(about: About) -> tuple[str, ...]:
    """The names of its blobs in its place."""
    return (about.id, about.id + PREVIEW) if about.preview else (about.id,)


def described(about: About) -> str:
    """As the record holds it."""
    kept: dict[str, Any] = {"type": about.content_type, "size": about.size, "preview": about.preview}
    more = {"place": about.place, "name": about.name, "at": ms(about.at) if about.at else 0}
    return json.dumps(kept | {key: value for key, value in more.items() if value})


def about_of(media: str, value: bytes) -> About:
    """What the record holds under this id."""
    kept = json.loads(value)
    return About(
        id=media,
        content_type=kept["type"],
        size=kept["size"],
        preview=kept.get("preview", 0),
        place=kept.get("place", RECORD),
        name=kept.get("name", ""),
        at=moment_of(kept["at"]) if "at" in kept else None,
    )
