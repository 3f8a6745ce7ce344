import io
import json
import logging
from datetime import UTC, datetime

import pytest
import structlog
import time_machine

from bot.clock import MovableClock, SystemClock
from bot.log import HIDDEN, get_logger, mask_url, set_up_logging

NINE = datetime(2026, 11, 20, 0, 0, tzinfo=UTC)


@time_machine.travel(NINE, tick=False)
def test_the_clock_tells_utc() -> None:
    """A record refuses a moment without a zone."""
    assert SystemClock().now() == NINE
    assert SystemClock().now().tzinfo is UTC


@time_machine.travel(NINE, tick=False)
def test_moving_time_is_seen_at_once() -> None:
    """The simulator moves every process together."""
    offset = 0.0
    clock = MovableClock(lambda: offset)
    assert clock.now() == NINE
    offset = 2 * 86_400 + 0.5
    assert clock.now() == datetime(2026, 11, 22, 0, 0, 0, 500_000, tzinfo=UTC)


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch):
    """What is logged, as JSON; the loggers are put back afterwards."""
    stream = io.StringIO()
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    monkeypatch.setattr("sys.stderr", stream)
    set_up_logging(console=False)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


def test_events_have_keys(written) -> None:
    """A log is searched, not read."""
    get_logger("bot.somewhere").info("step.sent", friend="U1", step="s2")
    (line,) = written()
    assert (line["event"], line["friend"], line["step"], line["level"]) == ("step.sent", "U1", "s2", "info")


def test_words_names_and_passwords_stay_out(written) -> None:
    """A friend's words are nobody's business; a log is copied into many places."""
    get_logger("bot.somewhere").info("event.handled", text="痩せたい", name="さくら", redis="redis://u:pw@h:1/0")
    (line,) = written()
    assert (line["text"], line["name"]) == (HIDDEN, HIDDEN)
    assert "pw" not in json.dumps(line)


def test_a_librarys_lines_come_in_the_same_form(written) -> None:
    """One tool reads them all."""
    logging.getLogger("gunicorn.error").warning("worker %s is late", 3)
    assert written()[0]["event"] == "worker 3 is late"


def test_a_traceback_is_one_line(written) -> None:
    """Hosts split logs at line ends."""
    try:
        raise ValueError("boom")
    except ValueError:
        get_logger("bot.somewhere").exception("job.failed")
    (line,) = written()
    assert "ValueError: boom" in line["exception"]


@pytest.mark.parametrize(
    ("url", "masked"),
    [("redis://:pw@h:1", f"redis://{HIDDEN}@h:1"), ("redis://h:1/0", "redis://h:1/0"), ("redis://[", HIDDEN)],
)
def test_an_address_is_shown_without_its_password(url: str, masked: str) -> None:
    """The host is what one needs to know."""
    assert mask_url(url) == masked
