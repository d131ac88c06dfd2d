"""URLs of asking: the teacher's pages, and the planner's pages that make surveys."""

from django.urls import path

from surveys import assisted_views, planning, sheet_views, views

app_name = "surveys"

urlpatterns = [
    path("skole/", views.teacher, name="teacher"),
    path("skole/klasse/<uuid:class_group_id>/", views.class_group, name="class-group"),
    path("skole/klasse/<uuid:class_group_id>/start/", views.start_lesson, name="start-lesson"),
    path("skole/klasse/<uuid:class_group_id>/tegn-for/", assisted_views.draw_for, name="draw-for"),
    path("skole/klasse/<uuid:class_group_id>/opplegg/", sheet_views.lesson_plan, name="lesson-plan"),
    path("skole/klasse/<uuid:class_group_id>/ark/kode/", sheet_views.code_sheet, name="code-sheet"),
    path("skole/klasse/<uuid:class_group_id>/ark/<slug:name>/", sheet_views.printed_sheet, name="sheet"),
    path("skole/okt/<uuid:lesson_id>/", views.lesson, name="lesson"),
    path("skole/okt/<uuid:lesson_id>/plasser/", views.lesson_seats, name="lesson-seats"),
    path("skole/okt/<uuid:lesson_id>/pause/", views.pause, name="pause-lesson"),
    path("skole/okt/<uuid:lesson_id>/slutt/", views.end_lesson, name="end-lesson"),
    path("skole/okt/<uuid:lesson_id>/plass/<int:number>/nullstill/", views.reset_seat, name="reset-seat"),
    path("skole/okt/<uuid:lesson_id>/plass/<int:number>/angre/", views.restore_seat, name="restore-seat"),
    path("surveys/ny/", planning.new_survey, name="new-survey"),
    path("surveys/<uuid:survey_id>/oppsett/", planning.setup, name="setup"),
    path("surveys/<uuid:survey_id>/tekster/", sheet_views.edit_sheets, name="edit-sheets"),
    path("surveys/<uuid:survey_id>/sprak/", planning.set_languages, name="set-languages"),
    path("surveys/<uuid:survey_id>/tilstand/", planning.change_state, name="change-state"),
    path("konto/nokler/", planning.access_tokens, name="access-tokens"),
    path("konto/nokler/<uuid:token_id>/trekk-tilbake/", planning.revoke_token, name="revoke-token"),
]
