"""LINE as the product speaks to it: the hot sends on a lane of their own, everything else through the SDK."""

from bot.line.client import LineClient, connect
from bot.line.outcomes import (
    Accepted,
    AlreadyAccepted,
    LineRefusedError,
    LineUnavailableError,
    Outcome,
    OverQuota,
    RateLimited,
    Refused,
    TokenSpent,
    TryAgain,
    Unknown,
)
from bot.line.requests import Call, Endpoint, multicast, push, reply

__all__ = [
    "Accepted",
    "AlreadyAccepted",
    "Call",
    "Endpoint",
    "LineClient",
    "LineRefusedError",
    "LineUnavailableError",
    "Outcome",
    "OverQuota",
    "RateLimited",
    "Refused",
    "TokenSpent",
    "TryAgain",
    "Unknown",
    "connect",
    "multicast",
    "push",
    "reply",
]
