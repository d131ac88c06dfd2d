"""The tables of asking: people and places, surveys, and the lessons in which they are answered."""

from surveys.models.lesson import ClassGroup, Entry, GradeBand, Lesson, Presence, Response, WrongTry
from surveys.models.people import AccessToken, Membership, Role, User
from surveys.models.place import Municipality, School
from surveys.models.survey import Category, Kind, Question, Survey, Theme

__all__ = [
    "AccessToken",
    "Category",
    "ClassGroup",
    "Entry",
    "GradeBand",
    "Kind",
    "Lesson",
    "Membership",
    "Municipality",
    "Presence",
    "Question",
    "Response",
    "Role",
    "School",
    "Survey",
    "Theme",
    "User",
    "WrongTry",
]
