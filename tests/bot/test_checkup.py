"""診断 asks LINE where webhooks go, and whether they arrive."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from bot.checkup import Checkup
from bot.line import LineUnavailableError, connect
from bot.line.lane import Unpaced
from flows.desk import Channel
from tests.full_world import FullWorld


def test_line_is_asked_where_webhooks_go_and_once_a_minute_at_most(world: FullWorld) -> None:
    """LINE allows sixty tests an hour."""
    checkup = Checkup(world.services.line, wait=30)
    first = checkup.channel()
    asked = len(world.fake.calls)
    assert isinstance(first, Channel)
    assert first == checkup.channel()
    assert len(world.fake.calls) == asked


def test_doctor_tells_what_line_says(world: FullWorld) -> None:
    """From the word to LINE and back."""
    world.act("staff", "says", "登録 1234-5678")
    world.heard()
    world.act("staff", "says", "診断")
    assert "Webhook URL" in str(world.heard()[-1].message)


def test_a_request_does_not_wait_for_a_slow_line() -> None:
    """LINE takes our 200 within two seconds, and calls us back while it is asked."""
    go_on = threading.Event()

    class SlowLine:
        def webhook_endpoint(self) -> None:
            go_on.wait(10)

    checkup = Checkup(SlowLine(), wait=0.01)  # type: ignore[arg-type]
    assert checkup.channel() is None
    go_on.set()
    assert any(checkup.channel() for _ in range(200))


class Proxy(BaseHTTPRequestHandler):
    """Answers everything with 200 and nothing in it."""

    def do_POST(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


def test_an_answer_in_no_known_form_is_no_answer() -> None:
    """The page of a proxy in between ended 診断 in an internal error."""
    server = HTTPServer(("127.0.0.1", 0), Proxy)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    client = connect(base=address, token="t" * 40, channel_id=None, secret="s", pacing=Unpaced())
    with pytest.raises(LineUnavailableError):
        client.test_webhook_endpoint()
    client.close()
    server.shutdown()
    server.server_close()
