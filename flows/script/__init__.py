"""The scenario as text: grammars, reading, writing, and what is wrong and where."""

from flows.script.brought import actions_of_body, new_names, new_names_of
from flows.script.calendar import parse_moment
from flows.script.cards import parse_cards
from flows.script.conditions import parse_condition
from flows.script.diffing import Difference, diff
from flows.script.drawing import timeline
from flows.script.effects import parse_effects
from flows.script.ids import settle_ids
from flows.script.known import NewName, Sort, with_new_names
from flows.script.parts import Part, Waiting, cut, join, looks_like_script, part_of
from flows.script.problems import Mend, Problem, Problems, mended
from flows.script.reading import Script, read
from flows.script.rich import parse_rich
from flows.script.settings import parse_caps, parse_period, parse_windows
from flows.script.times import parse_when
from flows.script.titles import title_slip
from flows.script.triggers import parse_trigger
from flows.script.writing import body_words, effect_words, tidy, write

__all__ = [
    "Difference",
    "Mend",
    "NewName",
    "Part",
    "Problem",
    "Problems",
    "Script",
    "Sort",
    "Waiting",
    "actions_of_body",
    "body_words",
    "cut",
    "diff",
    "effect_words",
    "join",
    "looks_like_script",
    "mended",
    "new_names",
    "new_names_of",
    "parse_caps",
    "parse_cards",
    "parse_condition",
    "parse_effects",
    "parse_moment",
    "parse_period",
    "parse_rich",
    "parse_trigger",
    "parse_when",
    "parse_windows",
    "part_of",
    "read",
    "settle_ids",
    "tidy",
    "timeline",
    "title_slip",
    "with_new_names",
    "write",
]
