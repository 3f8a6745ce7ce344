"""結果 of a survey: how often each question was put, under whatever name it had, and where most leave."""

from tests.console.shop import shop
from tests.console.world import Phone


def phone() -> Phone:
    """Each of the sixty days counted the same."""
    made = shop()
    counts = {"年代": 30, "気になること": 28, "メール": 20, "誕生日": 19}
    made.reports.counted = {
        "asked": {f"{name}\t肌診断": times for name, times in counts.items()} | {"年代\tほか": 99},
        "survey_finished": {"肌診断": 15},
    }
    return made


def test_each_question_is_shown_with_how_often_it_was_put() -> None:
    one = phone()
    text = one.say("結果 肌診断")
    assert "始めた 1,800回・最後まで 900回" in text
    chart = one.shown[0]["altText"]
    assert "2　気になること" in chart
    assert "1,680回（93%）" in chart
    assert "いちばん離れたのは「気になること」（480回）" in chart


def test_a_question_under_another_name_keeps_its_counts() -> None:
    one = phone()
    one.say("項目名変更 メール 連絡先")
    one.tap("変える")
    one.say("結果 肌診断")
    assert "3　連絡先" in one.shown[0]["altText"]
    assert "1,200回（67%）" in one.shown[0]["altText"]


def test_an_unknown_name_is_asked_about_and_never_guessed() -> None:
    text = phone().say("結果 はだしんだ")
    assert "ありません" in text
