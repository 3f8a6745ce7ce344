"""診断, LINE's side: whether webhooks come in, and whether pictures can go out."""

from __future__ import annotations

from urllib.parse import urlsplit

from flows.desk import Channel

Check = tuple[bool, str, str]
"""Whether it is well, what it is, and the mend where it is not."""

CALLBACK = "/callback"
_TROUBLES = {
    "COULD_NOT_CONNECT": "LINEからサーバーにつながりませんでした。サーバーが動いているか、アドレスが外から開けるかを見てください",
    "REQUEST_TIMEOUT": "サーバーの返事が遅すぎました。サーバーが混んでいないかを見てください",
    "ERROR_STATUS_CODE": "サーバーが断りました。アドレスの最後が /callback か、チャネルシークレットが正しいかを見てください",
    "UNCLASSIFIED": "LINEがうまく呼び出せませんでした。少し待って、もう一度調べてください",
}


def channel_checks(address: str, channel: Channel | None) -> list[Check]:
    """What LINE's side needs: our address, the webhook, and pictures that LINE can fetch."""
    if channel is None:
        return [_address(address), (False, "LINEに確かめる", "LINEから返事がありませんでした。少し待って、もう一度")]
    if channel.refused:
        mend = "チャネルアクセストークンが古いか、ちがいます。LINE Developersで出し直してください"
        return [_address(address), (False, "LINEがこちらを認めている", mend)]
    return [_address(address), *_webhook(address, channel), _pictures(address, channel)]


def _address(address: str) -> Check:
    name = "外から見えるアドレス（写真を送るのに必要）"
    if not address:
        return False, name, "PUBLIC_URL を設定してください"
    secure = address.startswith("https://")
    return secure, name, f"いまは {address} です。PUBLIC_URL は https:// で始まるアドレスにしてください"


def _webhook(address: str, channel: Channel) -> list[Check]:
    name = "友だちの言葉が届く（Webhook URL）"
    wanted = f"{address}{CALLBACK}" if address else f"このサーバーのアドレス{CALLBACK}"
    if not channel.webhook:
        return [(False, name, f"LINE DevelopersのWebhook URLに {wanted} を入れてください")]
    if address and channel.webhook != wanted:
        return [(False, name, f"いまは {channel.webhook} に届いています。{wanted} に直してください")]
    if not channel.active:
        return [(False, name, "LINE Developersで「Webhookの利用」をオンにしてください")]
    reason = channel.trouble.split(" ", 1)[0]
    return [(not channel.trouble, name, _TROUBLES.get(reason, _TROUBLES["UNCLASSIFIED"]))]


def _pictures(address: str, channel: Channel) -> Check:
    """LINE fetches pictures where it brings webhooks: what reaches the one reaches the other."""
    name = "写真や動画をLINEが取りに来られる"
    if not address.startswith("https://"):
        return False, name, "外から見えるアドレスが https になると、送れるようになります"
    same = urlsplit(address).netloc == urlsplit(channel.webhook).netloc
    return same and not channel.trouble, name, "Webhook URLと PUBLIC_URL を同じサーバーにしてください"
