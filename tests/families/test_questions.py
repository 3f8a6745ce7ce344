import json
from collections.abc import Sequence
from datetime import UTC, datetime
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest

from flows.names import clusters, utf16_length
from flows.questions import (
    QUESTIONS,
    Choice,
    Choices,
    Date,
    FreeText,
    Heard,
    Mail,
    Moment,
    Number,
    Option,
    Phone,
    Photo,
    Place,
    Prefecture,
    Question,
    Retry,
    Understood,
)
from flows.questions.prefectures import PREFECTURES, REGIONS

TOKYO = ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)  # Friday noon in Tokyo
SKIN = tuple(Option(label=label) for label in ("乾燥", "しみ", "はい・毛穴"))
OTHER = (*SKIN[:2], Option(label="その他", own_words=True))
YES_NO = (Option(label="はい"), Option(label="いいえ"))
COUNTS = (Option(label="2"), Option(label="1"), Option(label="3つ以上"))


def ask(
    kind: type[Question], options: Sequence[Option] = (), *, name: str = "項目", optional: bool = False
) -> Question:
    return kind(name=name, text="?", options=tuple(options), optional=optional)


def read(question: Question, text: str = "", chosen: tuple[int, ...] = (), **heard: object) -> Understood | str:
    """What was understood, or the sentence that asks again."""
    reading = question.read(Heard(text=text, **heard), NOW, TOKYO, chosen=chosen)  # type: ignore[arg-type]
    return reading.reason if isinstance(reading, Retry) else reading


def value(question: Question, text: str) -> str | None:
    reading = read(question, text)
    return None if isinstance(reading, str) else reading.value


@pytest.mark.parametrize(
    ("options", "text", "chosen"),
    [
        (SKIN, "乾燥", 0),
        (SKIN, " 乾燥。", 0),
        (SKIN, "乾燥です", 0),
        (SKIN, "シミ", 1),
        (SKIN, "はい毛穴", 2),
        (SKIN, "1", 0),
        (SKIN, "２", 1),
        (SKIN, "③", 2),
        (SKIN, "三", 2),
        (SKIN, "2番", 1),
        (SKIN, "2つ目です", 1),
        (SKIN, "4", None),
        (SKIN, "0", None),
        (SKIN, "かんそう", None),
        (SKIN, "", None),
        (COUNTS, "2", 0),
        (COUNTS, "1", 1),
        (COUNTS, "3", 2),
        (YES_NO, "yes", 0),
        (YES_NO, "うん", 0),
        (YES_NO, "いえ", 1),
        (YES_NO, "ハイ！", 0),
        (SKIN, "yes", None),
    ],
)
def test_a_choice_is_found_by_its_label_then_by_its_number(
    options: tuple[Option, ...], text: str, chosen: int | None
) -> None:
    """Whoever has no buttons can answer; a label that is a number wins over the number of a line."""
    reading = read(ask(Choice, options), text)
    if chosen is None:
        assert reading == "下から選んでください。番号でも答えられます。"
    else:
        assert reading == Understood(value=options[chosen].label, chosen=(chosen,))


def test_a_tap_chooses_and_a_stale_one_is_asked_again() -> None:
    """A button of an older version may stand for a choice that is gone."""
    assert read(ask(Choice, SKIN), choice=1) == Understood(value="しみ", chosen=(1,))
    assert isinstance(read(ask(Choice, SKIN), choice=9), str)
    assert isinstance(read(ask(Choices, SKIN), choice=9), str)


def test_other_asks_for_own_words_and_takes_any() -> None:
    """「その他（文字）」 is answered in two turns; another choice may still be taken instead."""
    question = ask(Choice, OTHER)
    assert read(question, "その他") == Understood(value="その他", chosen=(2,), open=True)
    assert "文字で" in str(question.ask("?", str, chosen=(2,))["text"])
    assert read(question, "肩がこる", chosen=(2,)) == Understood(value="肩がこる", chosen=(2,))
    assert read(question, "2", chosen=(2,)) == Understood(value="2", chosen=(2,))
    assert read(question, "乾燥", chosen=(2,)) == Understood(value="乾燥", chosen=(0,))
    assert read(question, choice=0, chosen=(2,)) == Understood(value="乾燥", chosen=(0,))
    assert read(question, "  ", chosen=(2,)) == "文字で送ってください。"


