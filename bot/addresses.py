"""Reading addresses: whose machine they name, and what a host's Redis address lacks."""

import ipaddress
from urllib.parse import SplitResult, urlsplit, urlunsplit


def split(url: str) -> SplitResult | None:
    """The parts of an address with a scheme and a host and a sound port, or None."""
    try:
        parts = urlsplit(url)
        sound = bool(parts.scheme and parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return parts if sound else None


def is_loopback(url: str | None) -> bool:
    """Whether the address names this very machine."""
    parts = split(url or "")
    if parts is None or parts.hostname is None:
        return False
    if parts.hostname == "localhost":
        return True
    try:
        return ipaddress.ip_address(parts.hostname).is_loopback
    except ValueError:
        return False


def without_certificate_check(url: str) -> str:
    """A `rediss://` address that accepts a self-signed chain, unless it already says what to accept."""
    parts = urlsplit(url)
    if parts.scheme != "rediss" or "ssl_" in parts.query:
        return url
    # redis-py reads this word from the address; it must be lower case there.
    query = f"{parts.query}&ssl_cert_reqs=none".lstrip("&")
    return urlunsplit(parts._replace(query=query))
