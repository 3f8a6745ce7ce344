"""One request to LINE and its answer, without a socket."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

Body = dict[str, Any]


@dataclass(slots=True, kw_only=True)
class Answer:
    """What LINE answers. `later` replaces it by what a slow piece of work answers."""

    status: int = 200
    body: Body | None = None
    blob: bytes | None = None
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    hint: str = ""
    later: Callable[[], Answer] | None = None

    def payload(self) -> bytes:
        """The bytes that go over the wire."""
        if self.blob is not None:
            return self.blob
        return json.dumps({} if self.body is None else self.body, ensure_ascii=False).encode()


class Refusal(Exception):
    """LINE says no; carries the answer."""

    def __init__(self, status: int, message: str, *, details: list[Body] | None = None, hint: str = "") -> None:
        super().__init__(message)
        body: Body = {"message": message}
        if details:
            body["details"] = details
        self.answer = Answer(status=status, body=body, hint=hint)


@dataclass(slots=True, kw_only=True)
class Request:
    """What the product sends. Header names are in lower case."""

    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes = b""
    found: dict[str, str] = field(default_factory=dict)
    request_id: str = ""

    def json(self) -> Body:
        """The body as a JSON object; 400 if it is none, 415 if it is called something else."""
        if not self.headers.get("content-type", "").startswith("application/json"):
            raise Refusal(415, "Unsupported Media Type")
        try:
            body = json.loads(self.raw)
        except ValueError as error:
            raise Refusal(400, "The request body could not be parsed as JSON") from error
        if not isinstance(body, dict):
            raise Refusal(400, "The request body must be a JSON object")
        return body

    def form(self) -> dict[str, str]:
        """The body as a form."""
        return dict(parse_qsl(self.raw.decode("utf-8", "replace"), keep_blank_values=True))