@pytest.mark.parametrize(
    ("chosen", "text", "after", "is_open"),
    [
        ((), "乾燥", (0,), True),
        ((0,), "しみ", (0, 1), True),
        ((0, 1), "乾燥", (1,), True),
        ((), "1 2", (0, 1), True),
        ((), "乾燥、しみ", (0, 1), True),
        ((), "乾燥としみ", (0, 1), True),
        ((), "１・２", (0, 1), True),
        ((1,), "1、2", (1, 0), True),
        ((0, 1), "決定", (0, 1), False),
        ((1, 0), "これで決定。", (1, 0), False),
    ],
)
def test_several_choices_are_gathered_until_it_is_enough(
    chosen: tuple[int, ...], text: str, after: tuple[int, ...], is_open: bool
) -> None:
    """Each word puts one in or takes it out; nothing is lost and nothing counted twice."""
    reading = read(ask(Choices, SKIN), text, chosen=chosen)
    assert isinstance(reading, Understood)
    assert (reading.chosen, reading.open) == (after, is_open)
    assert reading.value == "、".join(SKIN[number].label for number in sorted(after))


def test_nothing_chosen_is_an_answer_only_where_it_may_be() -> None:
    """決定 with empty hands is asked about."""
    assert read(ask(Choices, SKIN), done=True) == "1つ以上選んでください。番号でも答えられます。"
    assert read(ask(Choices, SKIN, optional=True), done=True) == Understood(value="")
    assert isinstance(read(ask(Choices, SKIN), "しみと肩こり"), str)


def test_several_choices_may_end_in_own_words() -> None:
    """Own words come last, whenever その他 was tapped."""
    question = ask(Choices, OTHER)
    assert read(question, "肩こり", chosen=(0, 2)) == Understood(value="乾燥、肩こり", chosen=(0, 2))
    assert read(question, done=True, chosen=(2, 0)) == Understood(value="乾燥、その他", chosen=(0, 2), open=True)
    assert read(question, done=True, chosen=(0, 2)) == Understood(value="乾燥、その他", chosen=(0, 2))
    assert read(question, "しみ", chosen=(0, 2)) == Understood(value="乾燥、しみ、その他", chosen=(0, 2, 1), open=True)


@pytest.mark.parametrize(
    ("kind", "value", "chosen", "own"),
    [
        (Choices, "乾燥、肩こり", (0, 2), "肩こり"),
        (Choices, "乾燥、しみ、い、ろ", (1, 0, 2), "い、ろ"),
        (Choices, "肩こり", (2,), "肩こり"),
        (Choices, "乾燥、その他", (0, 2), ""),
        (Choices, "乾燥、しみ", (0, 1), ""),
        (Choice, "肩こり", (2,), "肩こり"),
        (Choice, "乾燥", (0,), ""),
        (Choice, "", (), ""),
    ],
)
def test_own_words_are_told_from_choices(kind: type, value: str, chosen: tuple[int, ...], own: str) -> None:
    """悩み=乾燥 must find whoever chose it, whatever else she wrote beside it."""
    assert ask(kind, OTHER).own_words(value, chosen) == own


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *(("25", "25"), ("２５", "25"), ("二十五", "25"), ("二五", "25"), ("25歳", "25"), ("約30人です。", "30")),
        *(("2万5千", "25000"), ("千", "1000"), ("百二十三万", "1230000"), ("1,000円", "1000"), ("３．５０", "3.5")),
        *(("-3", "-3"), ("マイナス３", "-3"), ("−3", "-3"), ("+5", "5"), ("0", "0"), ("-0", "0"), ("007", "7")),
        *(("〇", "0"), ("10%", "10"), ("一億", "100000000"), ("十", "10"), ("二千二十六年", "2026")),
        *(("20〜30", None), ("10-20", None), ("20、30", None), ("たくさん", None), ("", None), ("1/2", None)),
        *(("1,00", None), ("9" * 5000, None), ("十" + "9" * 4999, None), ("1.2.3", None), ("3時15分", None)),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, number: str | None) -> None:
    """Kanji and full width are numbers, too; two numbers are none."""
    assert value(ask(Number), text) == number


