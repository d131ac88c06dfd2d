"""The tables of asking: people and places, surveys, and the lessons in which they are answered."""

from surveys.models.layer import Layer, LayerFeature
from surveys.models.lesson import ClassGroup, Entry, GradeBand, Lesson, Presence, Response, WithdrawnResponse, WrongTry
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
    "Layer",
    "LayerFeature",
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
    "WithdrawnResponse",
    "WrongTry",
]
