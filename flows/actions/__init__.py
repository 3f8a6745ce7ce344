"""Everything that can be done to a friend by a choice, a step, a rule or staff. Add a file, add it to ACTIONS."""

from flows.actions.base import Action, Deed
from flows.actions.journeys import EndScenario, GoTo, JumpTo, OpenSurvey, StartScenario, StopScenario
from flows.actions.labels import AddScore, AddTag, RemoveTag, SetField
from flows.actions.people import AwaitReply, NotifyStaff
from flows.actions.things import RunBundle, SendPart, ShowMenu

ACTIONS: tuple[type[Action], ...] = (
    AddTag,
    RemoveTag,
    AddScore,
    SetField,
    GoTo,
    JumpTo,
    StartScenario,
    StopScenario,
    OpenSurvey,
    ShowMenu,
    SendPart,
    RunBundle,
    NotifyStaff,
    AwaitReply,
    EndScenario,
)

__all__ = [
    "ACTIONS",
    "Action",
    "AddScore",
    "AddTag",
    "AwaitReply",
    "Deed",
    "EndScenario",
    "GoTo",
    "JumpTo",
    "NotifyStaff",
    "OpenSurvey",
    "RemoveTag",
    "RunBundle",
    "SendPart",
    "SetField",
    "ShowMenu",
    "StartScenario",
    "StopScenario",
]
