"""Conditions, effects, triggers and settings as people write them."""

from collections.abc import Iterable

import pytest

from flows.actions import ACTIONS
from flows.catalog import Catalog, Entry, Segment
from flows.conditions import CONDITIONS, Everyone, Except, Tagged
from flows.moments import Caps
from flows.names import fold
from flows.quoting import quoted
from flows.script import (
    NewName,
    Problem,
    Sort,
    parse_caps,
    parse_condition,
    parse_effects,
    parse_trigger,
    parse_windows,
    with_new_names,
)
from flows.triggers import TRIGGERS
from tests.narrowing import a, cases_of


def catalog(tags: Iterable[str] = (), fields: Iterable[str] = (), segments: Iterable[str] = ()) -> Catalog:
    new = [NewName(sort=Sort.TAG, name=name) for name in tags] + [
        NewName(sort=Sort.FIELD, name=name) for name in fields
    ]
    base = Catalog(
        segments={fold(name): Segment(name=name, condition=Everyone()) for name in segments},
        plans={fold("歓迎"): Entry(name="歓迎")},
    )
    return with_new_names(base, [*new, NewName(sort=Sort.SCORE, name="美容")])


SHOP = catalog(
    tags=["女性", "20代", "とんかつ", "予約済", "カードなし", "A", "B", "両方", "二つ名"],
    fields=["興味", "体験会", "両方"],
    segments=["美容女性", "二つ名"],
)


@pytest.mark.parametrize(
    ("text", "words", "kind"),
    [
        ("全員", "全員", "everyone"),
        ("女性　かつ　興味＝美容 除外 予約済", "女性 かつ 興味=美容 除外 予約済", "except"),
        ("（女性 または 20代）かつ 興味 != 美容", "（女性 または 20代） かつ 興味≠美容", "all"),
        ("A 除外 B または 20代", "A 除外 B または 20代", "except"),
        ("A または B", "A または B", "any"),
        ("((A))", "A", "tagged"),
        ("とんかつ", "とんかつ", "tagged"),
        ("タグ A", "タグ A", "tagged"),
        ("Aなし", "Aなし", "tagged"),
        ("カードなし", "カードなし", "tagged"),
        ("美容女性", "美容女性", "segment"),
        ("対象 二つ名", "対象 二つ名", "segment"),
        ("体験会 あり", "体験会あり", "field_filled"),
        ("項目 両方 なし", "項目 両方なし", "field_filled"),
        ("興味≧3", "興味>=3", "field_is"),
        ("来店 ≧ ３回", "来店>=3", "built_in_is"),
        ("予約＝２０２６／１２／１", "予約=2026/12/1", "built_in_is"),
        ("名前≠「さくら 子」", "名前≠「さくら 子」", "built_in_is"),
        ("購入なし", "購入なし", "built_in_filled"),
        ("項目 来店 あり", "項目 来店あり", "built_in_filled"),
        ("スコア「美容」5点未満", "スコア「美容」5未満", "score_is"),
        ("登録 3 日 以内", "登録3日以内", "joined_days"),
        ("経路 = Instagram", "経路=Instagram", "from_route"),
        ("［予約 する］を押していない（7日以内）", "[予約 する]を押していない（7日以内）", "pressed"),
        ("配信「夏」に無反応", "配信「夏」に無反応", "reached"),
        ("反応なし(30日)", "反応なし（30日）", "silent_for"),
        ("反応率５０％以上", "反応率50%以上（直近5回）", "responds"),
        ("反応率 5割 未満 (直近10回)", "反応率50%未満（直近10回）", "responds"),
        ("反応率 ≧ 50％", "反応率50%以上（直近5回）", "responds"),
        ("reaction rate < 20% (last 3)", "反応率20%未満（直近3回）", "responds"),
        ("上位２０名", "上位20人", "top"),
        ("スコア「美容」の上位3人", "スコア「美容」上位3人", "top"),
        ("TOP 20", "上位20人", "top"),
        ("今週に登録", "今週登録", "joined_in"),
        ("購入なし（7日）", "購入なし（7日）", "not_bought"),
        ("シナリオ「歓迎」済み", "シナリオ「歓迎」済", "in_scenario"),
    ],
)
def test_a_condition_is_read_and_said_back(text: str, words: str, kind: str) -> None:
    """The head-count is of what is said back."""
    found = parse_condition(text, SHOP)
    assert not isinstance(found, Problem), found.sentence()
    assert (found.words(), found.kind) == (words, kind)
    assert parse_condition(words, SHOP) == found


def test_every_kind_of_condition_can_be_written() -> None:
    """A kind without a spelling could be kept, but neither exported nor typed."""
    assert {kind for _, _, kind in cases_of(test_a_condition_is_read_and_said_back)} == {
        kind.kind for kind in CONDITIONS
    }


