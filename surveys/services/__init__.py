"""Every write to the tables of asking: a verb each, keyword-only arguments, one transaction."""

from surveys.services.assisted import draw_for, drawn_by_adults, join_for
from surveys.services.languages import set_survey_languages
from surveys.services.layers import import_layer
from surveys.services.lessons import close_lesson, open_lesson, pause_lesson, reset_seat, restore_seat
from surveys.services.people import add_member, make_access_token, revoke_access_token
from surveys.services.places import import_municipalities, import_schools
from surveys.services.presence import pulse
from surveys.services.responses import Joined, finish, join, put_answers, receipt_of, require_writable, withdraw
from surveys.services.rights import find_by_receipt, let_in_late, take_up
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
    "Joined",
    "add_class_group",
    "add_member",
    "change_sheets",
    "close_lesson",
    "close_survey",
    "create_survey_from_template",
    "delete_for_good",
    "delete_survey",
    "draw_for",
    "drawn_by_adults",
    "find_by_receipt",
    "finish",
    "import_layer",
    "import_municipalities",
    "import_schools",
    "join",
    "join_for",
    "let_in_late",
    "make_access_token",
    "open_lesson",
    "open_survey",
    "pause_lesson",
    "pulse",
    "put_answers",
    "receipt_of",
    "require_writable",
    "reset_seat",
    "restore_seat",
    "restore_survey",
    "revoke_access_token",
    "set_survey_languages",
    "take_up",
    "why_no_survey_day",
    "withdraw",
]
