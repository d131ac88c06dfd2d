"""Every write to the tables of asking: a verb each, keyword-only arguments, one transaction."""

from surveys.services.assisted import draw_for, drawn_by_adults, join_for
from surveys.services.categories import CategoryValues, add_category, add_theme, change_category, change_theme, official_of
from surveys.services.editing import free_code, has_answers
from surveys.services.languages import set_survey_languages
from surveys.services.layers import LayerAbout, change_layer, delete_layer, guessed_name, import_layer, replace_layer, upload_layer
from surveys.services.lessons import close_lesson, open_lesson, pause_lesson, reset_seat, restore_seat
from surveys.services.parts import bring_back_part, delete_part, move_part, retire_part
from surveys.services.people import add_member, make_access_token, revoke_access_token
from surveys.services.places import import_municipalities, import_schools
from surveys.services.presence import pulse
from surveys.services.questions import QuestionValues, add_question, change_question
from surveys.services.responses import Joined, finish, join, put_answers, receipt_of, require_writable, withdraw
from surveys.services.rights import find_by_receipt, let_in_late, take_up
from surveys.services.rules import Rules, change_area, change_rules, copy_survey, set_schools
from surveys.services.surveys import (
    add_class_group,
    change_sheets,
    close_survey,
    create_survey_from_template,
    delete_survey,
    open_survey,
    restore_survey,
    why_no_survey_day,
)
from surveys.services.withdrawals import delete_for_good

__all__ = [
    "CategoryValues",
    "Joined",
    "LayerAbout",
    "QuestionValues",
    "Rules",
    "add_category",
    "add_class_group",
    "add_member",
    "add_question",
    "add_theme",
    "bring_back_part",
    "change_area",
    "change_category",
    "change_layer",
    "change_question",
    "change_rules",
    "change_sheets",
    "change_theme",
    "close_lesson",
    "close_survey",
    "copy_survey",
    "create_survey_from_template",
    "delete_for_good",
    "delete_layer",
    "delete_part",
    "delete_survey",
    "draw_for",
    "drawn_by_adults",
    "find_by_receipt",
    "finish",
    "free_code",
    "guessed_name",
    "has_answers",
    "import_layer",
    "import_municipalities",
    "import_schools",
    "join",
    "join_for",
    "let_in_late",
    "make_access_token",
    "move_part",
    "official_of",
    "open_lesson",
    "open_survey",
    "pause_lesson",
    "pulse",
    "put_answers",
    "receipt_of",
    "replace_layer",
    "require_writable",
    "reset_seat",
    "restore_seat",
    "restore_survey",
    "retire_part",
    "revoke_access_token",
    "set_schools",
    "set_survey_languages",
    "take_up",
    "upload_layer",
    "why_no_survey_day",
    "withdraw",
]
