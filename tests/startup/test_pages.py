import re
import subprocess
from pathlib import Path
from urllib.parse import unquote

import pytest

from admin_commands import FAMILIES
from bot.judging import GUIDE, names
from tools.docs import PAGES

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"(!?)\[[^\]]*\]\(([^)\s]+)\)")
# Words to send: `…` と送る, a list item `…`：, a cell of its own in a table.
SENT = re.compile(r"(?m)`([^`\n]+)`(?:（[^）]*）)? ?と送|^ *- `([^`\n]+)`：|^\| [^|`]+ \| `([^`\n]+)` \|")
# A claim is heard before any command.
NO_COMMANDS = {"登録"}
MOST_PICTURE_BYTES = 300_000
FENCE = re.compile(r"(?ms)^ *```.*?^ *```$")


def pages() -> list[Path]:
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "bot").rglob("*.md")])


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"(?m)^#+ (.+)$", FENCE.sub("", page.read_text(encoding="utf-8")))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_inside_leads_somewhere(page: Path) -> None:
    """A page that is missing is found by the person who needed it."""
    text = re.sub(r"`[^`\n]*`", "", FENCE.sub("", page.read_text(encoding="utf-8")))
    lost = []
    for target in [*(target for _, target in LINK.findall(text)), *re.findall(r'<img src="([^"]+)"', text)]:
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


def test_every_word_the_guides_tell_to_send_is_one_staff_can_send() -> None:
    """Else the newcomer's first word is answered by a question."""
    spellings = {spelling for family in FAMILIES for command in family.commands for spelling in command.spellings}
    guides = [
        ROOT / "README.md",
        *(ROOT / "docs/ja/はじめる").glob("*.md"),
        *(ROOT / "docs/ja/やりたいこと").glob("*.md"),
    ]
    spans = ("".join(found) for guide in guides for found in SENT.findall(guide.read_text(encoding="utf-8")))
    told = {span.split()[0] for span in spans}
    assert len(told) > 15
    assert told - spellings - NO_COMMANDS == set()


def test_pictures_are_light_and_each_is_shown() -> None:
    """They come with every clone."""
    shown = "".join(page.read_text(encoding="utf-8") for page in pages())
    for picture in (ROOT / "docs/img").iterdir():
        assert picture.stat().st_size < MOST_PICTURE_BYTES, picture.name
        assert f"img/{picture.name}" in shown


def test_every_page_is_reached_from_the_table_of_contents() -> None:
    """A page nobody is led to is read by nobody."""
    contents = ROOT / "docs/README.md"
    led_to = {
        (contents.parent / unquote(target)).resolve()
        for _, target in LINK.findall(contents.read_text(encoding="utf-8"))
    }
    folders = {page for page in led_to if page.is_dir()}
    lost = [
        page for page in (ROOT / "docs").rglob("*.md") if page not in led_to | {contents} and page.parent not in folders
    ]
    assert lost == []
