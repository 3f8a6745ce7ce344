"""LINE's door: checks the signature on the raw bytes, hands the events over, and answers before anything is sent."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any, Final

from flask import Blueprint, Response, request

from bot.inbound import Incoming, translate
from bot.log import get_logger
from bot.store.errors import StoreAwayError

log = get_logger(__name__)

LARGEST: Final = 1024 * 1024
"""Bytes of a webhook body; LINE's largest batches have a tenth of it."""
HINT: Final = "Webhook URL は https://…/callback です。LINEがPOSTで呼びます (LINE calls this address by POST)\n"

Take = Callable[[tuple[Incoming, ...]], None]


def blueprint(secret: str, take: Take) -> Blueprint:
    """`POST /callback`; `take` commits every event of a batch or raises StoreAwayError."""
    routes = Blueprint("webhook", __name__)
    key = secret.encode()

    @routes.post("/callback")
    def callback() -> Response:
        """200 once everything is committed; 400 without a reason; 503 so that LINE brings it again."""
        payload = _payload(key)
        if payload is None:
            return _answer(400)
        incoming = translate(payload)
        if not incoming:
            return _answer(200)
        try:
            take(incoming)
        except StoreAwayError as error:
            log.warning("webhook.store_away", events=len(incoming), reason=str(error))
            return _answer(503)
        return _answer(200)

    @routes.route("/callback", methods=["GET", "HEAD", "PUT", "DELETE", "PATCH"])
    def wrong_method() -> Response:
        """Says how LINE calls this address."""
        return Response(HINT, 405, {"Allow": "POST", "Content-Type": "text/plain; charset=utf-8"})

    return routes


def is_signed(key: bytes, body: bytes, signature: str) -> bool:
    """Whether LINE signed these bytes with our secret (developers.line.biz: verify-webhook-signature)."""
    expected = base64.b64encode(hmac.digest(key, body, sha256))
    return hmac.compare_digest(expected, signature.encode("utf-8", "replace"))


def _payload(key: bytes) -> dict[str, Any] | None:
    """The body as JSON; None when it is too large, not LINE's, or not a JSON object."""
    if request.content_length is not None and request.content_length > LARGEST:
        return None
    body = request.stream.read(LARGEST + 1)
    if len(body) > LARGEST or not is_signed(key, body, request.headers.get("X-Line-Signature", "")):
        return None
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return payload if isinstance(payload, dict) else None


def _answer(status: int) -> Response:
    return Response(status=status, content_type="text/plain; charset=utf-8")
