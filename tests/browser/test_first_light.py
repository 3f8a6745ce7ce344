"""An owner builds a scenario in the chat, friends live through it, and both see it on their phones."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.practice import ROOT, Practice
from tests.browser.screen import Screen

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(240)]


def script() -> str:
    """What the first lesson tells to paste."""
    page = (ROOT / "docs/ja/はじめる/最初のシナリオ.md").read_text(encoding="utf-8")
    [found] = re.findall(r"(?ms)^```text\n(# シナリオ 新規様\n.*?)^```$", page)
    return str(found)


def how(bubble: Locator) -> str:
    """返信 or 配信, as it stands beside the bubble."""
    return bubble.locator(".meta span").first.inner_text()


def day_of(screen: Screen) -> datetime:
    """The day the practice's clock shows."""
    month, day = re.findall(r"\d+", screen.moment.inner_text())[:2]
    return datetime(2024, int(month), int(day))  # noqa: DTZ001 - a day without a year


def test_a_scenario_is_pasted_published_and_lived_through(
    screen: Screen, practice: Practice, picture: Callable[..., None]
) -> None:
    """The main job from the first tap to the last step, by taps."""
    shop, friend = screen.shop, screen.friend
    expect(screen.page.get_by_role("note")).to_have_text("練習用の画面です。本物のLINEには何も送られません")
    picture(screen.page, "first")

    shop.taps(f"登録 {practice.code}")
    shop.hears("あなたが所有者です")
    shop.says(script())
    shop.hears("2日後 19:00", "├ 乾燥 → すぐ：", "└ 2日反応なし → 翌日 19:00：", "まだ誰にも届きません")
    picture(screen.page, "draft", of="[data-slot=shop]", height=1000)
    shop.taps("早送り")
    shop.hears("ここで選んでください")
    shop.says(script())
    shop.hears("まだ誰にも届きません")
    shop.taps("公開")
    shop.taps("公開する")
    shop.hears("第1版を公開しました")
    sees_the_admin_menu(shop.menu)
    shop.menu.get_by_role("button", name="シナリオ").click()
    shop.hears("新規様", "公開中（第1版）")

    followed = day_of(screen)
    friend.taps("友だち追加")
    friend.hears("定休日は火曜です")
    assert friend.heard() == [
        "さくらさん、はじめまして!\nサロン花です。友だち追加ありがとうございます。",
        "■営業時間 10:00〜19:00\n・定休日は火曜です",
    ]
    assert [how(each) for each in friend.bubbles.all()] == ["返信", "返信"]
    expect(screen.counted).to_have_text("配信 0通")

    screen.next_due()
    question = friend.hears("お肌の悩みは、どちらが近いですか?", "1 乾燥", "2 しみ")
    assert how(question) == "配信"
    assert screen.moment.inner_text().endswith("19:00")
    assert (day_of(screen) - followed) % timedelta(days=366) == timedelta(days=2)
    friend.taps("乾燥")
    assert how(friend.hears("乾燥でお悩みの方へ。まずは保湿のお話です。")) == "返信"
    expect(screen.counted).to_have_text("配信 1通")
    shop.says("友だち さくら")
    shop.hears("タグ", "・乾燥", "スコア：3点", "悩み＝乾燥", "シナリオ「新規様」・道「保湿」の途中", "次は：")
    picture(screen.page, "living", height=1050)

    screen.next_due()
    friend.hears("保湿ケアのコツをお届けします。")
    shop.says("通数")
    shop.hears("使った数：2通")


def sees_the_admin_menu(menu: Locator) -> None:
    """Drawn by the product: it is there, has its picture, and its areas can be tapped."""
    expect(menu).to_be_visible()
    expect(menu.locator(".area")).to_have_count(8)
    drawn = menu.locator("img")
    expect(drawn).to_be_visible()
    drawn.evaluate("image => image.decode()")
    width, colours = drawn.evaluate(
        """image => {
            const sheet = document.createElement("canvas");
            sheet.width = 200; sheet.height = 135;
            const pen = sheet.getContext("2d");
            pen.drawImage(image, 0, 0, 200, 135);
            const dots = new Uint32Array(pen.getImageData(0, 0, 200, 135).data.buffer);
            return [image.naturalWidth, new Set(dots).size];
        }"""
    )
    assert width == 2500
    assert colours > 50


