"""Whole scripts as thumbs type them, and what is said about those that do not read."""

from datetime import timedelta

import pytest

from flows.catalog import Catalog, Entry
from flows.messages import Audio, Image, Sticker, Video
from flows.names import fold
from flows.scenario import Ask, If, Say, Scenario, Survey, Wait
from flows.script import Problems, Script, mended, read, write
from flows.script.lines import Kind, classify, protected
from tests.script.plans import NOW

HEAD = "# シナリオ 新規様\n"
EMPTY = Catalog()


def plan_of(text: str):
    script = read(text, Catalog(), NOW)
    assert isinstance(script, Script), script.sentence()
    return script.plan


def problems_of(text: str, catalog: Catalog = EMPTY):
    found = read(text, catalog, NOW)
    assert isinstance(found, Problems)
    return found.problems


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("＃シナリオ　新規様", Kind.HEAD),
        ("#タグ", Kind.TEXT),
        ("#シナリオ", Kind.TEXT),
        ("# お知らせ", Kind.ODD),
        ("#道 保湿", Kind.PATH),
        ("＃＃２日後　１９：００", Kind.STEP),
        ("########", Kind.TEXT),
        ("目的：温める", Kind.SETTING),
        ("営業時間: 10時から", Kind.TEXT),
        ("---", Kind.NEXT),
        ("－－－", Kind.NEXT),
        ("—-", Kind.NEXT),
        ("----", Kind.TEXT),
        ("——", Kind.TEXT),
        ("ーーー", Kind.TEXT),
        ("--", Kind.ODD),
        ("- 乾燥", Kind.CHOICE),
        ("-乾燥→タグ 乾燥", Kind.CHOICE),
        ("ー 乾燥", Kind.CHOICE),
        ("ー乾燥 → タグ 乾燥", Kind.TEXT),
        ("-5%OFF", Kind.TEXT),
        ("-5%OFF \\→ お得", Kind.TEXT),
        ("・乾燥", Kind.TEXT),
        ("-> こちら", Kind.TEXT),
        ("？ 悩み（1つ）", Kind.QUESTION),
        ("?悩み（1つ）", Kind.QUESTION),
        ("?悩み（なにか）", Kind.TEXT),
        ("？？", Kind.TEXT),
        ("＝タグ 乾燥", Kind.EFFECT),
        ("=====", Kind.TEXT),
        ("！[店](https://example.com/a.jpg)", Kind.MEDIA),
        ("！！", Kind.TEXT),
        ("!写真(https://example.com/a.jpg)", Kind.ODD),
        ("もし：全員", Kind.IF),
        ("もしよければ", Kind.TEXT),
        ("ちがえば：", Kind.ELSE),
        ("ちがえば", Kind.ODD),
        ("おわり", Kind.END),
        ("おわりに", Kind.TEXT),
        ("ＡＢ：50/50", Kind.SPLIT),
        ("案Ａ：", Kind.VARIANT),
        ("■営業時間", Kind.TEXT),
        ("＼限定／", Kind.TEXT),
    ],
)
def test_every_line_has_one_kind(line: str, kind: Kind) -> None:
    """What is a marker and what is text is told from the line alone."""
    assert classify(line).kind is kind


@pytest.mark.parametrize(
    ("line", "sent"),
    [
        ("\\おわり", "おわり"),
        ("\\\\おわり", "\\おわり"),
        ("\\\\\\おわり", "\\\\おわり"),
        ("\\ありがとう", "\\ありがとう"),
        ("\\", "\\"),
        ("＼おわり", "おわり"),
        ("＼# 限定／", "＼# 限定／"),
        ("\\---", "---"),
        ("\\#タグ", "\\#タグ"),
    ],
)
def test_a_backslash_protects_a_marker_and_nothing_else(line: str, sent: str) -> None:
    """The owner can send any line there is."""
    read_line = classify(line)
    assert (read_line.kind, read_line.text) == (Kind.TEXT, sent)
    assert classify(protected(sent)).text == sent


