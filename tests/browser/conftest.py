"""A practice, a browser, and pictures: of what failed into test-results/, of what the documents show when PICTURES is set."""

import io
import os
import re
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.practice import ROOT, Practice, running
from tests.browser.screen import PATIENCE, Screen
from tools import ensure_chromium

PICTURES = ROOT / "docs" / "img"
FAILED = ROOT / "test-results"
# Containers run as root and have little shared memory; neither matters for a page of our own.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
]

# Milliseconds until pictures have loaded and the mark of a tap has faded.
SETTLING = 700

expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One headless Chromium for all."""
    program = ensure_chromium.installed() or ensure_chromium.playwrights_own()
    assert program, ensure_chromium.SENTENCE
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Practice]:
    """The product and the pretended LINE, as `make run` starts them."""
    with running(tmp_path_factory.mktemp("practice")) as practice:
        yield practice


@pytest.fixture
def open_page(browser: Browser, practice: Practice, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """Opens the page in a window of that size; what the browser complains of fails the test."""
    complaints: list[str] = []
    pages: list[Page] = []

    def opened(width: int, height: int, *, touch: bool = False) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            has_touch=touch,
            is_mobile=touch,
            locale="ja-JP",
            device_scale_factor=1.5,
        )
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.goto(practice.page)
        pages.append(page)
        return page

    yield opened
    if request.node.stash.get(FAILURE, False):
        _keep(pages, request.node.name)
    for page in pages:
        page.context.close()
    assert complaints == []


FAILURE = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember that a test failed, so that its pages are pictured before they close."""
    report: pytest.TestReport = yield
    if call.when == "call":
        item.stash[FAILURE] = report.failed
    return report


def _keep(pages: list[Page], test: str) -> None:
    FAILED.mkdir(exist_ok=True)
    for number, page in enumerate(pages, 1):
        page.screenshot(path=FAILED / f"{re.sub(r'[^A-Za-z0-9]+', '_', test)}-{number}.png")


@pytest.fixture
def picture() -> Callable[..., None]:
    """Takes a picture for the documents, if PICTURES is set: otherwise the tree stays as it is."""

    def taken(page: Page, name: str, *, of: str = "body", height: int = 0) -> None:
        if not os.environ.get("PICTURES"):
            return
        before = page.viewport_size
        assert before is not None
        page.set_viewport_size({"width": before["width"], "height": height or before["height"]})
        page.mouse.move(0, 0)
        page.wait_for_timeout(SETTLING)
        save_small(page.locator(of).screenshot(animations="disabled", caret="hide"), PICTURES / f"{name}.webp")
        page.set_viewport_size(before)

    return taken


def save_small(png: bytes, file: Path) -> None:
    """A screenshot in a tenth of its size, with no difference to the eye."""
    file.parent.mkdir(parents=True, exist_ok=True)
    Image.open(io.BytesIO(png)).convert("RGB").save(file, quality=84, method=6)


@pytest.fixture
def screen(open_page: Callable[..., Page]) -> Screen:
    """The page on a desk."""
    return Screen(open_page(1280, 800))
