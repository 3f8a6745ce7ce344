"""Everything that can start a scenario. Add a file, add it to TRIGGERS."""

from flows.triggers.absence import SilentDays, WithoutWithin
from flows.triggers.base import Trigger
from flows.triggers.doings import AnswerGiven, LinkClicked, ScenarioDone, Something, SurveyDone
from flows.triggers.labels import ScoreCrossed, TagGained
from flows.triggers.people import ByHand, FriendAdded, FriendBack, RouteEntered
from flows.triggers.sayings import KeywordSaid

TRIGGERS: tuple[type[Trigger], ...] = (
    FriendAdded,
    FriendBack,
    RouteEntered,
    TagGained,
    KeywordSaid,
    AnswerGiven,
    SurveyDone,
    ScenarioDone,
    LinkClicked,
    Something,
    ScoreCrossed,
    SilentDays,
    WithoutWithin,
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
