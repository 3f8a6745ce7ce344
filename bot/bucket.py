"""The S3-compatible room for pictures, films and voices; the only importer of its HTTP client and its signer.

Signature Version 4 in headers, path or host style as the address says (docs.aws.amazon.com, sig-v4-header-based-auth).
The bucket stays closed to the world: what friends' phones fetch comes through our own sealed addresses.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlsplit

from bot.log import get_logger
from bot.store.errors import MediaAwayError

if TYPE_CHECKING:
    import requests

log = get_logger(__name__)

CONNECT_SECONDS, READ_SECONDS = 3.05, 15.0
PIECE: Final = 64 * 1024
PROBE: Final = "check"
"""The name under which it is tried whether something can be kept."""
_DONE: Final = (200, 201, 204, 206)
_NAMED: Final = re.compile(r"(?:^|\.)s3[.-](?:dualstack\.)?(?P<region>[a-z]{2,}-[a-z0-9-]+)\.")
_MENDS: Final[dict[int | str, str]] = {
    "NoSuchKey": "置いたものがありません → 消されたか、別のバケットです。MEDIA_S3_URL を確かめてください",
    403: "鍵が違うか、権限がありません → MEDIA_S3_KEY と MEDIA_S3_SECRET、鍵の権限（読む・書く・消す）、MEDIA_S3_REGION を確かめてください",
    404: "そのバケットがありません → MEDIA_S3_URL のバケットの名前を確かめてください",
    301: "場所（リージョン）が違います → MEDIA_S3_URL か MEDIA_S3_REGION を直してください",
    400: "受け付けられませんでした → MEDIA_S3_REGION を確かめてください",
}
_AWAY: Final = "つながりません → MEDIA_S3_URL のアドレスを確かめてください。しばらくして直ることもあります"


def region_of(url: str) -> str:
    """The region that an address names; else `auto` at Cloudflare, `us-east-1` anywhere else, as their guides say."""
    host = urlsplit(url).hostname or ""
    found = _NAMED.search(host)
    return found["region"] if found else "auto" if host.endswith(".r2.cloudflarestorage.com") else "us-east-1"


class Bucket:
    """One bucket, under a folder of its own. Safe to share between threads."""

    name = "s3"

    def __init__(self, url: str, *, key: str, secret: str, region: str = "", folder: str = "") -> None:
        """`url` is the bucket's address, as `https://s3.ap-northeast-1.amazonaws.com/my-shop`. Nothing is asked yet."""
        self._base = "/".join(filter(None, (url.rstrip("/"), quote(folder))))
        self._credentials = key, secret, region or region_of(url)
        self._here = threading.local()
        parts = urlsplit(url)
        self.shown = f"S3 {parts.hostname}{parts.path.rstrip('/')}"

    def write(self, name: str, blob: bytes, content_type: str) -> None:
        """Hold this; a blob of that name is replaced."""
        self._ask("PUT", name, data=blob, headers={"Content-Type": content_type}).close()

    def read(self, name: str, size: int, start: int, end: int) -> Iterator[bytes]:
        """The bytes from `start` up to `end`, asked for at once and handed on as they come."""
        if start >= min(end, size):
            return iter(())
        answer = self._ask("GET", name, headers={"Range": f"bytes={start}-{end - 1}"}, stream=True)
        return _pieces(answer, start, end)

    def drop(self, name: str, size: int) -> None:
        """Hold it no more; one that is not there is fine."""
        del size
        self._ask("DELETE", name, fine=(404,)).close()

    def trouble(self) -> str:
        """Tries to keep, read and delete something small; what is wrong, in words with the mend, "" if nothing is."""
        try:
            self.write(PROBE, b"ok", "text/plain")
            kept = b"".join(self.read(PROBE, 2, 0, 2))
            self.drop(PROBE, 2)
        except MediaAwayError as error:
            return str(error)
        return "" if kept == b"ok" else "書いたものと違うものが返りました → MEDIA_S3_URL を確かめてください"

    def _ask(self, method: str, name: str, *, fine: tuple[int, ...] = (), **how: Any) -> requests.Response:
        """One request, tried again where the network or the host stumbled. Raises MediaAwayError with the mend."""
        import requests  # noqa: PLC0415 - costs memory only where a bucket is set

        how["headers"] = {"Accept-Encoding": "identity", **how.get("headers", {})}
        try:
            answer = self._session.request(
                method, f"{self._base}/{name}", timeout=(CONNECT_SECONDS, READ_SECONDS), allow_redirects=False, **how
            )
        except requests.RequestException as error:
            log.warning("bucket.away", method=method, reason=type(error).__name__)
            raise MediaAwayError(_AWAY) from error
        if answer.status_code not in {*_DONE, *fine}:
            code = _code(answer)
            log.warning("bucket.refused", method=method, status=answer.status_code, code=code)
            answer.close()
            raise MediaAwayError(_MENDS.get(code) or _MENDS.get(answer.status_code, f"{_AWAY}（{answer.status_code}）"))
        return answer

    @property
    def _session(self) -> requests.Session:
        """This thread's own: a signer remembers the day's key."""
        if not hasattr(self._here, "session"):
            self._here.session = self._new_session()
        session: requests.Session = self._here.session
        return session

    def _new_session(self) -> requests.Session:
        import requests  # noqa: PLC0415
        from requests.adapters import HTTPAdapter  # noqa: PLC0415
        from requests_aws4auth import AWS4Auth  # noqa: PLC0415
        from urllib3.util import Retry  # noqa: PLC0415

        key, secret, region = self._credentials
        session = requests.Session()
        session.auth = AWS4Auth(key, secret, region, "s3")
        # Every request here may be repeated: the same name always holds the same bytes.
        again = Retry(
            total=2,
            backoff_factor=0.2,
            status_forcelist=(500, 502, 503, 504),
            allowed_methods=None,
            raise_on_status=False,
        )
        for scheme in ("https://", "http://"):
            session.mount(scheme, HTTPAdapter(max_retries=again, pool_maxsize=4))
        return session


def _pieces(answer: requests.Response, start: int, end: int) -> Iterator[bytes]:
    """The answer's body in pieces; of a whole one, from a host that knows no ranges, the part that was meant."""
    import requests  # noqa: PLC0415

    skip, left = start if answer.status_code == 200 else 0, end - start
    try:
        with closing(answer):
            for piece in answer.iter_content(PIECE):
                part = piece[skip : skip + left]
                skip, left = max(0, skip - len(piece)), left - len(part)
                yield part
                if left <= 0:
                    return
    except requests.RequestException as error:
        raise MediaAwayError(_AWAY) from error


def _code(answer: requests.Response) -> str:
    """S3's own word for what is wrong, without the rest: it may quote what was signed."""
    found = re.search(rb"<Code>([A-Za-z0-9]{1,60})</Code>", answer.content[:4096])
    return found[1].decode() if found else ""
