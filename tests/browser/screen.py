"""What a person sees of the practice's page, and does there."""

from playwright.sync_api import Locator, Page, expect

# A busy machine is slow; nothing here waits longer than it must.
PATIENCE = 30_000.0


class Phone:
    """One phone: its talk, its buttons, its rich menu and its field."""

    def __init__(self, page: Page, side: str) -> None:
        """`side` is shop or friend."""
        self.page = page
        self.all = page.locator(f"[data-slot={side}]")
        self.bubbles = self.all.locator(".row.theirs")
        self.menu = self.all.get_by_role("group", name="リッチメニュー")

    def says(self, words: str) -> None:
        """Type these words and send them."""
        self.all.get_by_role("textbox").fill(words)
        self.all.get_by_role("button", name="送信", exact=True).click()
        expect(self.all.locator(".row.mine").last).to_contain_text(words.splitlines()[0])

    def asks(self, words: str) -> str:
        """Type these words, and read what is answered."""
        before = self.bubbles.count()
        self.says(words)
        expect(self.bubbles.nth(before)).to_be_visible()
        return self.bubbles.last.inner_text()

    def taps(self, label: str) -> None:
        """Tap the newest button of that name: a quick reply, one in a card, or one of the menu."""
        self.all.get_by_role("button", name=label, exact=True).last.click()

    def hears(self, *words: str) -> Locator:
        """Wait until the last bubble says all this."""
        for each in words:
            expect(self.bubbles.last).to_contain_text(each, timeout=PATIENCE)
        return self.bubbles.last

    def heard(self) -> list[str]:
        """Every bubble the account sent, as it reads."""
        return [each.inner_text() for each in self.bubbles.locator(".say").all()]


class Screen:
    """The whole page: the two phones, the clock between them, and who takes part."""

    def __init__(self, page: Page) -> None:
        """The page, opened already."""
        self.page = page
        self.shop = Phone(page, "shop")
        self.friend = Phone(page, "friend")
        self.counted = page.locator(".counted")
        self.moment = page.locator(".moment")
        # Each phone has its owner; before that, a word typed would be wiped away.
        expect(page.locator(".phone[data-person]")).to_have_count(2)

    def next_due(self) -> None:
        """Move time to the next thing due."""
        rules = self.friend.all.locator(".moved")
        before = rules.count()
        self.page.get_by_role("button", name="次の予定まで").click()
        expect(rules).to_have_count(before + 1, timeout=PATIENCE)

    def new_friend(self, name: str) -> None:
        """Somebody else takes her phone out and adds the account."""
        self.page.get_by_role("button", name="＋ 友だち").click()
        asking = self.page.get_by_role("dialog", name="入力")
        asking.get_by_role("textbox").fill(name)
        asking.get_by_role("button", name="追加").click()
        self.looks_at(f"友だち {name}")
        self.friend.taps("友だち追加")
        self.friend.hears("定休日は火曜です")

    def looks_at(self, who: str) -> None:
        """Take the phone of this person in hand."""
        self.page.get_by_role("navigation").get_by_role("button", name=who).click()
        expect(self.page.locator(f".person[aria-current=true][aria-label^='{who}']")).to_be_visible()