def test_of_except_the_rest_is_taken_away_whole() -> None:
    """A 除外 B または C must not come to mean (A 除外 B) または C."""
    found = parse_condition("A 除外 B または 20代", SHOP)
    assert a(Except, found).less.words() == "B または 20代"


@pytest.mark.parametrize(
    ("text", "said", "mend"),
    [
        ("", "「全員」ではありません", None),
        ("女性かつ20代", "「女性 かつ 20代」でしょうか", "女性 かつ 20代"),
        ("乾燥", "というタグや絞り込みはありません", None),
        ("女姓", "「女性」でしょうか", "女性"),
        ("A B", "「かつ」などが抜けて", "A かつ B"),
        ("A かつ", "途中で終わって", None),
        ("A かつ かつ", "きまった言葉", "A かつ 「かつ」"),
        ("(A", "途中で終わって", None),
        ("興味", "項目です", None),
        ("二つ名", "2とおり", "タグ 二つ名"),
        ("両方なし", "2とおり", "全員 除外 タグ 両方"),
        ("両方なし", "2とおり", "項目 両方なし"),
        ("反応なし", "反応なし（30日）", "「反応なし」"),
        ("登録3日超", "使えません", None),
        ("来店>=2.5", "回数か、最後の日", None),
        ("予約=3", "年からの日付", None),
        ("名前>A", "= か ≠ で比べます", None),
        ("経路≠A", "全員 除外 経路=Instagram", None),
        ("予約", "予約=2026/12/1", None),
        ("スコア「料理」5以上", "ありません", None),
        ("シナリオ「歓迎会」中", "「歓迎」でしょうか", "シナリオ「歓迎」中"),
        ("反応率150%以上", "0から100まで", None),
        ("反応率50%以上（直近31回）", "1から30まで", None),
        ("反応率", "反応率50%以上（直近5回）", None),
        ("上位", "上位20人", None),
        ("上位0人", "1から", None),
        ("スコア「料理」上位3人", "ありません", None),
        ("(" * 500 + "A" + ")" * 500, "長すぎます", None),
    ],
)
def test_a_condition_that_is_not_sure_is_asked_about(text: str, said: str, mend: str | None) -> None:
    """A condition that quietly means something else reaches the wrong people."""
    found = parse_condition(text, SHOP)
    assert isinstance(found, Problem)
    assert said in found.sentence()
    assert mend is None or mend in [one.becomes for one in found.mends]


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("女性で20代かAの人", ["女性 かつ （20代 または A）"]),
        ("女性かつ20代またはA除外予約済", ["女性 かつ 20代 または A 除外 予約済"]),
        ("予約済以外の女性", ["女性 除外 予約済"]),
        ("予約済じゃない人に", ["全員 除外 予約済"]),
        ("女性、20代", ["女性 かつ 20代", "女性 または 20代"]),
        ("女性と20代、予約済を除く", ["女性 かつ 20代 除外 予約済", "女性 または 20代 または （全員 除外 予約済）"]),
        ("今月登録した女性", ["今月登録 かつ 女性"]),
        ("（女性 または 20代 かつ A", ["女性 または 20代 かつ A"]),
        ("女性 または 20代） かつ A", ["（女性 または 20代） かつ A"]),
        ("スコア５より多い", ["スコア5超"]),
        ("スコアが１０点より少ない人", ["スコア10未満"]),
        ("１０点以上の女性", ["スコア10以上 かつ 女性"]),
        ("美容が5点以上", ["スコア「美容」5以上"]),
        ("登録から３日以上", ["登録3日以上"]),
        ("登録して1週間以内", ["登録7日以内"]),
        ("登録3か月たった", ["登録90日以上"]),
        ("30日反応がない人", ["反応なし（30日）"]),
        ("90日購入していない人", ["購入なし（90日）"]),
        ("とんかつが付いていない女性", ["とんかつなし かつ 女性"]),
        ("興味が美容の女性", ["興味=美容 かつ 女性"]),
        ("興味が美容か料理か旅行の女性", ["（興味=美容 または 興味=料理 または 興味=旅行） かつ 女性"]),
        ("興味が美容か女性", ["興味=美容 または 女性"]),
        ("来店が3回以上", ["来店>=3"]),
        ("反応率が５割より多い", ["反応率50%超（直近5回）"]),
        ("トップ１０", ["上位10人"]),
        ("配信「夏」が届いた女性", ["配信「夏」の受信者 かつ 女性"]),
        ("[予約]押した人で予約済以外", ["[予約]を押した 除外 予約済"]),
        ("美容女性で20代", ["美容女性 かつ 20代"]),
        ("みんな", ["全員"]),
    ],
)
def test_what_people_type_is_offered_as_what_it_means(text: str, readings: list[str]) -> None:
    """A shop owner says 「女性で20代か30代」; she should neither learn a grammar nor be taken at a guess."""
    found = parse_condition(text, SHOP)
    assert isinstance(found, Problem), "it is offered, not taken"
    assert [mend.becomes for mend in found.mends] == readings
    for one in readings:
        assert one in found.sentence()
        assert not isinstance(parse_condition(one, SHOP), Problem)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("女性で40代", "「40代」というタグや絞り込みはありません。 ここに書けるもの：女性、20代"),
        ("女性でとんかち", "「女性 かつ とんかつ」でしょうか"),
        ("女性で40代か50代の人", "「40代」「50代」というタグや絞り込みはありません。 ここに書けるもの：女性、20代"),
        ("ないもの", "ここに書けるもの：女性、20代"),
        ("全員以外", "ありません"),
        ("女性または", "女性"),
        ("しらたき", "「しらたき」というタグ"),
        ("ととのえたか", "「ととのえたか」というタグ"),
        ("に" * 500, "20文字まで"),
        ("（" * 100, "長すぎます"),
    ],
)
def test_what_makes_no_sense_is_said_with_names_that_exist(text: str, says: str) -> None:
    """An unknown word is told from the known ones beside it."""
    found = parse_condition(text, SHOP)
    assert isinstance(found, Problem)
    assert says in found.sentence()


