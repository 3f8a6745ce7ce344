"""The 47 prefectures of Japan by region, with their readings."""

from __future__ import annotations

from flows.names import Key, fold
from flows.questions.numerals import plain

_TABLE = """
北海道・東北 北海道/ほっかいどう 青森県/あおもり 岩手県/いわて 宮城県/みやぎ 秋田県/あきた 山形県/やまがた 福島県/ふくしま
関東 茨城県/いばらき 栃木県/とちぎ 群馬県/ぐんま 埼玉県/さいたま 千葉県/ちば 東京都/とうきょう 神奈川県/かながわ
中部 新潟県/にいがた 富山県/とやま 石川県/いしかわ 福井県/ふくい 山梨県/やまなし 長野県/ながの 岐阜県/ぎふ 静岡県/しずおか 愛知県/あいち
近畿 三重県/みえ 滋賀県/しが 京都府/きょうと 大阪府/おおさか 兵庫県/ひょうご 奈良県/なら 和歌山県/わかやま
中国 鳥取県/とっとり 島根県/しまね 岡山県/おかやま 広島県/ひろしま 山口県/やまぐち
四国 徳島県/とくしま 香川県/かがわ 愛媛県/えひめ 高知県/こうち
九州・沖縄 福岡県/ふくおか 佐賀県/さが 長崎県/ながさき 熊本県/くまもと 大分県/おおいた 宮崎県/みやざき 鹿児島県/かごしま 沖縄県/おきなわ
"""
_ROWS = [line.split() for line in _TABLE.strip().splitlines()]

REGIONS: dict[str, tuple[str, ...]] = {row[0]: tuple(entry.split("/")[0] for entry in row[1:]) for row in _ROWS}
"""Region → prefectures, from north to south; seven to nine in each."""

PREFECTURES: tuple[str, ...] = tuple(name for names in REGIONS.values() for name in names)
"""All 47, from north to south; a button's number is the place in this list."""


def prefecture(text: str) -> str | None:
    """The prefecture that is meant, or in which the written address lies; None if none is."""
    said = fold(plain(text))
    if said in _SPELLINGS:
        return _SPELLINGS[said]
    return next((name for name in PREFECTURES if said.startswith(name)), None)


def _spellings(name: str, reading: str) -> list[str]:
    if name == "北海道":
        return [name, "北海", reading]
    ending = {"都": "と", "府": "ふ", "県": "けん"}[name[-1]]
    return [name, name[:-1], reading, reading + ending]


_SPELLINGS: dict[Key, str] = {
    fold(spelling): name
    for row in _ROWS
    for name, reading in (entry.split("/") for entry in row[1:])
    for spelling in _spellings(name, reading)
}
