"""Words that owners bring from other tools, for what is done another way here: they say which."""

from __future__ import annotations

from admin_commands.desk import Desk
from admin_commands.reading import MaybeWords
from admin_commands.registry import Family
from admin_commands.screens import tap

elsewhere = Family(name="ほかの道具の言葉", about="ここでは別のやり方をするもの")


@elsewhere.command(
    "QR作成",
    alias=("きゅーあーるさくせい", "route"),
    usage="QR作成 [名]",
    examples=[("QR作成", "経路ごとのQRは、まだ作れません")],
)
def qr(desk: Desk, _name: MaybeWords) -> None:
    """経路ごとのQRの代わりに、いまできることを見ます。"""
    desk.say(
        "経路ごとのQRは、まだ作れません。\n"
        "いまは、お店のQRのそばに合言葉（例：店頭）を書き、その言葉を「開始: キーワード 店頭」にしたシナリオで分けられます。",
        tap("シナリオ作成"),
        tap("経路"),
        tap("ホーム"),
        where="QR作成",
    )


@elsewhere.command(
    "リンク作成",
    alias=("りんくさくせい", "link"),
    usage="リンク作成 [名]",
    examples=[("リンク作成", "押した人を数えるリンクは、まだ作れません")],
)
def link(desk: Desk, _name: MaybeWords) -> None:
    """押した人を数えるリンクの代わりに、いまできることを見ます。"""
    desk.say(
        "押した人を数えるリンクは、まだ作れません。\n"
        "カードのボタンなら、ページを開くか、押した人にタグを付けるかを選べます。本文の画面の「カードを足す」で作れます。",
        tap("シナリオ"),
        tap("部品"),
        tap("ホーム"),
        where="リンク作成",
    )


@elsewhere.command(
    "クロス",
    alias=("くろす", "クロス集計", "cross"),
    usage="クロス [A×B]",
    examples=[("クロス", "絞り込み 年代=20代 かつ 興味=美容")],
)
def cross(desk: Desk, _pair: MaybeWords) -> None:
    """2つの項目をかけ合わせて人数を見る、いまのやり方を見ます。"""
    desk.say(
        "かけ合わせた表は、まだ作れません。人数は、絞り込みで1つずつ見られます。\n例：絞り込み 年代=20代 かつ 興味=美容",
        tap("絞り込み"),
        tap("全部書出"),
        tap("ホーム"),
        where="クロス",
    )


@elsewhere.command(
    "取込",
    alias=("とりこみ", "取り込み", "import"),
    examples=[("取込", "台本は、ここに貼り付ける")],
)
def bring_in(desk: Desk) -> None:
    """シナリオや友だちを、ほかから持ってくるやり方を見ます。"""
    desk.say(
        "台本は、ここに貼り付けるか、テキストのファイルで送ってください。下書きになります。\n"
        "友だちの一覧（CSV）は、サーバーの側から取り込みます。やり方は「友だちを移す」のページにあります。",
        tap("テンプレ"),
        tap("全部書出"),
        tap("ホーム"),
        where="取込",
    )
