"""診断, LINE's side: each fault is named as it is, with the mend for it."""

from __future__ import annotations

import pytest

from admin_commands.channel import channel_checks
from flows.desk import Channel

HERE = "https://shop.example.com"
WELL = Channel(webhook=f"{HERE}/callback", active=True)


def faults(address: str, channel: Channel | None) -> str:
    """The mends of all that is not well."""
    return "\n".join(mend for good, _, mend in channel_checks(address, channel) if not good)


def test_all_is_well() -> None:
    """A green report must be possible."""
    assert faults(HERE, WELL) == ""


@pytest.mark.parametrize(
    ("address", "channel", "mend"),
    [
        ("", WELL, "PUBLIC_URL を設定"),
        ("http://127.0.0.1:5000", Channel(webhook="http://127.0.0.1:5000/callback", active=True), "https://"),
        (HERE, Channel(), f"{HERE}/callback を入れて"),
        (HERE, Channel(webhook="https://old.example.com/callback", active=True), f"{HERE}/callback に直して"),
        (HERE, Channel(webhook=f"{HERE}/callback"), "オンに"),
        (HERE, Channel(webhook=f"{HERE}/callback", active=True, trouble="ERROR_STATUS_CODE 403"), "シークレット"),
        (HERE, Channel(webhook=f"{HERE}/callback", active=True, trouble="SOMETHING_NEW"), "もう一度"),
        (HERE, Channel(refused=True), "アクセストークン"),
        (HERE, None, "LINEから返事がありません"),
    ],
)
def test_each_fault_has_its_own_mend(address: str, channel: Channel | None, mend: str) -> None:
    """An address that is set to http is not one that is missing; a webhook that leads elsewhere is not one that is off."""
    assert mend in faults(address, channel)


def test_an_address_without_https_is_not_called_missing() -> None:
    """The owner has set it; what is wrong is how it begins."""
    words = faults("http://127.0.0.1:5000", WELL)
    assert "いまは http://127.0.0.1:5000 です" in words
    assert "設定してください" not in words