@pytest.mark.parametrize(
    ("text", "day"),
    [
        *(("2026/11/25", "2026-11-25"), ("2026年11月25日", "2026-11-25"), ("２０２６－１１－２５", "2026-11-25")),
        *(
            ("11/25", "2026-11-25"),
            ("11月25日(水)", "2026-11-25"),
            ("11月25日水曜日", "2026-11-25"),
            ("11.25", "2026-11-25"),
        ),
        *(("11/20", "2026-11-20"), ("11/19", "2027-11-19"), ("三月十日です", "2027-03-10"), ("20261125", "2026-11-25")),
        *(("令和8年11月25日", "2026-11-25"), ("令和元年五月一日", "2019-05-01"), ("R8.11.25", "2026-11-25")),
        *(("平成2年4月1日", "1990-04-01"), ("h2/4/1", "1990-04-01"), ("昭和55年3月3日生まれ", "1980-03-03")),
        *(("二〇二六年十一月二十五日", "2026-11-25"), ("今日", "2026-11-20"), ("あした", "2026-11-21")),
        *(("明後日です", "2026-11-22"), ("一昨日", "2026-11-18"), ("土曜", "2026-11-21"), ("次の金曜日", "2026-11-27")),
        *(("来週の月曜", "2026-11-23"), ("3日後", "2026-11-23"), ("二週間後", "2026-12-04"), ("2/29", "2028-02-29")),
        *(("90/4/1", None), ("いつでも", None), ("", None), ("1899/12/31", None), ("2101/1/1", None), ("11", None)),
    ],
)
def test_dates_are_read_as_people_write_them(text: str, day: str | None) -> None:
    """Eras, kanji, weekdays and plain words; a date without a year is the next one."""
    assert value(ask(Date), text) == day


@pytest.mark.parametrize("text", ["2月30日", "2026/2/29", "令和7年2月29日", "13/1", "4月31日"])
def test_a_day_that_does_not_exist_is_named_and_asked_again(text: str) -> None:
    """2月30日 is answered kindly, never taken for 3月2日."""
    reading = read(ask(Date), text)
    assert isinstance(reading, str)
    assert "という日はカレンダーにない" in reading


def test_a_birthday_without_a_year_lies_behind_us() -> None:
    """Nobody is born next spring."""
    birthday = ask(Date, name="誕生日")
    assert value(birthday, "4/1") == "2026-04-01"
    assert value(birthday, "12/24") == "2025-12-24"
    picker = birthday.ask("?", str)["quickReply"]["items"][0]["action"]
    assert (picker["mode"], picker["initial"]) == ("date", "1990-01-01")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        *(("11/25 10:00", "2026-11-25T10:00"), ("11月25日14時30分", "2026-11-25T14:30")),
        *(("明日の朝10時半", "2026-11-21T10:30"), ("土曜10時", "2026-11-21T10:00"), ("午後3時", "2026-11-20T15:00")),
        *(("11:00", "2026-11-21T11:00"), ("12:00", "2026-11-20T12:00"), ("夜8時ごろ", "2026-11-20T20:00")),
        *(("今日の正午", "2026-11-20T12:00"), ("1990/4/1 0:00", "1990-04-01T00:00"), ("4/1 0:00", "2027-04-01T00:00")),
        *(
            ("１１／２５　１０：００", "2026-11-25T10:00"),
            ("午前12時", "2026-11-21T00:00"),
            ("昼1時", "2026-11-20T13:00"),
        ),
        *(("11/25 3:30 PM", "2026-11-25T15:30"), ("明日 10時 です。", "2026-11-21T10:00")),
        *(("明日", None), ("25時", None), ("10時70分", None), ("そのうち", None), ("2/30 10時", None)),
    ],
)
def test_moments_are_read_as_people_write_them(text: str, moment: str | None) -> None:
    """A day and a clock time, in one breath, in the shop's zone."""
    assert value(ask(Moment), text) == moment


