"""A small S3-speaking server for tests: it checks signatures by its own reading of the rules, and can stumble."""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

KEY, SECRET, REGION = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "ap-northeast-1"
_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/]+)/(?P<scope>(?P<day>\d{8})/(?P<region>[^/]+)/s3/aws4_request), ?"
    r"SignedHeaders=(?P<names>[^,]+), ?Signature=(?P<signature>[0-9a-f]{64})"
)


def signature(secret: str, scope: str, at: str, canonical: str) -> str:
    """Signature Version 4 of a canonical request (docs.aws.amazon.com, sig-v4-header-based-auth)."""
    key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    to_sign = "\n".join(("AWS4-HMAC-SHA256", at, scope, sha256(canonical.encode()).hexdigest()))
    return hmac.digest(key, to_sign.encode(), "sha256").hex()


class FakeBucket:
    """What lies in the bucket, what was asked, and what is to go wrong."""

    def __init__(self) -> None:
        self.objects: dict[str, tuple[bytes, str]] = {}
        self.asked: list[tuple[str, str, str]] = []
        """Method, path and range."""
        self.stumbles: list[int] = []
        """Status codes of the next answers, whatever is asked."""
        self.url = ""

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        """The answer to one request: status, headers, body."""
        self.asked.append((method, path, headers.get("range", "")))
        if self.stumbles:
            return self.stumbles.pop(0), {}, b"<Error><Code>SlowDown</Code></Error>"
        if not self._is_signed(method, path, headers, body):
            return 403, {}, b"<Error><Code>SignatureDoesNotMatch</Code></Error>"
        if not path.startswith("/my-shop/"):
            return 404, {}, b"<Error><Code>NoSuchBucket</Code></Error>"
        match method:
            case "PUT":
                self.objects[path] = body, headers.get("content-type", "")
                return 200, {}, b""
            case "DELETE":
                self.objects.pop(path, None)
                return 204, {}, b""
        return self._get(path, headers.get("range", ""))

    def _get(self, path: str, wanted: str) -> tuple[int, dict[str, str], bytes]:
        if path not in self.objects:
            return 404, {}, b"<Error><Code>NoSuchKey</Code></Error>"
        blob, kind = self.objects[path]
        found = re.fullmatch(r"bytes=(\d+)-(\d+)", wanted)
        if not found:
            return 200, {"Content-Type": kind}, blob
        part = blob[int(found[1]) : int(found[2]) + 1]
        return 206, {"Content-Type": kind, "Content-Range": f"bytes {found[1]}-{found[2]}/{len(blob)}"}, part

    def _is_signed(self, method: str, path: str, headers: dict[str, str], body: bytes) -> bool:
        found = _AUTHORIZATION.fullmatch(headers.get("authorization", ""))
        if not found or found["key"] != KEY or found["region"] != REGION:
            return False
        names = found["names"].split(";")
        if not {"host", "x-amz-date", "x-amz-content-sha256"} <= set(names) or names != sorted(names):
            return False
        if headers["x-amz-content-sha256"] != sha256(body).hexdigest():
            return False
        signed = "".join(f"{name}:{' '.join(headers[name].split())}\n" for name in names)
        canonical = "\n".join((method, path, "", signed, found["names"], headers["x-amz-content-sha256"]))
        return signature(SECRET, found["scope"], headers["x-amz-date"], canonical) == found["signature"]


@contextmanager
def fake_bucket() -> Iterator[FakeBucket]:
    """A bucket on a free port of this machine."""
    bucket = FakeBucket()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _do(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, more, blob = bucket.answer(self.command, urlsplit(self.path).path, headers, body)
            self.send_response(status)
            for name, value in more.items():
                self.send_header(name, value)
            if status != 204:
                self.send_header("Content-Length", str(len(blob)))
            self.end_headers()
            self.wfile.write(blob)

        do_GET = do_PUT = do_DELETE = _do  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    bucket.url = f"http://127.0.0.1:{server.server_address[1]}/my-shop"
    try:
        yield bucket
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
