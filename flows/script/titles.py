"""How scenarios and surveys may be called."""

from __future__ import annotations

from flows.catalog import Catalog
from flows.names import fold
from flows.scenario import Scenario
from flows.script.lines import SCENARIO, Line
from flows.script.pages import Pages


def title_slip(name: str, catalog: Catalog, *, is_survey: bool) -> str:
    """Why a scenario or survey may not be called so, "" if it may."""
    entry = catalog.plans.get(fold(name))
    newest = entry and (entry.draft or entry.versions.get(entry.current))
    if newest and isinstance(newest, Scenario) is is_survey:
        other = "アンケート" if not is_survey else SCENARIO
        return f"「{name}」という名前の{other}がもうあります。シナリオとアンケートは、同じ名前にできません。"
    return ""


def check_title(pages: Pages, line: Line, name: str, catalog: Catalog) -> None:
    """Note a name that may not be used."""
    if slip := title_slip(name, catalog, is_survey=line.word != SCENARIO):
        pages.report(line, slip, example=f"{line.fold.source}1")
