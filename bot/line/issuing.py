"""Asks LINE for a stateless token (developers.line.biz: messaging-api reference, issue-stateless-channel-access-token)."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable

from bot.line.outcomes import LineRefusedError, LineUnavailableError
from bot.line.tokens import Issued

PATH = "/oauth2/v3/token"
SECONDS = 10.0


def issuer(base: str, channel_id: str, secret: str) -> Callable[[], Issued]:
    """What asks for one token each time it is called. Raises LineRefusedError or LineUnavailableError."""
    form = {"grant_type": "client_credentials", "client_id": channel_id, "client_secret": secret}
    body = urllib.parse.urlencode(form).encode()

    def issue() -> Issued:
        request = urllib.request.Request(  # noqa: S310 - the address comes from the settings
            base + PATH, data=body, headers={"Content-Type": "application/x-www-form-urlencoded"}
        )
        try:
            with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
                told = json.load(answer)
                return Issued(token=str(told["access_token"]), seconds=float(told["expires_in"]))
        except urllib.error.HTTPError as error:
            with error:
                raise LineRefusedError(error.code, "no token") from error
        except (OSError, ValueError, KeyError) as error:
            raise LineUnavailableError(type(error).__name__) from error

    return issue
