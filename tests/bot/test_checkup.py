"""診断 asks LINE where webhooks go, and whether they arrive."""

from __future__ import annotations

from bot.checkup import Checkup
from flows.desk import Channel
from tests.full_world import FullWorld


def test_line_is_asked_where_webhooks_go_and_once_a_minute_at_most(world: FullWorld) -> None:
    """LINE allows sixty tests an hour."""
    checkup = Checkup(world.services.line)
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
