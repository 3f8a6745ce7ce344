"""One performer for each kind of effect: it acts on the world, and says what is to become of the entry."""

from bot.performers.base import Dead, Done, Hold, Later, Performed, Performer
from bot.performers.learn_name import LearnNamePerformer
from bot.performers.link_menu import LinkMenuPerformer
from bot.performers.send import SendPerformer
from bot.performers.tell_staff import TellStaffPerformer

__all__ = [
    "Dead",
    "Done",
    "Hold",
    "Later",
    "LearnNamePerformer",
    "LinkMenuPerformer",
    "Performed",
    "Performer",
    "SendPerformer",
    "TellStaffPerformer",
]
