from pathlib import Path

import pytest

from tools import ensure_chromium


@pytest.fixture(autouse=True)
def _no_browser_of_the_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(ensure_chromium, "MAC", tmp_path / "Chrome")


def put(folder: Path, name: str, does: str) -> str:
    program = folder / name
    program.write_text(f"#!/bin/sh\n{does}\n", encoding="utf-8")
    program.chmod(0o755)
    return str(program)


def test_a_browser_that_only_says_where_to_get_one_is_none(tmp_path: Path) -> None:
    """A package of that name may be a note; the next one on the list may be real."""
    put(tmp_path, "chromium-browser", "exit 1")
    assert ensure_chromium.installed() is None
    real = put(tmp_path, "google-chrome", "exit 0")
    assert ensure_chromium.installed() == real


def test_none_at_all_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """With what to do; no traceback."""
    monkeypatch.setattr(ensure_chromium, "playwrights_own", lambda: None)
    monkeypatch.setattr("sys.executable", put(tmp_path, "python", "exit 1"))
    assert ensure_chromium.main() == 78
    assert capfd.readouterr().err.splitlines()[-1] == ensure_chromium.SENTENCE
