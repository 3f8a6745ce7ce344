"""A stopped scenario, in 予定 and 結果: its friends wait, and the way on is named."""

from __future__ import annotations

import pytest

from tests.console.shop import shop


@pytest.mark.parametrize("words", ["予定", "結果 新規様"])
def test_a_stopped_scenario_is_named_with_the_way_on(words: str) -> None:
    """A number that counts what will not go misleads; a stop that nobody remembers loses friends."""
    phone = shop()
    assert "停止中" not in phone.say(words)
    phone.say("停止 新規様")
    assert "停止中です。途中の12人には送りません（「再開 新規様」で続きから）" in phone.say(words)
    phone.say("保管 新規様")
    assert "「復元 新規様」" in phone.say(words)
