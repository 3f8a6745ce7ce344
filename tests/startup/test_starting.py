"""Redis is looked at before anything listens: one line that says the mend, exit 78, and no traceback."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.embedded import running_redis
from bot.settings import Settings
from bot.starting import store_or_exit

FULL: dict[str, Any] = {"line_channel_secret": "0" * 32, "line_channel_access_token": "t" * 120}


def settings(url: str) -> Settings:
    return Settings(redis_url=url, **FULL)


def test_a_fit_redis_is_taken_without_a_word(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with running_redis(tmp_path) as url:
        store_or_exit(settings(url))
    assert capsys.readouterr().err == ""


def test_a_redis_that_throws_records_away_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It would lose friends in silence once it is full."""
    with (
        running_redis(tmp_path, extra=("--maxmemory-policy", "allkeys-lru")) as url,
        pytest.raises(SystemExit) as left,
    ):
        store_or_exit(settings(url))
    said = capsys.readouterr().err
    assert left.value.code == 78
    assert "noeviction" in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("redis://127.0.0.1:1/0", "つながりません"),
        ("redis://:secret@127.0.0.1:1/0", "つながりません"),
        ("redis://no-such-machine.invalid:6379/0", "その名前の機械が見つかりません"),
    ],
)
def test_a_redis_that_is_not_there_is_named_with_its_mend(
    url: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        store_or_exit(settings(url), patience=0)
    said = capsys.readouterr().err
    assert left.value.code == 78
    assert says in said
    assert "secret" not in said


def test_a_wrong_password_is_told_from_an_absent_server(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with running_redis(tmp_path) as url:
        wrong = url.replace("redis://", "redis://nobody:wrong@")
        with pytest.raises(SystemExit):
            store_or_exit(settings(wrong), patience=0)
    assert "パスワードが違います" in capsys.readouterr().err
