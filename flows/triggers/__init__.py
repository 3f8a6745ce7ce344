"""Everything that can start a scenario. Add a file, add it to TRIGGERS, in the order in which errors offer them."""

from flows.triggers.absence import SilentDays, WithoutWithin
from flows.triggers.base import Trigger
from flows.triggers.doings import AnswerGiven, LinkClicked, ScenarioDone, Something, SurveyDone
from flows.triggers.labels import ScoreCrossed, TagGained
from flows.triggers.people import ByHand, FriendAdded, FriendBack, RouteEntered
from flows.triggers.sayings import KeywordSaid

TRIGGERS: tuple[type[Trigger], ...] = (
    FriendAdded,
    TagGained,
    KeywordSaid,
    RouteEntered,
    Something,
    ScoreCrossed,
    SilentDays,
    AnswerGiven,
    SurveyDone,
    ScenarioDone,
    LinkClicked,
    WithoutWithin,
    FriendBack,
    ByHand,
)

__all__ = [
    "TRIGGERS",
    "AnswerGiven",
    "ByHand",
    "FriendAdded",
    "FriendBack",
    "KeywordSaid",
    "LinkClicked",
    "RouteEntered",
    "ScenarioDone",
    "ScoreCrossed",
    "SilentDays",
    "Something",
    "SurveyDone",
    "TagGained",
    "Trigger",
    "WithoutWithin",
]