@pytest.mark.parametrize("name", ["今週登録", "上位20人", "反応率50%以上", "top20", "スコア5以上", "登録3日"])
def test_a_name_like_a_term_is_quoted(name: str) -> None:
    """A tag may be called 上位20人; written bare it would be somebody else's twenty."""
    shop = catalog(tags=[name])
    (tag,) = [one for one in [parse_condition(f"「{name}」", shop)] if not isinstance(one, Problem)]
    assert tag.words() == f"「{name}」"
    assert parse_condition(tag.words(), shop) == tag


def test_a_name_that_has_both_readings_is_asked_about() -> None:
    """「X」なし must not turn into the tag Xなし when it is exported."""
    both = catalog(tags=["ポイント", "ポイントなし"])
    assert a(Tagged, parse_condition("ポイントなし", both)).name == "ポイントなし"
    doubt = parse_condition("「ポイント」なし", both)
    assert isinstance(doubt, Problem)
    assert [mend.becomes for mend in doubt.mends] == ["タグ ポイントなし", "全員 除外 ポイント"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("タグ　乾燥，＋３点、道「保湿 A」", "タグ 乾燥、+3点、道 「保湿 A」"),
        ("美容−2", "美容-2点"),
        ("タグ外し A、興味 = 「a b」", "タグ外し A、興味=「a b」"),
        (
            "シナリオ開始 歓迎、シナリオ停止 秋、アンケート 肌診断",
            "シナリオ開始 歓迎、シナリオ停止 秋、アンケート 肌診断",
        ),
        ("メニュー 会員、送る 地図、アクション 入会", "メニュー 会員、送る 地図、アクション 入会"),
        ("知らせる、返信待ち、終わる", "知らせる、返信待ち、終わる"),
        ("質問 悩み", "質問 悩み"),
        ("タグ A+B", "タグ A+B"),
    ],
)
def test_effects_are_read_and_said_back(text: str, words: str) -> None:
    """All effects of a tap happen as they were written."""
    found = parse_effects(text)
    assert not isinstance(found, Problem), found.sentence()
    assert "、".join(action.words() for action in found) == words
    assert parse_effects(words) == found


def test_every_kind_of_action_can_be_written() -> None:
    """A kind without a spelling could be kept, but neither exported nor typed."""
    found = [a(tuple, parse_effects(text)) for text, _ in cases_of(test_effects_are_read_and_said_back)]
    assert {action.kind for actions in found for action in actions} == {kind.kind for kind in ACTIONS}