def test_what_a_picker_sends_is_taken_and_anything_else_is_not() -> None:
    """A picked time has no zone: the shop's is meant. The data comes from outside."""
    assert read(ask(Date), picked="2026-11-25") == Understood(value="2026-11-25")
    assert read(ask(Moment), picked="2026-11-25T10:00") == Understood(value="2026-11-25T10:00")
    assert isinstance(read(ask(Date), picked="2026-02-30"), str)
    assert isinstance(read(ask(Moment), picked="x"), str)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        *(("hana@example.com", "hana@example.com"), ("ｈａｎａ＠ｅｘａｍｐｌｅ．ｃｏｍ", "hana@example.com")),
        *(
            (" Hana.S+1@mail.example.co.jp ", "Hana.S+1@mail.example.co.jp"),
            ("a..b.@docomo.ne.jp", "a..b.@docomo.ne.jp"),
        ),
        *(("hana", None), ("hana@", None), ("@example.com", None), ("hana@example", None), ("a@b@c.jp", None)),
        *(
            ("hana@-example.com", None),
            ("はな@example.com", None),
            ("a" * 250 + "@b.jp", None),
            ("hana@example.com.", None),
        ),
    ],
)
def test_mail_addresses_that_could_exist(text: str, address: str | None) -> None:
    """An e-mail without @ is asked again; the odd addresses of Japanese carriers are not."""
    assert value(ask(Mail), text) == address


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        *(("090-1234-5678", "09012345678"), ("０９０１２３４５６７８", "09012345678"), ("03(1234)5678", "0312345678")),
        *(("+81 90 1234 5678", "09012345678"), ("0081-3-1234-5678", "0312345678"), ("0120-123-456", "0120123456")),
        *(("０９０ー１２３４ー５６７８です", "09012345678"), ("0800-123-4567", "08001234567")),
        *(
            ("090-1234-567", None),
            ("1234-5678", None),
            ("110", None),
            ("090-1234-56789", None),
            ("なし", None),
            ("", None),
        ),
    ],
)
def test_japanese_telephone_numbers(text: str, digits: str | None) -> None:
    """Ten digits, or eleven for mobiles; hyphens and country code make no difference."""
    assert value(ask(Phone), text) == digits


@pytest.mark.parametrize(
    ("text", "name"),
    [
        *(
            ("東京", "東京都"),
            ("東京都", "東京都"),
            ("東京都港区1-2", "東京都"),
            ("とうきょうと", "東京都"),
            ("京都", "京都府"),
        ),
        *(
            ("北海道", "北海道"),
            ("ホッカイドウ", "北海道"),
            ("大阪です。", "大阪府"),
            ("神奈川", "神奈川県"),
            (" 青 森 ", "青森県"),
        ),
        *(("横浜", None), ("県", None), ("都", None), ("", None), ("京", None)),
    ],
)
def test_prefectures_with_and_without_their_ending(text: str, name: str | None) -> None:
    """東京 is 東京都, and 京都 is not part of it."""
    assert value(ask(Prefecture), text) == name


def test_prefectures_are_tapped_by_region() -> None:
    """47 do not fit on thirteen buttons; each region does."""
    question = ask(Prefecture, optional=True)
    assert len(PREFECTURES) == 47
    seen: list[str] = []
    for page, names in enumerate(REGIONS.values(), 1):
        labels = [item["action"]["label"] for item in question.ask("?", str, page=page)["quickReply"]["items"]]
        assert labels == [*names, "ほかの地方", "飛ばす"]
        seen += names
    assert tuple(seen) == PREFECTURES
    assert read(question, choice=12) == Understood(value="東京都")


def test_things_are_sent_not_written() -> None:
    """A photo is a photo; a place may be written where there is no map."""
    assert read(ask(Photo), what="image", media="media:7") == Understood(value="media:7")
    assert read(ask(Photo), "あとで") == "写真を送ってください。"
    assert read(ask(Photo), what="sticker") == "写真を送ってください。"
    assert read(ask(Place), "港区（35.6,139.7）", what="location") == Understood(value="港区（35.6,139.7）")
    assert read(ask(Place), "港区芝公園") == Understood(value="港区芝公園")
    assert isinstance(read(ask(Place), what="image"), str)
    assert read(ask(FreeText), " 一行目\n二行目 ") == Understood(value=" 一行目\n二行目 ")
    assert read(ask(FreeText), what="sticker") == "文字で送ってください。"


@pytest.mark.parametrize("kind", QUESTIONS)
def test_only_what_is_optional_can_be_skipped(kind: type[Question]) -> None:
    """「飛ばす」 is said by button and by word, and nobody is stuck at a required question without a hint."""
    options = SKIN if kind.has_options else ()
    optional, required = ask(kind, options, optional=True), ask(kind, options)
    for heard in (Heard(skip=True), Heard(text="スキップ")):
        assert optional.read(heard, NOW, TOKYO) == Understood(value="")
        refused = required.read(heard, NOW, TOKYO)
        assert isinstance(refused, Retry)
        assert refused.reason.endswith(kind.retry)
    bubble = optional.ask("どうぞ", str)
    assert bubble["quickReply"]["items"][-1]["action"]["data"] == "skip"
    assert "「飛ばす」" in bubble["text"]
    assert "飛ばす" not in json.dumps(required.ask("どうぞ", str), ensure_ascii=False)


