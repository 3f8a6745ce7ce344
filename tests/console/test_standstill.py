"""A stopped scenario, in 予定 and 結果: its friends wait, and the way on is named."""

from __future__ import annotations

import pytest

from flows.names import fold
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


def test_a_published_version_that_was_taken_back_leaves_nobody_without_a_way_on() -> None:
    """取消 of 公開 stops those on the way as well."""
    phone = shop()
    phone.say("公開 秋のご案内")
    phone.tap("公開する")
    phone.reports.walking[fold("秋のご案内")] = {1: 3}
    phone.say("取消")
    assert "下書きです。途中の3人には送りません（「公開 秋のご案内」で続きから）" in phone.say("予定")