@pytest.mark.parametrize(
    ("text", "column", "said", "mend"),
    [
        ("タグ 乾燥 +3点", 6, "「、」が抜けて", "タグ 乾燥、+3点"),
        ("タグ 乾燥+3点", 6, "「、」が抜けて", "タグ 乾燥、+3点"),
        ("+3点道 保湿", 4, "「、」が抜けて", "+3点、道 保湿"),
        ("道 A、タグ B", 5, "最後に置いて", "タグ B、道 A"),
        ("道 A、終わる", 5, "どちらか1つ", None),
        ("タッグ 乾燥", 1, "「タグ」でしょうか", "タグ 乾燥"),
        ("+1点、タグ乾燥", 5, "あとは空けて", "+1点、タグ 乾燥"),
        ("しらせる、+1点", 1, "書けるもの", None),
        ("タグ", 1, "名前がありません", None),
        ("タグ かつ", 4, "きまった言葉", "タグ 「かつ」"),
        ("タグ " + "あ" * 21, 4, "20文字まで", None),
        ("予約=あした", 1, "書きかえられません", None),
        ("", 1, "書かれていません", None),
    ],
)
def test_a_slip_in_effects_is_found_where_it_is(text: str, column: int, said: str, mend: str | None) -> None:
    """A forgotten 、 must not become a tag called 「乾燥 +3点」."""
    found = parse_effects(text)
    assert isinstance(found, Problem)
    assert said in found.sentence()
    assert found.column == column
    assert mend is None or mend in [one.becomes for one in found.mends]


@pytest.mark.parametrize(
    ("text", "words", "kind"),
    [
        ("友達追加", "友だち追加", "friend_added"),
        ("ブロック解除", "ブロック解除", "friend_back"),
        ("経路 店内QR", "経路 店内QR", "route_entered"),
        ("タグ「A B」", "タグ 「A B」", "tag_gained"),
        ("キーワード 肌を含む", "キーワード 肌 を含む", "keyword_said"),
        ("回答 悩み = 乾燥", "回答 悩み=乾燥", "answer_given"),
        ("アンケート 肌診断", "アンケート 肌診断", "survey_done"),
        ("シナリオ 歓迎", "シナリオ 歓迎", "scenario_done"),
        ("クリック 商品", "クリック 商品", "link_clicked"),
        ("イベント カート", "イベント カート", "something"),
        ("スコア「美容」10点以上", "スコア「美容」10以上", "score_crossed"),
        ("30日反応なし", "反応なし 30日", "silent_days"),
        ("カートのあと 60分 以内に 購入なし", "カートのあと60分以内に購入なし", "without_within"),
        ("手動", "手動", "by_hand"),
    ],
)
def test_triggers_are_read_and_said_back(text: str, words: str, kind: str) -> None:
    """What starts a scenario is what its owner reads."""
    found = parse_trigger(text)
    assert not isinstance(found, Problem), found.sentence()
    assert [(one.words(), one.kind) for one in found] == [(words, kind)]
    assert parse_trigger(words) == found


@pytest.mark.parametrize(
    ("text", "many"),
    [("友だち追加 ※[見る、買う]を押した、手動", 2), ("タグ A ※「B、C」 かつ D", 1), ("手動 ※[半分、予約", 2)],
)
def test_a_condition_behind_a_trigger_ends_at_a_comma_of_its_own(text: str, many: int) -> None:
    """A comma inside a link's or a quoted name belongs to the name."""
    found = parse_trigger(text)
    assert not isinstance(found, Problem), found.sentence()
    assert len(found) == many


def test_every_kind_of_trigger_can_be_written() -> None:
    """A kind without a spelling could be kept, but neither exported nor typed."""
    assert {kind for _, _, kind in cases_of(test_triggers_are_read_and_said_back)} == {kind.kind for kind in TRIGGERS}


def test_windows_and_caps() -> None:
    """Hours and limits as shops write them."""
    assert [one.words for one in a(tuple, parse_windows("平日9時〜18時、土日 10:00から17:00"))] == [
        "平日 9:00-18:00",
        "土日 10:00-17:00",
    ]
    assert [one.weekdays for one in a(tuple, parse_windows("月・水・金 9:00-10:00"))] == [(0, 2, 4)]
    assert (a(Caps, parse_caps("1日1通、全部で300通")).per_day, a(Caps, parse_caps("全部300通")).in_all) == (1, 300)
    for refused in ("1日0通", "1日1通、1日2通", "週3通"):
        assert isinstance(parse_caps(refused), Problem)
    for refused in ("毎日 20:00-9:00", "土日祝 9:00-10:00", "毎日"):
        assert isinstance(parse_windows(refused), Problem)


@pytest.mark.parametrize("name", ["乾燥", "20代", "とんかつ", "A+B", "C/D", "❤️"])
def test_names_stay_bare_where_they_can(name: str) -> None:
    """Quotes where none are needed make a script hard to read."""
    assert quoted(name) == name


@pytest.mark.parametrize(
    "name", ["かつ", "A B", "（仮）", "㈱花", "a=b", "+3点", "美容+2点", "スコア5以上", "登録3日以上", "タグ"]
)
def test_names_that_would_be_read_otherwise_are_quoted(name: str) -> None:
    """A name in a script means itself."""
    assert quoted(name) == f"「{name}」"
