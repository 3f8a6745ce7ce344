import re
import subprocess
from pathlib import Path
from urllib.parse import unquote

import pytest

from bot.judging import GUIDE, names
from tools.docs import PAGES

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"(!?)\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"(?ms)^ *```.*?^ *```$")


def pages() -> list[Path]:
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "bot").rglob("*.md")])


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"(?m)^#+ (.+)$", FENCE.sub("", page.read_text(encoding="utf-8")))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_inside_leads_somewhere(page: Path) -> None:
    """A page that is missing is found by the person who needed it."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    lost = []
    for _, target in LINK.findall(text):
        path, _, anchor = unquote(target).partition("#")
        if "://" in path or path.startswith("mailto:"):
            continue
        there = (page.parent / path).resolve() if path else page
        if not there.exists() or (anchor and anchor not in anchors(there)):
            lost.append(target)
    assert lost == []


@pytest.mark.parametrize("path", PAGES)
def test_generated_pages_are_current(path: str) -> None:
    """`make docs` rewrites them."""
    assert (ROOT / path).read_text(encoding="utf-8") == PAGES[path]()


def test_every_setting_is_described_in_both_languages() -> None:
    """Nobody has to read the source to set something."""
    for path in ("docs/ja/調べる/設定.md", "docs/en/settings.md"):
        rows = dict(re.findall(r"(?m)^\| `(\w+)` \| (.+?) \|", (ROOT / path).read_text(encoding="utf-8")))
        assert rows.keys() == set(names())
        assert all(rows.values())


def test_the_list_of_problems_names_a_page_that_exists() -> None:
    """It is shown at the moment somebody is stuck."""
    assert (ROOT / GUIDE).exists()


def test_every_make_target_is_listed_and_documented() -> None:
    """`make` alone is the table of contents."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"(?m)^([a-z]+):", makefile))
    listed = subprocess.run(
        ["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert {line.split()[1] for line in listed.splitlines()} == targets
    told = "".join(page.read_text(encoding="utf-8") for page in pages())
    assert {target for target in targets if f"make {target}" not in told} <= {"help"}


def test_the_first_scenario_is_one_page_to_paste() -> None:
    """A newcomer copies it whole; it begins with the line that makes it a script."""
    page = (ROOT / "docs/ja/はじめる/最初のシナリオ.md").read_text(encoding="utf-8")
    scripts = re.findall(r"(?ms)^```text\n(.*?)^```$", page)
    assert len(scripts) == 1
    assert scripts[0].startswith("# シナリオ 新規様\n")
