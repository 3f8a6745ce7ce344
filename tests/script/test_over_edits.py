"""What stays the same over edits, and how a change is shown."""

from unicodedata import east_asian_width
from zoneinfo import ZoneInfo

from flows.catalog import Catalog, Entry
from flows.names import StepId
from flows.script import (
    NewName,
    Sort,
    Waiting,
    cut,
    diff,
    join,
    looks_like_script,
    new_names,
    part_of,
    settle_ids,
    timeline,
    with_new_names,
    write,
)
from flows.script.drawing import NARROW
from tests.script.test_goldens import GOLDEN
from tests.script.test_reading import HEAD, plan_of

BEFORE = HEAD + "## すぐ\nようこそ\n## 2日後 19:00\nお役立ちの話です。\n## 4日後 19:00\nご案内です。\n"


def ids(plan):
    return [step.id for _, step in plan.steps()]


def test_a_step_that_stays_keeps_its_id() -> None:
    """Friends point at steps by id: an edit elsewhere must not move them."""
    old = plan_of(BEFORE)
    new = plan_of(
        HEAD
        + "## すぐ\nようこそ\n## 翌日 19:00\n新しい話です。\n## 2日後 19:00\nお役立ちの話です。\n## 4日後 19:00\nご案内です。\n"
    )
    assert ids(settle_ids(new, old)) == ["s1", "s4", "s2", "s3"]


def test_a_corrected_step_keeps_its_id() -> None:
    """Who received it with the slip does not receive it again."""
    new = plan_of(BEFORE.replace("お役立ちの話です。", "お役立ちのお話です！").replace("4日後", "5日後"))
    assert ids(settle_ids(new, plan_of(BEFORE))) == ["s1", "s2", "s3"]


def test_a_step_that_changes_places_keeps_its_id() -> None:
    """Moving it to a path is still the same step."""
    new = plan_of(
        HEAD + "## すぐ\nようこそ\n## 4日後 19:00\nご案内です。\n= 道 A\n# 道 A\n## 2日後 19:00\nお役立ちの話です。\n"
    )
    assert ids(settle_ids(new, plan_of(BEFORE))) == ["s1", "s3", "s2"]


def test_an_id_is_never_used_again() -> None:
    """A friend who received a step that is gone would be taken to have received the new one."""
    shorter = settle_ids(plan_of(HEAD + "## すぐ\nようこそ\n"), plan_of(BEFORE))
    entry = Entry(name="新規様", draft=shorter, versions={1: plan_of(BEFORE)})
    again = settle_ids(plan_of(HEAD + "## すぐ\nようこそ\n## 9日後 9:00\nまったく別のお知らせ\n"), entry)
    assert ids(again) == ["s1", "s4"]
    assert ids(settle_ids(again, entry, used=[StepId("s7")])) == ["s1", "s8"]


def test_settling_twice_changes_nothing() -> None:
    """Saving what was saved is no edit."""
    old = plan_of(BEFORE)
    assert settle_ids(plan_of(write(old)), old) == old


def test_a_diff_shows_what_changes_and_little_else() -> None:
    """It is read on a phone."""
    shown = diff(plan_of(BEFORE), plan_of(BEFORE.replace("ご案内です。", "秋のご案内です。\nぜひ。")))
    assert shown.lines == ("…", "　## 4日後 19:00", "－ご案内です。", "＋秋のご案内です。", "＋ぜひ。")
    assert (shown.added, shown.removed) == (2, 1)
    assert diff(plan_of(BEFORE), plan_of(BEFORE)).words() == "変わりません"
    assert diff(None, plan_of(BEFORE)).removed == 0


def test_the_drawing_shows_paths_under_their_choices() -> None:
    """A whole scenario at one glance."""
    text = next(file for file in GOLDEN if file.stem == "新規様").read_text(encoding="utf-8")
    assert timeline(plan_of(text), ZoneInfo("Asia/Tokyo")).split("\n") == [
        "① 追加のすぐあと",
        "　お客様、はじめまして!",
        "② 2日後 19:00　悩み",
        "　├ 乾燥 → すぐ：",
        "　│　お肌でお悩みの方へ。まずは…",
        "　│　翌日 19:00：",
        "　│　　特別なご案内です。（人による）",
        "　├ しみ → すぐ：しみのお話です。",
        "　└ 2日反応なし → 翌日 19:00：",
        "　　　お客様の声をご紹介します。",
    ]


def test_no_line_of_the_drawing_breaks_on_a_narrow_phone() -> None:
    """A wrapped line would tear the tree; only one word longer than a line may."""
    for file in GOLDEN:
        plan = plan_of(file.read_text(encoding="utf-8"))
        for line in timeline(plan, ZoneInfo("Asia/Tokyo")).split("\n"):
            assert sum(1 if east_asian_width(letter) in "WFA" else 0.5 for letter in line) <= NARROW + 3, line


def test_a_date_is_drawn_with_its_weekday() -> None:
    """8/10 could be any day of the week."""
    drawn = timeline(plan_of(HEAD + "## 12/24 18:00\nA\n"), ZoneInfo("Asia/Tokyo"))
    assert drawn == "① 2026/12/24(木) 18:00　A"


def test_long_scripts_travel_in_parts() -> None:
    """LINE takes 5,000 units a message."""
    steps = "".join(f"\n## {day}日後 19:00\n{'あ' * 900}\n\nつづき\n" for day in range(1, 12))
    text = write(plan_of(HEAD + steps))
    parts = cut(text, "新規様")
    assert len(parts) == 3
    assert all(len(part) <= 5_000 for part in parts)
    assert parts[1].startswith("# つづき 2/3 新規様\n")
    assert all(looks_like_script(part) for part in parts)
    assert join([parts[2], parts[0]]) == Waiting(name="新規様", total=3, missing=(2,))
    whole = join([f"\n{parts[2]}\n", parts[0], parts[1]])
    assert isinstance(whole, str)
    assert write(plan_of(whole)) == text
    assert join([parts[0], "こんにちは"]) is None
    assert part_of("# つづき 4/3 新規様\nA") is None
    assert cut("# シナリオ a\n", "a") == ("# シナリオ a",)


def test_what_looks_like_a_script() -> None:
    """Any other text of several lines is a message."""
    assert looks_like_script("\n```\n＃アンケート 肌診断\n? q（文字）")
    assert not looks_like_script("こんにちは\n# シナリオ 新規様")
    assert not looks_like_script("")
    assert not looks_like_script("#シナリオ大好き")


def test_new_names_are_listed_with_what_they_are_like() -> None:
    """予約済み beside 予約済 would split the friends in two."""
    catalog = with_new_names(Catalog(), [NewName(sort=Sort.TAG, name="予約済"), NewName(sort=Sort.TAG, name="20代")])
    plan = plan_of(HEAD + "開始: タグ 30代\n## すぐ\nA\n= タグ 予約済み、タグ 予約済、項目=値\n")
    found = new_names(plan, catalog)
    assert [(new.sort, new.name, new.near) for new in found] == [
        (Sort.TAG, "30代", ""),
        (Sort.TAG, "予約済み", "予約済"),
        (Sort.FIELD, "項目", ""),
    ]
    assert new_names(plan, with_new_names(catalog, found)) == ()


def test_a_field_learns_what_it_holds() -> None:
    """A date can be a base; a choice cannot."""
    plan = plan_of("# アンケート 会\n? 開催日（日付）\nいつ\n")
    catalog = with_new_names(Catalog(), new_names(plan, Catalog()))
    assert [(field.name, field.holds) for field in catalog.fields.values()] == [("開催日", "日付")]
