"""Identifiers that look like LINE's."""

from __future__ import annotations

import hashlib
import re
import secrets
import uuid

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
USER_ID = re.compile("U[0-9a-f]{32}")
RETRY_KEY = re.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
FIRST_MESSAGE_ID = 444_573_844_083_572_737


def user_id(name: str) -> str:
    """A user id that is always the same for the same name; for tests and first people."""
    return "U" + hashlib.sha256(name.encode()).hexdigest()[:32]


def ulid(seconds: float) -> str:
    """A ULID: 48 bits of time, 80 bits of chance."""
    number = (int(seconds * 1000) << 80) | secrets.randbits(80)
    return "".join(CROCKFORD[(number >> shift) & 31] for shift in range(125, -1, -5))


def request_id() -> str:
    """What LINE writes into x-line-request-id."""
    return str(uuid.UUID(int=secrets.randbits(128), version=4))


def token(size: int = 24) -> str:
    """A long word nobody can guess."""
    return secrets.token_urlsafe(size)


def reply_token() -> str:
    """32 hexadecimal characters."""
    return secrets.token_hex(16)


def menu_id() -> str:
    """The id of a rich menu."""
    return "richmenu-" + secrets.token_hex(16)
