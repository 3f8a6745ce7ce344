"""Everything that can be asked about a friend. Add a file, add it to CONDITIONS."""

from flows.conditions.activity import Bought, InScenario, JoinedDays, SilentFor
from flows.conditions.base import Condition, Index, Members, Rank, Sight, Truth
from flows.conditions.built_in import BuiltInFilled, BuiltInIs
from flows.conditions.labels import FieldFilled, FieldIs, FromRoute, Named, ScoreIs, Tagged
from flows.conditions.logic import AllOf, AnyOf, Everyone, Except, echo
from flows.conditions.periods import JoinedIn
from flows.conditions.ranking import Top
from flows.conditions.reactions import Pressed, Reached
from flows.conditions.responding import Responds

CONDITIONS: tuple[type[Condition], ...] = (
    Everyone,
    AnyOf,
    AllOf,
    Except,
    Tagged,
    Named,
    FieldFilled,
    FieldIs,
    BuiltInFilled,
    BuiltInIs,
    ScoreIs,
    FromRoute,
    Top,
    JoinedDays,
    JoinedIn,
    SilentFor,
    Responds,
    Bought,
    InScenario,
    Pressed,
    Reached,
)

__all__ = [
    "CONDITIONS",
    "AllOf",
    "AnyOf",
    "Bought",
    "BuiltInFilled",
    "BuiltInIs",
    "Condition",
    "Everyone",
    "Except",
    "FieldFilled",
    "FieldIs",
    "FromRoute",
    "InScenario",
    "Index",
    "JoinedDays",
    "JoinedIn",
    "Members",
    "Named",
    "Pressed",
    "Rank",
    "Reached",
    "Responds",
    "ScoreIs",
    "Sight",
    "SilentFor",
    "Tagged",
    "Top",
    "Truth",
    "echo",
]
