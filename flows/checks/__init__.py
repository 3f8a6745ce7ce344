"""What is wrong with a draft, before it is published; each finding with what mends it."""

from flows.catalog import Catalog
from flows.checks.clashes import check_clashes
from flows.checks.contents import check_contents
from flows.checks.finding import Finding, Level
from flows.checks.habits import check_habits
from flows.checks.limits import check_limits
from flows.checks.rankings import check_rankings
from flows.checks.references import check_references
from flows.checks.surveys import check_survey
from flows.checks.texts import check_texts
from flows.checks.ways import check_ways
from flows.scenario import Plan, Scenario

__all__ = ["Finding", "Level", "check"]

_ORDER = {Level.ERROR: 0, Level.WARNING: 1, Level.ADVICE: 2}


def check(plan: Plan, catalog: Catalog) -> tuple[Finding, ...]:
    """Everything found, errors first, each once. No error means that it can be published."""
    found = [*check_limits(plan), *check_references(plan, catalog), *check_contents(plan, catalog)]
    found += check_rankings(plan, catalog)
    if isinstance(plan, Scenario):
        found += [*check_ways(plan), *check_habits(plan, catalog)]
    else:
        found += check_survey(plan)
    found += [*check_texts(plan), *check_clashes(plan, catalog)]
    unique = {(one.rule, one.words): one for one in found}
    return tuple(sorted(unique.values(), key=lambda one: _ORDER[one.level]))
