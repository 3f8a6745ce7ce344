from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.catalog import Account, Catalog
from flows.messages import Text
from flows.names import clusters, cut, fit, fold, utf16_length
from flows.words import Filler, Form, clean, placeholders, problems, shown
from tests.families.people import NOW, entry, friend

CATALOG = Catalog(account=Account(base_url="https://shop.example/"))
SAKURA = friend(
    name="さくら",
    joined=NOW,
    route="インスタ",
    fields={
        fold("体験会"): entry("2026-11-25T10:00"),
        fold("誕生日"): entry("1990-04-01"),
        fold("来店日"): entry("2026-11-25"),
        fold("悩み"): entry("しみ"),
    },
    occasions={fold("予約"): NOW},
)
FILL = Filler(SAKURA, CATALOG, {fold("悩み"): "乾燥"}, {fold("予約"): "https://shop.example/l/1"})
NOBODY = Filler(friend(), CATALOG)


@pytest.mark.parametrize(
    ("body", "known", "unknown"),
    [
        ("{名前さん|お客様}、こんにちは", "さくらさん、こんにちは", "お客様、こんにちは"),
        (
            "{名前様|お客様}{名前ちゃん|あなた}{名前くん|君}{名前|皆様}",
            "さくら様さくらちゃんさくらくんさくら",
            "お客様あなた君皆様",
        ),
        ("｛名前さん｜お客様｝", "さくらさん", "お客様"),
        ("{名前さん｜お客様｝", "さくらさん", "お客様"),
        ("{体験会|未定}です", "11/25(水) 10:00です", "未定です"),
        ("{来店日|未定}", "11/25(水)", "未定"),
        ("{誕生日|お誕生日}", "1990/4/1", "お誕生日"),
        ("{回答:悩み|お悩み}の方へ", "乾燥の方へ", "お悩みの方へ"),
        ("{回答：ﾅﾔﾐ|お悩み}{悩み|？}", "お悩みしみ", "お悩み？"),
        ("{登録|最近}・{予約|未定}・{経路|どこか}", "11/20(金) 12:00・11/20(金) 12:00・インスタ", "最近・未定・どこか"),
        ("{来店|初めて}{購入|まだ}", "初めてまだ", "初めてまだ"),
        ("予約は {リンク:予約}", "予約は https://shop.example/l/1", "予約は "),
        ("{{名前さん|x} 100円 }", "{名前さん|x} 100円 }", "{名前さん|x} 100円 }"),
        ("｛お知らせ｝", "｛お知らせ｝", "｛お知らせ｝"),
        ("笑{絵文字:abc/001}", "笑", "笑"),
    ],
)
def test_what_is_known_is_filled_in_and_what_is_not_has_its_fallback(body: str, known: str, unknown: str) -> None:
    """Nobody ever reads 「さん、こんにちは」 or a bare brace."""
    assert problems(body) == ()
    assert FILL.text(body) == known
    assert NOBODY.text(body) == unknown


@pytest.mark.parametrize(
    ("body", "start", "end", "part"),
    [
        ("{名前さん}、こんにちは", 0, 6, "わからないときの言葉"),
        ("やあ{名前さん|}", 2, 9, "わからないときの言葉"),
        ("{回答:悩み}", 0, 7, "わからないときの言葉"),
        ("{", 0, 1, "差し込みとして読めません"),
        ("a{b", 1, 2, "差し込みとして読めません"),
        ("{名前\nさん|x}", 0, 1, "差し込みとして読めません"),
        ("{  |x}", 0, 6, "差し込みとして読めません"),
        ("{色:赤|x}", 0, 7, "差し込みとして読めません"),
        ("{絵文字:smile}", 0, 11, "絵文字として読めません"),
        ("｛名前さん｝{名前さん}", 6, 12, "わからないときの言葉"),
    ],
)
def test_what_cannot_be_filled_in_is_pointed_at(body: str, start: int, end: int, part: str) -> None:
    """A slip is found when the owner writes, not when her friends read."""
    (trouble,) = problems(body)
    assert (trouble.start, trouble.end) == (start, end)
    assert part in trouble.words


def test_at_most_twenty_emojis() -> None:
    """LINE refuses the twenty-first."""
    assert problems("{絵文字:a/1}" * 20) == ()
    assert "20個まで" in problems("{絵文字:a/1}" * 21)[0].words


HOSTILE = ["{項目|x}", "{{", "{0.__class__}", "%s", "$x", "｛名前さん｜x｝", "\\1", "{リンク:予約}", "{絵文字:abc/001}"]


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_filled_in_is_never_read_again(name: str) -> None:
    """A display name is data: it cannot ask for another friend's field, a link, or an emoji."""
    fill = Filler(replace(SAKURA, name=name, fields={fold("項目"): entry("秘密")}), CATALOG)
    assert fill.text("{名前さん|お客様}!") == f"{name}さん!"
    assert "emojis" not in Text(body="{名前さん|お客様}!").bubble(fill)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("さく\nら\r\n", "さく らさん"),
        ("\u202eらくさ\u200f", "らくささん"),
        ("\x00\x1b[31mさくら", "[31mさくらさん"),
        ("\ud800さくら", "さくらさん"),
        (" \u200b\u2060 ", "お客様"),
        ("田中さん", "田中さん"),
        ("あ" * 5000, "あ" * 40 + "…さん"),
        ("👩‍👩‍👧" * 50, "👩‍👩‍👧" * 40 + "…さん"),
    ],
)
def test_names_from_outside_are_made_harmless(name: str, said: str) -> None:
    """No line breaks, no control or direction characters, no walls of text; さん only once."""
    assert Filler(friend(name=name), CATALOG).text("{名前さん|お客様}") == said