def test_what_a_phone_and_a_word_processor_make_of_it() -> None:
    """Full-width forms, missing blanks, other arrows and line breaks, a code fence: all are the same script."""
    pasted = (
        "\ufeff\n```\n＃シナリオ　新規様\r\n目的：温める\u2028起点：友達追加\x0b＃＃すぐ\r　こんにちは \u200b \r\n\r\nまた\n—-\n"
        "！[店内]（https://example.com/a.jpg）\n##12/24 １８時\n？悩み（1つ、任意）\nどれ？\nー 乾燥⇒＋１点，タグ　乾燥\n-しみ➡️道 A\n"
        "ー その他（文字）\n- 反応なし -> 終わる\n待つ：反応 2 日\n#道 A\n＃＃翌日の朝9時 ※タグ　乾燥\nはい\n```\n\n"
    )
    assert write(plan_of(pasted)) == (
        "# シナリオ 新規様\n目的: 温める\n開始: 友だち追加\n\n## すぐ\n　こんにちは\n\nまた\n---\n![店内](https://example.com/a.jpg)\n\n"
        "## 2026/12/24 18:00\n? 悩み（1つ、任意）\nどれ？\n- 乾燥 → +1点、タグ 乾燥\n- しみ → 道 A\n- その他（文字）\n"
        "- 反応なし → 終わる\n待つ: 反応 2日\n\n# 道 A\n## 翌日 9:00 ※タグ 乾燥\nはい\n"
    )


def test_the_parts_of_a_body() -> None:
    """Each marker becomes the thing it stands for."""
    plan = plan_of(
        HEAD + "## すぐ\n!動画(https://example.com/a.mp4)\n!音声(media:x 12.5秒)\n!スタンプ(446/1988)\n![](media:y)\n"
        "## 翌日 9:00\nもし: 全員\nA\n? q（文字）\nどう？\nちがえば:\n不明なら:\nB\nおわり\n"
        "## 翌日 10:00\n待つ: [予約] 3日\n- 反応なし → 終わる\n## 翌日 11:00\nまたね"
    )
    assert isinstance(plan, Scenario)
    first, second, third, _ = plan.lines[0].steps
    assert [item.message for item in first.body if isinstance(item, Say)] == [
        Video(url="https://example.com/a.mp4"),
        Audio(url="media:x", milliseconds=12_500),
        Sticker(package="446", number="1988"),
        Image(url="media:y"),
    ]
    (branch,) = second.body
    assert isinstance(branch, If)
    assert isinstance(branch.then[1], Ask)
    assert branch.otherwise == ()
    assert branch.unknown is not None
    (waiting,) = third.body
    assert isinstance(waiting, Wait)
    assert (waiting.link, waiting.limit) == ("予約", timedelta(days=3))


def test_between_two_bubbles_there_is_a_bar_and_nowhere_else() -> None:
    """The export shows where bubbles part, however the script was typed."""
    plan = plan_of(HEAD + "## すぐ\n---\nA\n![](media:y)\nB\n= +1点\n---\nC\n---\n")
    assert write(plan) == HEAD + "\n## すぐ\nA\n---\n![](media:y)\n---\nB\n= +1点\nC\n"


def test_an_old_date_is_no_error_in_a_script() -> None:
    """A script exported last year can be imported again."""
    assert plan_of(HEAD + "## 2020/1/1 9:00\nA\n")


def test_a_survey_may_ask_more_than_one_page() -> None:
    """Choices beyond thirteen are paged in the talk."""
    choices = "\n".join(f"- {number}" for number in range(30))
    survey = plan_of(f"# アンケート 肌診断\n? 年代（1つ）\nどれ？\n{choices}\n")
    assert isinstance(survey, Survey)
    assert len(survey.questions[0].options) == 30


