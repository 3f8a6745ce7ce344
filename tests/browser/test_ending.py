"""Ctrl-C ends everything, and the next start goes on where it was."""

from pathlib import Path

import pytest

from tests.browser.practice import answers, running

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


def test_ctrl_c_ends_cleanly_and_the_next_start_goes_on(tmp_path: Path) -> None:
    """Nobody may lose a practice by closing it."""
    with running(tmp_path) as first:
        code, page = first.code, first.page
        assert answers(page)
        assert "終了しました" in first.end()
        assert first.process.returncode == 0
        assert not answers(page)
    with running(tmp_path) as second:
        assert second.code == code
        assert answers(second.page)
