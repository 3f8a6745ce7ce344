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


def bucket(url: str) -> str:
    """The address of an S3-compatible bucket as we keep it. Raises ValueError with the mend."""
    parts = split(url)
    if parts is None or parts.scheme not in {"http", "https"} or parts.query or parts.username:
        raise ValueError(
            "バケットのアドレスとして読めません → https://s3.ap-northeast-1.amazonaws.com/my-shop の形で書いてください "
            "(not a bucket's address)"
        )
    if parts.scheme != "https" and not is_loopback(url):
        raise ValueError("暗号化されません → https://… にしてください (not encrypted: use https)")
    return url.rstrip("/")


def with_its_bucket(value: str | None, url: str | None) -> str | None:
    """A key that is there exactly where its bucket is. Raises ValueError with the mend."""
    if url is not None and value is None:
        raise ValueError(
            "ありません → MEDIA_S3_URL のバケットの鍵を入れるか、MEDIA_S3_URL を消してください (the bucket's key is needed)"
        )
    if url is None and value is not None:
        raise ValueError(
            "MEDIA_S3_URL がありません → バケットのアドレスを入れてください (the bucket's address is missing)"
        )
    return value
