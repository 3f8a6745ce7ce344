"""Channel access tokens: the long-lived one, stateless ones, and the check of each request.

Source: https://developers.line.biz/en/reference/messaging-api/#issue-stateless-channel-access-token
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from simulator import ids
from simulator.http import Answer, Refusal, Request
from simulator.routes import Route

if TYPE_CHECKING:
    from simulator.line import Line

STATELESS_SECONDS = 900
FOREVER = 3_138_007_490


def check(line: Line, request: Request) -> None:
    """Refuse with 401 what carries no good token."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind != "Bearer" or not remaining(line, token):
        raise Refusal(
            401,
            "Authentication failed. Confirm that the access token in the authorization header is valid.",
            hint="チャネルアクセストークンが違うか、期限が切れています",
        )


def remaining(line: Line, token: str) -> int:
    """Seconds that a token is still good for; 0 if it is none."""
    if token == line.token:
        return FOREVER
    return max(0, int(line.memory.tokens.get(token, 0.0) - line.clock()))


def issue(line: Line, request: Request) -> Answer:
    """A stateless token for the channel's id and secret."""
    form = request.form()
    good = hmac.compare_digest(form.get("client_secret", "").encode(), line.secret.encode())
    if form.get("grant_type") != "client_credentials":
        return _wrong("unsupported_grant_type", "grant_type must be client_credentials")
    if form.get("client_id") != line.channel_id or not good:
        return _wrong("invalid_client", "invalid client_id or client_secret")
    token = "sim." + ids.token(64)
    line.memory.keep_token(token, line.clock() + STATELESS_SECONDS)
    return Answer(body={"token_type": "Bearer", "access_token": token, "expires_in": STATELESS_SECONDS - 1})


def verify(line: Line, request: Request) -> Answer:
    """Whose token it is and how long it lives."""
    given = request.form().get("access_token") or request.query.get("access_token", "")
    left = remaining(line, given)
    if not left:
        return _wrong("invalid_request", "access token expired")
    return Answer(body={"client_id": line.channel_id, "expires_in": left, "scope": "P CM"})


def _wrong(error: str, description: str) -> Answer:
    return Answer(status=400, body={"error": error, "error_description": description})


ROUTES = (
    Route(name="token.issue", method="POST", path="/oauth2/v3/token", handler=issue, open=True),
    Route(name="token.verify", method="POST", path="/v2/oauth/verify", handler=verify, open=True),
    Route(name="token.verify", method="GET", path="/oauth2/v2.1/verify", handler=verify, open=True),
)
