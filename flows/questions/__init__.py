"""Everything that can be asked in the talk. Add a file, add it to QUESTIONS."""

from flows.questions.base import Heard, Option, Question, Reading, Retry, Understood
from flows.questions.choice import Choice, Choices
from flows.questions.contact import Mail, Phone, Prefecture
from flows.questions.days import Date, Moment
from flows.questions.things import Photo, Place
from flows.questions.writing import FreeText, Number

QUESTIONS: tuple[type[Question], ...] = (
    Choice,
    Choices,
    FreeText,
    Number,
    Date,
    Moment,
    Mail,
    Phone,
    Prefecture,
    Photo,
    Place,
)

__all__ = [
    "QUESTIONS",
    "Choice",
    "Choices",
    "Date",
    "FreeText",
    "Heard",
    "Mail",
    "Moment",
    "Number",
    "Option",
    "Phone",
    "Photo",
    "Place",
    "Prefecture",
    "Question",
    "Reading",
    "Retry",
    "Understood",
]
