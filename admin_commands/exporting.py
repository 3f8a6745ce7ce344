"""全部書出: everything the shop has, as files for a PC."""

from __future__ import annotations

from admin_commands.desk import CommandError, Desk
from admin_commands.registry import Family
from admin_commands.screens import tap, text_bubble
from flows.catalog import Role

exporting = Family(name="履歴", about="全部書出")
FILES = (
    ("friends", "友だち（タグ・点数・項目・メモ）（表計算で開けます）"),
    ("answers", "答え（表計算で開けます）"),
    ("sends", "送ったもの（1人につき新しい40件まで）（表計算で開けます）"),
    ("all", "全部（台本・設定・友だち）　控え用"),
)


@exporting.command(
    "全部書出",
    alias=("ぜんぶかきだし", "全部書き出し", "exportall"),
    needs=Role.OWNER,
    examples=[("全部書出", "1回だけ")],
)
def export_all(desk: Desk) -> None:
    """友だち・答え・送ったもの・全部の控えを、パソコンで受け取るリンクを出します（30分・1回だけ）。"""
    links = [(title, desk.reports.download(kind, desk.me)) for kind, title in FILES]
    if not all(link for _, link in links):
        raise CommandError(
            "リンクを出すには、外から見えるアドレスが要ります。サーバーの設定 PUBLIC_URL に https:// で始まるアドレスを入れてください。",
            tap("診断"),
            tap("ホーム"),
        )
    desk.put(text_bubble("\n\n".join(f"■{title}\n{link}" for title, link in links)))
    desk.say(
        "リンクはそれぞれ1回だけ、30分のあいだ使えます。開いて［受け取る］を押すと、ファイルが届きます。\n"
        "⚠ 友だちの個人情報が入っています。人に送らず、使い終わったら消してください。",
        tap("もう一度出す", "全部書出"),
        tap("履歴"),
        tap("ホーム"),
        where="全部書出",
    )
