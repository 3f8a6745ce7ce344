"""The scenario as text: grammars, reading, writing, and what is wrong and where."""

from flows.script.brought import new_names
from flows.script.conditions import parse_condition
from flows.script.effects import parse_effects
from flows.script.known import NewName, Sort, with_new_names
from flows.script.problems import Mend, Problem, Problems, mended
from flows.script.reading import Script, read
from flows.script.settings import parse_caps, parse_period, parse_windows
from flows.script.times import parse_when
from flows.script.triggers import parse_trigger
from flows.script.writing import tidy, write

__all__ = [
    "Mend",
    "NewName",
    "Problem",
    "Problems",
    "Script",
    "Sort",
    "mended",
    "new_names",
    "parse_caps",
    "parse_condition",
    "parse_effects",
    "parse_period",
    "parse_trigger",
    "parse_when",
    "parse_windows",
    "read",
    "tidy",
    "with_new_names",
    "write",
]
