import io
import re
import socket
import stat
from pathlib import Path

import pytest

from bot import cli, local, tcp_ports
from bot.embedded import free_port
from bot.practice import AlreadyRunningError, kept_secrets, only_one
from simulator.__main__ import arguments


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def taken():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def test_secrets_are_made_once(tmp_path: Path) -> None:
    """The second run must fit the simulator's and the product's kept data."""
    made = kept_secrets(tmp_path)
    assert kept_secrets(tmp_path) == made
    assert re.fullmatch(r"[0-9a-f]{32}", made.secret)
    assert re.fullmatch(r"\d{4}-\d{4}", made.owner_code)
    assert len(made.token) > 100
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600


def test_a_secret_that_begins_with_a_dash_is_no_option(monkeypatch: pytest.MonkeyPatch) -> None:
    """One in 64 drawn at random does; the practice must start with it, too."""
    local.VAR.mkdir()
    monkeypatch.setattr("bot.practice.secrets.token_urlsafe", lambda _: "-Q" * 64)
    plan = local._plan({"PORT": str(free_port()), "SIM_PORT": str(free_port())})
    given = arguments(local._simulator_command(plan, "redis://127.0.0.1:1/0")[3:])
    assert (given.token, given.product) == ("-Q" * 64, f"{plan.product}/callback")


def test_only_one_may_use_the_data(tmp_path: Path) -> None:
    """Two servers writing one file would spoil it."""
    with only_one(tmp_path), pytest.raises(AlreadyRunningError), only_one(tmp_path):
        raise AssertionError("both got in")
    with only_one(tmp_path):
        assert (tmp_path / "lock").exists()


def test_a_port_in_use_is_one_sentence_with_a_free_one(taken: int, monkeypatch, capsys) -> None:
    """The commonest stumble of a first start."""
    monkeypatch.setenv("PORT", str(taken))
    monkeypatch.setenv("SIM_PORT", str(free_port()))
    assert local.main() == 78
    said = capsys.readouterr().err
    assert said.startswith(f"✗ ポート {taken} は ")
    assert re.search(r"→ PORT=\d+ make run", said)
    assert said.count("\n") == 1


def test_both_ports_in_use_are_mended_by_one_command(taken: int, monkeypatch, capsys) -> None:
    """Else the second is met only after the first is mended."""
    with socket.socket() as second:
        second.bind(("127.0.0.1", 0))
        second.listen()
        monkeypatch.setenv("PORT", str(taken))
        monkeypatch.setenv("SIM_PORT", str(second.getsockname()[1]))
        assert local.main() == 78
    said = capsys.readouterr().err
    assert re.search(r"→ PORT=\d+ SIM_PORT=\d+ make run", said)
    assert said.count("\n") == 1


def test_the_holder_of_a_port_is_named(taken: int) -> None:
    """Then the person knows what to close."""
    assert re.search(r"\(pid \d+\)", tcp_ports.holder(taken) or "")
    assert not tcp_ports.is_free(taken)
    assert tcp_ports.holder(free_port()) is None


@pytest.mark.parametrize("port", ["http", "0", "70000", "-1"])
def test_a_port_that_is_none_is_said(port: str, monkeypatch, capsys) -> None:
    """No traceback for a typing error."""
    monkeypatch.setenv("SIM_PORT", port)
    monkeypatch.setenv("PORT", str(free_port()))
    assert local.main() == 78
    assert "SIM_PORT" in capsys.readouterr().err


def test_running_twice_is_said(monkeypatch, capsys) -> None:
    """Somebody forgot the other window."""
    with only_one(local.VAR):
        assert local.main() == 78
    assert "もう動いています" in capsys.readouterr().err


def test_reset_asks_before_it_forgets(monkeypatch, capsys) -> None:
    """There is no way back."""
    local.VAR.mkdir()
    kept_secrets(local.VAR)
    monkeypatch.setattr("sys.stdin", io.StringIO("いいえ\n"))
    assert cli.main(["reset"]) == 1
    assert local.VAR.exists()


@pytest.mark.parametrize(
    ("environ", "code", "says"),
    [
        ({}, 0, "・ LINE_CHANNEL_SECRET"),
        ({"LINE_CHANNEL_SECRET": "0" * 32}, 0, "✓ LINE_CHANNEL_SECRET"),
        ({"LINE_CHANNEL_SECRET": "0" * 31}, 78, "✗ LINE_CHANNEL_SECRET"),
        (
            {"LINE_CHANNEL_SECRET": "0" * 32, "LINE_CHANNEL_ID": "1234567890", "REDIS_URL": "redis://h"},
            0,
            "そろっています",
        ),
    ],
)
def test_a_release_fails_for_wrong_settings_not_for_absent_ones(
    environ, code: int, says: str, monkeypatch, capsys
) -> None:
    """A host runs this after the first push and after every single change."""
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert cli.main(["check-config"]) == code
    assert says in capsys.readouterr().out