@pytest.fixture
def published(screen: Screen, practice: Practice) -> Screen:
    """The page of an owner whose scenario runs, whatever was tried before."""
    shop = screen.shop
    shop.asks(f"登録 {practice.code}")
    if "公開中" not in shop.asks("シナリオ 新規様"):
        shop.says(script())
        shop.hears("まだ誰にも届きません")
        shop.says("公開")
        shop.hears("公開すると")
        shop.says("1")
        shop.hears("第1版を公開しました")
    return screen


def test_friends_answer_as_people_do_or_not_at_all(published: Screen) -> None:
    """A word, a full-width number, silence, and somebody who has booked: each gets what is hers."""
    screen, friend, shop = published, published.friend, published.shop
    for name in ("もも", "うめ", "きく", "ゆり"):
        screen.new_friend(name)
    shop.says("タグ付け @ゆり 予約済")
    shop.hears("タグ「予約済」を付けました")

    screen.next_due()
    screen.looks_at("友だち もも")
    friend.hears("お肌の悩みは、どちらが近いですか?")
    friend.says("しみ")
    friend.hears("しみのお話です。")
    screen.looks_at("友だち うめ")
    friend.says("１")
    friend.hears("乾燥でお悩みの方へ。")

    for _ in ("うめ's next step", "the end of waiting for きく", "what she gets instead"):
        screen.next_due()
    friend.hears("保湿ケアのコツをお届けします。")
    screen.looks_at("友だち きく")
    friend.hears("お客様の声をご紹介します。")
    screen.looks_at("友だち ゆり")
    assert len(friend.heard()) == 2
    shop.says("なぜ @ゆり")
    shop.hears("タグ「予約済」が付きました", "ゴールに届いて終わりました")


def test_a_scenario_is_made_by_questions(published: Screen) -> None:
    """The other way to the same result: taps where there are buttons, words where there are none."""
    shop = published.shop
    shop.says("シナリオ作成")
    shop.taps("温める")
    shop.hears("名前をつけてください")
    shop.says("はじめての方")
    shop.taps("手動")
    shop.hears("1通目", "本文を送ってください")
    shop.says("{名前さん|お客様}、ようこそ。")
    shop.taps("2日後19:00")
    shop.hears("2通目", "本文を送ってください")
    shop.says("その後いかがですか？")
    shop.taps("次の配信へ")
    shop.says("2通で終わり")
    shop.hears("下書きに保存しました", "2日後 19:00")
    shop.taps("公開")
    shop.taps("公開する")
    shop.hears("「はじめての方」第1版を公開しました")


def test_it_fits_a_phone(published: Screen, open_page: Callable[..., Page], picture: Callable[..., None]) -> None:
    """Many owners have nothing else: no sideways scrolling, nothing too small for a thumb, everything within reach."""
    page = open_page(375, 667, touch=True)
    small = Screen(page)
    expect(small.friend.all).to_be_hidden()
    expect(small.shop.menu).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 375
    small.shop.menu.get_by_role("button", name="見る").tap()
    expect(small.shop.menu.get_by_role("button", name="通数")).to_be_visible()
    small.shop.menu.get_by_role("button", name="通数").tap()
    small.shop.hears("使った数")

    page.locator(".now").tap()
    expect(page.get_by_role("button", name="次の予定まで")).to_be_visible()
    page.locator(".now").tap()
    page.get_by_role("button", name="管理メニュー").tap()
    expect(small.shop.menu).to_be_hidden()
    picture(page, "small")
    assert too_small(page) == []
    page.get_by_role("navigation").get_by_role("button", name="友だち さくら").tap()
    expect(small.shop.all).to_be_hidden()
    expect(small.friend.all).to_be_visible()


def too_small(page: Page) -> list[str]:
    """The buttons in sight that a thumb would miss; those drawn into pictures are LINE's own affair."""
    return page.evaluate(
        """() => [...document.querySelectorAll("button:not(.area)")]
            .map((one) => [one, one.getBoundingClientRect()])
            .filter(([one, box]) => box.width && (box.height < 44 || box.width < 44))
            .map(([one]) => one.textContent || one.ariaLabel)"""
    )