SLIPS = [
    ("こんにちは", 1, "で始めます"),
    ("", 1, "で始めます"),
    (HEAD, 1, "送るものがまだありません"),
    ("# アンケート 肌診断\n", 1, "質問がまだありません"),
    (HEAD + "こんにちは\n## すぐ\nA", 2, "より前には、設定だけ"),
    (HEAD + "目標: 温める\n## すぐ\nA", 2, "「目的:」でしょうか"),
    (HEAD + "目的: 暖める\n## すぐ\nA", 2, "「温める」でしょうか"),
    (HEAD + "開始: 手動\n開始: 予約\n## すぐ\nA", 3, "2回書かれています"),
    (HEAD + "確認: あり\n## すぐ\nA", 2, "ここでは使えません"),
    (HEAD + "上限: 1日0通\n## すぐ\nA", 2, "0通だと"),
    (HEAD + "期間: 2026/12/31-2026/12/1\n## すぐ\nA", 2, "より前です"),
    (HEAD + "終わったら: 道 A\n## すぐ\nA\n# 道 A\n## すぐ\nB", 2, "使えません"),
    (HEAD + "ゴール: 予約済\n## すぐ\nA", 2, "というタグや絞り込みはありません"),
    (HEAD + "ゴール:\n## すぐ\nA", 2, "条件が空です"),
    (HEAD + "## 2日後\nA", 2, "何時に"),
    (HEAD + "## 体験会の前日 9:00\nA", 2, "日付の項目はありません"),
    (HEAD + "## 悩みの前日 9:00\nA\n## 翌日 9:00\n? 悩み（1つ）\nどれ\n- a", 2, "日付の項目ではありません"),
    (HEAD + "## 基準日の前日 9:00\nA", 2, "基準日"),
    (HEAD + "## すぐ ※女性\nA", 2, "というタグや絞り込みはありません"),
    (HEAD + "## すぐ\n# お知らせ\nA", 3, "こういう印はありません"),
    (HEAD + "## すぐ\nA\n期間: 12/1から", 4, "最初の ## より前に"),
    (HEAD + "## すぐ\nA\n- 乾燥\n- しみ", 4, "? の質問の下に"),
    (HEAD + "## すぐ\nA\n- 反応なし → 終わる", 4, "どれだけ待つか"),
    (HEAD + "## すぐ\nA\nおわり", 4, "はじまりの「もし:」がありません"),
    (HEAD + "## すぐ\nA\n案A:", 4, "はじまりの「AB:」がありません"),
    (HEAD + "## すぐ\nもし: 全員\nA\n## 翌日 9:00\nB", 3, "「おわり」がありません"),
    (HEAD + "## すぐ\nもし: 全員\nA\n不明なら:\nB\nちがえば:\nC\nおわり", 7, "より前に"),
    (HEAD + "## すぐ\nAB: 50/40\n案A:\nA\n案B:\nB\nおわり", 3, "合わせて100"),
    (HEAD + "## すぐ\nAB: 50/50\n案A:\nA\nおわり", 3, "同じ数"),
    (HEAD + "## すぐ\n" + "\n---\n".join("ABCDEF"), 13, "5つまで"),
    (HEAD + "## すぐ\n" + "あ" * 5001, 3, "5,000文字まで"),
    (HEAD + "## すぐ\n? q（1つ）\nどれ\n" + "\n".join(f"- {n}" for n in range(14)), 3, "13個まで"),
    (HEAD + "## すぐ\n? q（1つ）\nどれ\n- " + "あ" * 21, 5, "20文字まで"),
    (HEAD + "## すぐ\n? q（1つ）\nどれ\n- かな\n- カナ", 6, "もうあります"),
    (HEAD + "## すぐ\n? q（1つ）\n- かな", 3, "質問の文がありません"),
    (HEAD + "## すぐ\n? q（1つ）\nどれ", 3, "選択肢がありません"),
    (HEAD + "## すぐ\n? q（文字）\nどう\n- a", 3, "選択肢を付けられません"),
    (HEAD + "## すぐ\n? q（選択）\nどれ\n- a", 3, "「1つ」でしょうか"),
    (HEAD + "## すぐ\n? 予約（日付）\nいつ", 3, "質問の名前に使えません"),
    (HEAD + "## すぐ\n? q（文字）\nどう\n待つ: 反応 1日\n続き", 6, "いちばん最後に"),
    (HEAD + "## すぐ\n? q（文字）\nどう\n待つ: [予約] 1日", 5, "質問で待つのは反応"),
    (HEAD + "## すぐ\n= 道 保質\n# 道 保湿\n## すぐ\nA", 3, "「保湿」でしょうか"),
    (HEAD + "## すぐ\nA\n# 道 保湿\n", 4, "送るものがありません"),
    (HEAD + "## すぐ\nA\n# 道 A\n## すぐ\nB\n# 道 ａ\n## すぐ\nC", 7, "もうあります"),
    (HEAD + "## すぐ\n= 質問 悩み", 3, "アンケートの中で"),
    (HEAD + "## すぐ\n{名前さん}、こんにちは", 3, "わからないときの言葉"),
    (HEAD + "## すぐ\n{名前|様", 3, "{{ と書きます"),
    (HEAD + "## すぐ\n![店](http://example.com/a.jpg)", 3, "https://"),
    ("# アンケート 肌診断\n? q（文字）\nどう\n- 回答あり → 道 A", 4, "使えません"),
    ("# アンケート 肌診断\n? q（1つ）\nどう\n- a → 質問 q", 4, "前の質問"),
    ("# アンケート 肌診断\n? q（文字）\nどう\n## すぐ\nA", 4, "シナリオで使います"),
    ("# アンケート 肌診断\n? q（文字）\nどう\n? ｑ（文字）\nどう", 4, "もうあります"),
]


