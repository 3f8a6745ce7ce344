"""What can come of a request to LINE, as types: each asks for another next move."""

from __future__ import annotations

import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """LINE took it."""

    request_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlreadyAccepted:
    """LINE had taken it before under the same retry key (409): nothing is left to do."""

    request_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """LINE will never take it (4xx); `where` names the properties it complains about."""

    status: int
    reason: str = ""
    where: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenSpent:
    """The reply token has been used or is too old."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TryAgain:
    """LINE surely did not take it; worth another attempt after so many seconds."""

    after: float = 1.0
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimited:
    """Too many requests in a second (429): back off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OverQuota:
    """The month's messages are used up (429): retrying helps only once the limit or the month changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """Nobody knows whether LINE took it (500, silence, connection lost): ask again with the same retry key."""

    reason: str = ""


Outcome = Accepted | AlreadyAccepted | Refused | TokenSpent | TryAgain | RateLimited | OverQuota | Unknown

DONE = (Accepted, AlreadyAccepted)


class LineRefusedError(Exception):
    """LINE refused a request outside the hot sends; `status` tells why (404: no such user, menu, content …)."""

    def __init__(self, status: int, reason: str = "") -> None:
        super().__init__(f"{status} {reason}".strip())
        self.status = status


class LineUnavailableError(Exception):
    """LINE did not answer, or answered that it cannot just now."""


def read(status: int, body: bytes, request_id: str = "") -> Outcome:
    """The outcome an answer stands for (developers.line.biz: messaging-api reference, status codes and error messages)."""
    if 200 <= status < 300:
        return Accepted(request_id=request_id)
    if status == 409:
        return AlreadyAccepted(request_id=request_id)
    if status >= 500:
        return Unknown(reason=str(status))
    message, where = _complaint(body)
    if status == 429:
        return OverQuota() if "monthly limit" in message.casefold() else RateLimited()
    if status == 400 and "invalid reply token" in message.casefold():
        return TokenSpent()
    return Refused(status=status, reason=message, where=where)


def _complaint(body: bytes) -> tuple[str, tuple[str, ...]]:
    try:
        said = json.loads(body)
        details = said.get("details") or ()
        return str(said.get("message", "")), tuple(f"{each.get('property')}: {each.get('message')}" for each in details)
    except (ValueError, AttributeError, TypeError):
        return "", ()