@pytest.mark.parametrize("kind", QUESTIONS)
@pytest.mark.parametrize("count", [2, 11, 12, 13, 14, 25, 40])
@pytest.mark.parametrize("optional", [True, False])
def test_what_is_asked_keeps_to_line_s_limits(kind: type[Question], count: int, optional: bool) -> None:
    """Thirteen buttons, twenty characters on each, 300 of data: or LINE refuses the whole message."""
    options = [Option(label=f"とても長い名前の選択肢その{number}番です👩‍👩‍👧") for number in range(count)]
    question = ask(kind, options if kind.has_options else (), optional=optional)
    reached = set()
    for page in range(6):
        bubble = question.ask("?", lambda verb: f"q/{verb}", chosen=(0, 1) if kind is Choices else (), page=page)
        items = bubble.get("quickReply", {"items": [None]})["items"]
        assert 1 <= len(items) <= 13
        assert utf16_length(bubble["text"]) <= 5000
        for action in (item["action"] for item in items if item):
            assert len(clusters(action["label"])) <= 20
            reached.add(action.get("data"))
    if kind.has_options:
        assert {f"q/c{number}" for number in range(count)} <= reached


def test_choices_are_numbered_under_the_question() -> None:
    """On a PC there are no buttons: the text alone must be enough."""
    bubble = ask(Choice, SKIN).ask("どれですか?", str)
    assert bubble["text"] == "どれですか?\n\n1 乾燥\n2 しみ\n3 はい・毛穴"
    first = bubble["quickReply"]["items"][0]["action"]
    assert first == {"type": "postback", "label": "乾燥", "data": "c0", "displayText": "乾燥"}
    many = ask(Choices, SKIN).ask("どれですか?", str, chosen=(1,))
    assert "2 しみ ✓" in many["text"]
    assert [item["action"]["label"] for item in many["quickReply"]["items"]] == [
        "これで決定",
        "乾燥",
        "✓しみ",
        "はい・毛穴",
    ]


def test_many_choices_turn_pages() -> None:
    """The first page lists them all; the buttons come in portions, with ways back and forth, and room for 戻る, やめる."""
    options = [Option(label=f"店{number}") for number in range(1, 31)]
    question = ask(Choice, options)
    pages = [
        [item["action"]["label"] for item in question.ask("?", str, page=p)["quickReply"]["items"]] for p in range(4)
    ]
    assert pages[0] == [*(f"店{n}" for n in range(1, 10)), "次へ"]
    assert pages[1] == [*(f"店{n}" for n in range(10, 19)), "前へ", "次へ"]
    assert pages[3] == [*(f"店{n}" for n in range(28, 31)), "前へ"]
    assert max(map(len, pages)) + 2 <= 13
    assert "30 店30" in question.ask("?", str)["text"]
    assert question.ask("?", str, page=2)["text"].splitlines()[2] == "19 店19"


HOSTILE = [
    *("a" * 4999 + "!", "!" * 4999 + "a", "9" * 5000, "十" + "9" * 4990, "a@" * 2500, "1 " * 2500, "一" * 5000),
    *(
        "、" * 5000,
        "\x00" * 100,
        "\ud800x",
        "11/" * 1600,
        "(月" * 2500,
        "0" * 2500 + "-" * 2500,
        "\u202e2",
        "{0.__class__}",
    ),
]


@pytest.mark.parametrize("kind", QUESTIONS)
def test_hostile_words_are_only_words_and_cost_no_time(kind: type[Question]) -> None:
    """Whatever a friend types is data, and read in a blink."""
    question = ask(kind, SKIN if kind.has_options else ())
    for text in HOSTILE:
        began = perf_counter()
        reading = question.read(Heard(text=text), NOW, TOKYO)
        assert perf_counter() - began < 1
        assert isinstance(reading, Retry) or kind in {FreeText, Place}


def test_every_kind_has_its_own_word_in_a_script() -> None:
    """The script names a kind by its title, and the record by its kind."""
    assert [kind.title for kind in QUESTIONS] == (
        ["1つ", "いくつでも", "文字", "数字", "日付", "日時", "メール", "電話", "都道府県", "写真", "場所"]
    )
    assert len({kind.kind for kind in QUESTIONS}) == len(QUESTIONS)
