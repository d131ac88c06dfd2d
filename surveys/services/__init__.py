"""Every write to the tables of asking: a verb each, keyword-only arguments, one transaction."""

from surveys.services.languages import set_survey_languages
from surveys.services.lessons import close_lesson, open_lesson, pause_lesson
from surveys.services.people import add_member, make_access_token, revoke_access_token
from surveys.services.places import import_municipalities, import_schools
from surveys.services.responses import Joined, finish, join, put_answers, require_writable, withdraw
from surveys.services.surveys import add_class_group, close_survey, create_survey_from_template, delete_survey, open_survey, restore_survey

__all__ = [
    "Joined",
    "add_class_group",
    "add_member",
    "close_lesson",
    "close_survey",
    "create_survey_from_template",
    "delete_survey",
    "finish",
    "import_municipalities",
    "import_schools",
    "join",
    "make_access_token",
    "open_lesson",
    "open_survey",
    "pause_lesson",
    "put_answers",
    "require_writable",
    "restore_survey",
    "revoke_access_token",
    "set_survey_languages",
    "withdraw",
]