@given(st.text(max_size=200))
def test_a_cleaned_text_is_short_and_can_be_sent(text: str) -> None:
    """Half a character would keep the whole message from being written."""
    cleaned = clean(text, 40)
    assert len(clusters(cleaned)) <= 41
    cleaned.encode()


def test_emojis_stand_at_their_places() -> None:
    """LINE wants the place of each $ in UTF-16 units, also behind what was filled in and behind other dollars."""
    bubble = Text(body="🍎{名前さん|x}$5{絵文字:5ac1/001}と{絵文字:5ac1/002}").bubble(FILL)
    assert bubble["text"] == "🍎さくらさん$5$と$"
    assert bubble["emojis"] == [
        {"index": 9, "productId": "5ac1", "emojiId": "001"},
        {"index": 11, "productId": "5ac1", "emojiId": "002"},
    ]
    for emoji in bubble["emojis"]:
        units = bubble["text"].encode("utf-16-le")
        assert units[emoji["index"] * 2 : emoji["index"] * 2 + 2] == "$".encode("utf-16-le")


def test_a_text_that_grew_too_long_is_cut_not_refused() -> None:
    """The body was checked, but an answer filled in may carry it over LINE's 5,000 units."""
    body = "あ" * 4990 + "{項目|x}" + "{絵文字:a/1}" * 3
    bubble = Text(body=body).bubble(Filler(friend(fields={fold("項目"): entry("🍎" * 30)}), CATALOG))
    assert utf16_length(bubble["text"]) <= 5000
    assert bubble["text"].endswith("🍎…")
    assert "emojis" not in bubble


def test_media_is_served_from_where_the_product_is_reached() -> None:
    """What was sent into the talk has `media:…` for its address."""
    assert FILL.address("media:7f") == "https://shop.example/media/7f"
    assert FILL.address("https://example.com/a.png") == "https://example.com/a.png"


@pytest.mark.parametrize(
    ("value", "name", "words"),
    [
        ("2026-11-25", "", "11/25(水)"),
        ("2026-11-25T10:05", "", "11/25(水) 10:05"),
        ("1990-04-01", "お誕生日", "1990/4/1"),
        ("2026-02-30", "", "2026-02-30"),
        ("25", "", "25"),
    ],
)
def test_dates_are_shown_as_people_write_them(value: str, name: str, words: str) -> None:
    """A record's ISO text is nothing to read."""
    assert shown(value, name) == words


_PIECES = st.sampled_from([*"{}｛｝|｜:：\n名", "名前さん", "お客様", "回答", "リンク", "絵文字", "a/1", "{{"])


@given(st.lists(_PIECES, max_size=12).map("".join))
def test_whatever_passes_the_check_is_filled_in(body: str) -> None:
    """What the check lets through leaves no half-width brace standing, but for those that were doubled."""
    if not problems(body):
        assert FILL.text(body).count("{") == body.count("{{")


def test_the_forms_are_told_apart() -> None:
    """Checks of unknown names need to know what is asked for."""
    found = placeholders("{名前さん|a}{肌|b}{回答:肌|c}{リンク:予約}{絵文字:a/1}")
    assert [(one.form, one.name, one.fallback) for one in found] == [
        (Form.NAME, "名前", "a"),
        (Form.FIELD, "肌", "b"),
        (Form.ANSWER, "肌", "c"),
        (Form.LINK, "予約", ""),
        (Form.EMOJI, "a/1", ""),
    ]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("abc", 3),
        ("👩‍👩‍👧", 1),
        ("🇯🇵🇫🇷", 2),
        ("👍🏽", 1),
        ("か\u3099", 1),
        ("ｶﾞ", 1),
        ("☀️", 1),
        ("1️⃣", 1),
        ("🇯", 1),
    ],
)
def test_characters_are_counted_as_people_see_them(text: str, count: int) -> None:
    """LINE counts a label's characters so; a family of three is one."""
    assert len(clusters(text)) == count
    assert "".join(clusters(text)) == text


def test_texts_are_shortened_between_characters() -> None:
    """A torn emoji is refused or shown as a box."""
    assert cut("あいうえお", 5) == "あいうえお"
    assert cut("あいうえおか", 5) == "あいうえ…"
    assert fit("🍎🍎🍎", 6) == "🍎🍎🍎"
    assert fit("🍎🍎🍎", 5) == "🍎🍎…"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ＶＩＰ", "vip"),
        ("アイウ", "あいう"),
        ("ｱｲｳ", "あいう"),
        ("a  b", " A b"),
        ("ヴ", "ゔ"),
        ("①", "1"),
        ("V\u200bIP", "vip"),
    ],
)
def test_spellings_of_one_name_have_one_key(one: str, other: str) -> None:
    """Width, case, kana kind and stray blanks make no difference."""
    assert fold(one) == fold(other)


@given(st.text(max_size=100))
def test_a_key_is_its_own_key(text: str) -> None:
    """A folded name folded again would otherwise be lost."""
    assert fold(fold(text)) == fold(text)
