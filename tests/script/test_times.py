"""How people write when."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from flows.moments import AfterSend, AroundDate, AroundMoment, AtOnce, NextWeekday, OnDate, OnDay
from flows.script import Problem, parse_moment, parse_when

TOKYO = ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)  # Friday, 11:00 in Tokyo


def when(text):
    return parse_when(text, NOW, TOKYO)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("すぐ", "すぐ"),
        ("３０分後", "30分後"),
        ("2日後　１９：００", "2日後 19:00"),
        ("2日後の夜7時", "2日後 19:00"),
        ("2日後19時半", "2日後 19:30"),
        ("翌日 朝8時5分", "翌日 8:05"),
        ("翌々日 昼1時", "翌々日 13:00"),
        ("1日後 昼11時", "1日後 11:00"),
        ("当日 夕方5時", "当日 17:00"),
        ("2ヶ月後 午後3時", "2か月後 15:00"),
        ("次の土曜日の10時", "次の土曜日 10:00"),
        ("12/24 18時", "2026/12/24 18:00"),
        ("11/20 12:00", "2026/11/20 12:00"),
        ("11/19 12:00", "2027/11/19 12:00"),
        ("2/29 10:00", "2028/2/29 10:00"),
        ("12/24(木) 18:00", "2026/12/24 18:00"),
        ("2026年12月24日 18:00", "2026年12月24日 18:00"),
        ("2020/1/1 9:00", "2020/1/1 9:00"),
        ("体験会の当日の8:00", "体験会の当日 8:00"),
        ("予約 の 3日前 の 19:00", "予約の3日前 19:00"),
        ("予約から2週間後 10:00", "予約から2週間後 10:00"),
        ("予約の朝9時", "予約の 9:00"),
        ("予約の2時間前", "予約の2時間前"),
        ("ママの会の前日 18:00", "ママの会の前日 18:00"),
        ("「2日後」の前日 18:00", "「2日後」の前日 18:00"),
        ("毎年登録の当日 9:00", "毎年登録の当日 9:00"),
    ],
)
def test_it_is_understood_and_kept_in_normal_form(text: str, words: str) -> None:
    """What is echoed is what was meant; echoing it again changes nothing."""
    found = when(text)
    assert not isinstance(found, Problem), found.sentence()
    assert found.words == words
    assert when(words) == found


def test_the_meaning_behind_the_words() -> None:
    """Each form is its own kind, so that the engine need not read words."""
    assert isinstance(when("すぐ"), AtOnce)
    assert when("30分後") == AfterSend(delay=timedelta(minutes=30), words="30分後")
    assert when("3週間後 10:00") == OnDay(days=21, clock=time(10), words="3週間後 10:00")
    assert when("次の日曜 10:00") == NextWeekday(weekday=6, clock=time(10), words="次の日曜 10:00")
    assert when("予約の前日 18:00") == AroundDate(base="予約", days=-1, clock=time(18), words="予約の前日 18:00")
    assert when("来店の2時間後") == AroundMoment(base="来店", offset=timedelta(hours=2), words="来店の2時間後")
    assert isinstance(when("12/24 18:00"), OnDate)


def test_birthdays_come_every_year() -> None:
    """Nobody writes 毎年誕生日, and everybody means it."""
    assert when("誕生日の当日 10:00").yearly
    assert when("毎年登録の当日 9:00").yearly
    assert not when("登録の当日 9:00").yearly


@pytest.mark.parametrize("hour", range(1, 12))
@pytest.mark.parametrize("part", ["午後", "夕方", "夜"])
def test_the_second_half_of_the_day_adds_twelve(part: str, hour: int) -> None:
    """夜7時 is 19:00."""
    assert when(f"翌日 {part}{hour}時").clock == time(hour + 12)


@pytest.mark.parametrize(
    ("text", "column", "said"),
    [
        ("2日後", 4, "何時に"),
        ("翌日", 3, "何時に"),
        ("2日後 25:00", 5, "という時刻はありません"),
        ("2日後 19:60", 5, "という時刻はありません"),
        ("翌日 夜12時", 4, "2とおり"),
        ("明日の朝9時", 1, "「翌日 9:00」でしょうか"),
        ("明日 9:00", 1, "「翌日 9:00」でしょうか"),
        ("来週の2時間前", 1, "「1週間後 10:00」でしょうか"),
        ("翌日 午前13時", 4, "という時刻はありません"),
        ("2027/2/29 10:00", 1, "という日はありません"),
        ("13/1 10:00", 1, "という日はありません"),
        ("12/24(金) 18:00", 1, "木曜日です"),
        ("11/20 9:00", 1, "もう過ぎています"),
        ("99999日後 10:00", 1, "までの数"),
        ("あした 10:00", 1, "「翌日 10:00」でしょうか"),
        ("2日後 19:00 頃", 12, "余分"),
        ("", 1, "書かれていません"),
    ],
)
def test_what_cannot_be_meant_is_asked_about(text: str, column: int, said: str) -> None:
    """A wrong time is never guessed."""
    found = when(text)
    assert isinstance(found, Problem)
    assert said in found.sentence()
    assert found.column in {column, column - 1}


def test_a_field_called_like_a_day_is_quoted() -> None:
    """明日 counts from today, a step from the day each friend entered: bare, it would be refused when read back."""
    assert when("「明日」の前日 9:00").words == "「明日」の前日 9:00"


@pytest.mark.parametrize("text", ["2日後", "翌日", "土曜", "明日"])
def test_a_day_without_a_clock_offers_clocks(text: str) -> None:
    """One tap answers the question."""
    found = parse_moment(text, NOW, TOKYO)
    assert isinstance(found, Problem)
    assert [mend.becomes for mend in found.mends] == [f"{text} 19:00", f"{text} 10:00"]


@pytest.mark.parametrize(
    ("text", "local"),
    [
        ("今から", "2026-11-20 11:00"),
        ("今日19時", "2026-11-20 19:00"),
        ("明日9時", "2026-11-21 09:00"),
        ("土曜10時", "2026-11-21 10:00"),
        ("金曜 12:00", "2026-11-20 12:00"),
        ("金曜 10:00", "2026-11-27 10:00"),
        ("次の金曜 12:00", "2026-11-27 12:00"),
        ("8/10 20時", "2027-08-10 20:00"),
        ("30分後", "2026-11-20 11:30"),
        ("2日後 10:00", "2026-11-22 10:00"),
    ],
)
def test_moments_on_the_calendar(text: str, local: str) -> None:
    """A broadcast goes when its owner said."""
    found = parse_moment(text, NOW, TOKYO)
    assert not isinstance(found, Problem), found.sentence()
    assert found.astimezone(TOKYO).strftime("%Y-%m-%d %H:%M") == local
    assert found.tzinfo is UTC or found == NOW


@pytest.mark.parametrize("text", ["今日 9:00", "2020/1/1 10:00", "予約の前日 10:00", "いつか"])
def test_a_moment_that_is_past_or_no_moment_is_asked_about(text: str) -> None:
    """Nothing is moved silently to another day."""
    assert isinstance(parse_moment(text, NOW, TOKYO), Problem)