@pytest.mark.parametrize(("text", "line", "said"), SLIPS, ids=[said for _, _, said in SLIPS])
def test_a_slip_is_named_with_its_line(text: str, line: int, said: str) -> None:
    """What does not read is an error with its place, never a message to friends."""
    found = problems_of(text)
    assert [(problem.line, said in problem.sentence()) for problem in found] == [(line, True)], [
        problem.sentence() for problem in found
    ]


def test_all_problems_come_at_once_and_each_can_be_mended() -> None:
    """One round of corrections, not ten; and a button for each."""
    text = (
        HEAD
        + "開始: 友だち追加\n\n## 翌日 19:00\n? 悩み（1つ）\nどれ?\n- 乾燥 → タグ 乾燥 +3点\n- しみ\n\n## 3日後 19:00\nやあ\nおわり\n"
    )
    first, second = problems_of(text)
    assert first.sentence().startswith("7行目13文字目「- 乾燥 → タグ 乾燥 +3点」 「、」が抜けていませんか？")
    assert [mend.label for mend in first.mends] == ["そう直す", "この行は文です"]
    assert second.sentence() == "12行目「おわり」 はじまりの「もし:」がありません。"
    assert [mend.label for mend in second.mends] == ["この行は文です", "消す"]
    text = mended(text, first, first.mends[0])
    (left,) = problems_of(text)
    text = mended(text, left, left.mends[0])
    assert "- 乾燥 → タグ 乾燥、+3点\n" in text
    assert write(plan_of(text)).endswith("やあ\n\\おわり\n")


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        (HEAD + "やあ", "## すぐ を足す"),
        (HEAD + "## すぐ\nもし: 全員\nA\n", "おわりを足す"),
        (HEAD + "## すぐ\nもし: 全員\nA\nちがえば: B\nおわり", "行を分ける"),
        (HEAD + "## 2日後\nA", "2日後 19:00"),
        (HEAD + "## すぐ\n{名前}さん、こんにちは", "そう直す"),
        (HEAD + "## すぐ\n{ です", "文字の { です"),
        (HEAD + "## すぐ\nA\n--\nB", "そう直す"),
        (HEAD + "## すぐ\nA\n期間: 12/1から", "この行は文です"),
        (HEAD + "目的: 暖める\n## すぐ\nA", "「温める」に直す"),
        (HEAD + "## すぐ\n= 道 保質\n# 道 保湿\n## すぐ\nA", "「道 保湿」に直す"),
    ],
)
def test_the_button_mends_it(text: str, mend: str) -> None:
    """A button that leads to the next error would be worse than none."""
    (problem,) = problems_of(text)
    one = next(one for one in problem.mends if one.label == mend)
    assert isinstance(read(mended(text, problem, one), Catalog(), NOW), Script)


def test_a_survey_and_a_scenario_share_their_names() -> None:
    """A bare name opens one thing."""
    survey = plan_of("# アンケート 肌診断\n? q（文字）\nどう\n")
    catalog = Catalog(plans={fold("肌診断"): Entry(name="肌診断", draft=survey)})
    (problem,) = problems_of("# シナリオ 肌診断\n## すぐ\nA", catalog)
    assert "もうあります" in problem.words
    assert isinstance(read("# アンケート 肌診断\n? r（文字）\nどう\n", catalog, NOW), Script)


def test_names_that_a_script_brings_are_known_in_its_conditions() -> None:
    """A tag may be asked about above the line that gives it."""
    script = read(
        HEAD + "ゴール: タグ 予約済\n## すぐ ※乾燥 除外 予約済\nA\n= タグ 乾燥、美容+2点\n? 悩み（文字）\nどう",
        Catalog(),
        NOW,
    )
    assert isinstance(script, Script)
    assert [new.sentence() for new in script.new_names] == [
        "タグ「予約済」",
        "項目「悩み」",
        "タグ「乾燥」",
        "スコア「美容」",
    ]
