"""Categories, questions and steps of a survey: made, changed, moved and taken out of use, and what answers forbid."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from mapping.bundle import build_bundle
from surveys import services
from surveys.conditions import misplaced_conditions
from surveys.errors import InvalidSurvey
from surveys.models import Category, Kind, Question, Response, Survey
from surveys.official import NONE, OfficialName
from surveys.services import CategoryValues, QuestionValues
from tests.conftest import Tablet, a_place

pytestmark = pytest.mark.django_db


def _category_values(survey: Survey, **different: Any) -> CategoryValues:
    given: dict[str, Any] = {
        "theme": survey.themes.get(code="activity"),
        "kind": Kind.PLACE,
        "words": {"nb": {"label": "Mørk sti & snø"}, "nn": {"label": "Mørk sti"}, "en": {"label": "Dark path"}},
        "icon": "leke",
        "colour": "#0f766e",
        "official": NONE,
        "modes": (),
        "max_per_response": 4,
    }
    return CategoryValues(**{**given, **different})


def _values_of(category: Category, **different: Any) -> CategoryValues:
    return CategoryValues(
        **{
            "theme": category.theme,
            "kind": Kind(category.kind),
            "words": category.words,
            "icon": category.icon,
            "colour": category.colour,
            "official": services.official_of(category),
            "modes": tuple(category.modes),
            "max_per_response": category.max_per_response,
            **different,
        }
    )


def _asked(question: Question, **different: Any) -> QuestionValues:
    return QuestionValues(
        **{
            "theme": question.theme,
            "category": question.category,
            "type": Question.Type(question.type),
            "words": question.words,
            "options": tuple(question.options),
            "rows": tuple(question.rows),
            "required": question.required,
            "min_value": question.min_value,
            "max_value": question.max_value,
            "asked_after": question.asked_after,
            "asked_if": tuple(question.asked_if),
            **different,
        }
    )


def test_a_new_category_stands_last_with_a_code_out_of_its_name(survey: Survey) -> None:
    made = services.add_category(survey=survey, values=_category_values(survey))
    again = services.add_category(survey=survey, values=_category_values(survey))
    assert (made.code, again.code) == ("mork_sti_sno", "mork_sti_sno_2")
    assert list(survey.categories.filter(theme__code="activity"))[-2:] == [made, again]
    assert survey.version < Survey.objects.get(pk=survey.pk).version


@pytest.mark.parametrize(
    ("different", "field", "message"),
    [
        ({"words": {"nn": {"label": "Sti"}}}, "label_nb", "hovedspråket"),
        ({"modes": ("ga",)}, "modes", "Bare veger"),
        ({"kind": Kind.ROUTE, "modes": ("fly",)}, "modes", "'fly' finnes ikke"),
        ({"official": OfficialName("Barneveg", "BarnevegType", "skoleveg")}, "official", "for veger"),
        ({"official": OfficialName("Aktivitet", "AktivitetType", "fly")}, "official", "finnes ikke i noen mal"),
        ({"colour": "rød"}, "colour", "#1a73e8"),
        ({"max_per_response": 0}, "max_per_response", "1"),
    ],
)
def test_a_category_that_breaks_a_rule_is_refused_at_its_field(survey: Survey, different: dict[str, Any], field: str, message: str) -> None:
    with pytest.raises(InvalidSurvey, match=message) as refused:
        services.add_category(survey=survey, values=_category_values(survey, **different))
    assert refused.value.pointer == field
    assert survey.categories.count() == 41


def test_before_anybody_has_answered_everything_of_a_category_may_change_but_its_code(survey: Survey) -> None:
    play = survey.categories.get(code="leke")
    wanted = _category_values(survey, theme=survey.themes.get(code="way"), kind=Kind.ROUTE, modes=("ga",))
    services.change_category(category=play, values=wanted, drawn_by_one=0)
    play.refresh_from_db()
    assert (play.code, play.kind, play.modes, play.theme.code, play.position) == ("leke", "route", ["ga"], "way", 2)


@pytest.mark.parametrize(
    ("code", "different", "field"),
    [
        ("leke", {"kind": Kind.AREA}, "kind"),
        ("leke", {"official": NONE}, "official"),
        ("skoleveg", {"modes": ("ga",)}, "modes"),
        ("leke", {"max_per_response": 2}, "max_per_response"),
    ],
)
def test_what_answers_mean_stays(survey: Survey, ada: Tablet, code: str, different: dict[str, Any], field: str) -> None:
    category = survey.categories.get(code=code)
    with pytest.raises(InvalidSurvey) as refused:
        services.change_category(category=category, values=_values_of(category, **different), drawn_by_one=3)
    assert refused.value.pointer == field
    category.refresh_from_db()
    assert _values_of(category) == _values_of(survey.categories.get(code=code))


def test_words_colour_picture_and_a_higher_limit_may_change_when_there_are_answers(survey: Survey, ada: Tablet) -> None:
    play = survey.categories.get(code="leke")
    wanted = _values_of(play, words={"nb": {"label": "Leik"}}, colour="#112233", icon="bade", max_per_response=3)
    with pytest.raises(InvalidSurvey, match="som ikke er sendt ennå, så grensen må være 10"):
        services.change_category(category=play, values=wanted, drawn_by_one=3)
    Response.objects.update(writable_until=timezone.now() - timedelta(seconds=1))
    changed = services.change_category(category=play, values=wanted, drawn_by_one=3)
    assert (changed.words["nb"]["label"], changed.colour, changed.icon, changed.max_per_response) == ("Leik", "#112233", "bade", 3)


def test_a_retired_category_is_offered_no_more_and_a_tablet_that_does_not_know_still_delivers(survey: Survey, ada: Tablet) -> None:
    assert ada.put(a_place()).status_code == 201
    services.retire_part(part=survey.categories.get(code="leke"))
    of_bundle = {one["code"]: one["retired"] for one in build_bundle(survey)["categories"]}
    assert (of_bundle["leke"], of_bundle["bade"], len(of_bundle)) == (True, False, 41)
    assert ada.put(a_place()).status_code == 201
    assert len(ada.read().json()["marks"]) == 2
    services.bring_back_part(part=survey.categories.get(code="leke"))
    assert not any(one["retired"] for one in build_bundle(survey)["categories"])


def test_what_somebody_else_has_deleted_meanwhile_is_told_of(survey: Survey) -> None:
    play = survey.categories.get(code="leke")
    services.delete_part(part=survey.categories.get(code="leke"))
    for change in (lambda: services.move_part(part=play, step=1), lambda: services.retire_part(part=play)):
        with pytest.raises(InvalidSurvey, match="Noen andre har slettet det"):
            change()


def test_the_last_category_of_an_open_survey_stays(survey: Survey) -> None:
    survey.categories.exclude(code="leke").update(is_retired=True)
    with pytest.raises(InvalidSurvey, match="minst én kategori"):
        services.retire_part(part=survey.categories.get(code="leke"))


def test_deleting_is_for_what_nobody_can_have_answered(survey: Survey) -> None:
    services.delete_part(part=survey.categories.get(code="leke"))
    assert survey.categories.count() == 40
    with pytest.raises(InvalidSurvey, match="egne spørsmål"):
        services.delete_part(part=survey.categories.get(code="skoleveg"))
    with pytest.raises(InvalidSurvey, match="har kategorier eller spørsmål"):
        services.delete_part(part=survey.themes.get(code="way"))


@pytest.mark.parametrize("part", ["categories", "questions"])
def test_with_answers_nothing_is_deleted_and_hiding_is_offered(survey: Survey, ada: Tablet, part: str) -> None:
    with pytest.raises(InvalidSurvey, match="Skjul det"):
        services.delete_part(part=getattr(survey, part).first())


def test_moving_goes_one_place_and_stops_at_the_edge(survey: Survey) -> None:
    def order() -> list[str]:
        return [one.code for one in survey.categories.filter(theme__code="positive")]

    before = order()
    services.move_part(part=survey.categories.get(code=before[1]), step=-1)
    assert order() == [before[1], before[0], *before[2:]]
    services.move_part(part=survey.categories.get(code=before[1]), step=-1)
    assert order() == [before[1], before[0], *before[2:]]
    services.move_part(part=survey.themes.get(code="way"), step=1)
    assert [theme.code for theme in survey.themes.all()][:2] == ["activity", "way"]


def test_questions_move_among_those_of_their_place_only(survey: Survey) -> None:
    services.move_part(part=survey.questions.get(code="dager_ute"), step=-1)
    assert [one.code for one in survey.questions.all()] == [
        "skoleveg_trygghet", "arstid", "dager_ute", "lov_a_ga", "hvor_ofte", "si_til_ordforer",
    ]  # fmt: skip


def _conditional(survey: Survey) -> Question:
    values = QuestionValues(
        theme=None,
        category=None,
        type=Question.Type.TEXT,
        words={"nb": {"label": "Hvorfor ikke?"}},
        asked_after="lov_a_ga",
        asked_if=("nei", "noen_ganger"),
    )
    return services.add_question(survey=survey, values=values)


def test_a_question_with_a_condition_is_in_the_bundle_and_its_answer_is_kept_only_where_it_is_asked(survey: Survey, ada: Tablet) -> None:
    made = _conditional(survey)
    sent = next(one for one in build_bundle(survey)["questions"] if one["code"] == made.code)
    assert sent["condition"] == {"question": "lov_a_ga", "answers": ["nei", "noen_ganger"]}
    ada.put_answers(1, {"lov_a_ga": "ja", made.code: "Langt"})
    assert ada.read().json()["answers"]["answers"] == {"lov_a_ga": "ja"}
    ada.put_answers(2, {"lov_a_ga": "nei", made.code: "Langt"})
    assert ada.read().json()["answers"]["answers"] == {"lov_a_ga": "nei", made.code: "Langt"}


@pytest.mark.parametrize(
    ("different", "message"),
    [
        ({"asked_after": "si_til_ordforer", "asked_if": ("ja",)}, "spørsmål med valg som stilles før"),
        ({"asked_after": "skoleveg_trygghet", "asked_if": ("1",)}, "spørsmål med valg som stilles før"),
        ({"asked_after": "lov_a_ga", "asked_if": ("kanskje",)}, "har ikke svaret 'kanskje'"),
        ({"asked_after": "lov_a_ga", "asked_if": ()}, "både et tidligere spørsmål og"),
    ],
)
def test_a_condition_that_can_never_be_met_is_refused(survey: Survey, different: dict[str, Any], message: str) -> None:
    made = _conditional(survey)
    with pytest.raises(InvalidSurvey, match=message):
        services.change_question(question=made, values=_asked(made, **different))


def test_what_a_condition_needs_is_not_taken_from_it(survey: Survey) -> None:
    made = _conditional(survey)
    first = survey.questions.get(code="lov_a_ga")
    with pytest.raises(InvalidSurvey, match="«Hvorfor ikke\\?» stilles bare etter"):
        services.retire_part(part=first)
    with pytest.raises(InvalidSurvey, match="«Hvorfor ikke\\?» stilles bare etter"):
        services.delete_part(part=first)
    with pytest.raises(InvalidSurvey, match="stilles etter svaret «Nei»"):
        services.change_question(question=first, values=_asked(first, options=("ja", "noen_ganger")))
    for _ in range(3):
        services.move_part(part=made, step=-1)
    with pytest.raises(InvalidSurvey, match="må komme etter det"):
        services.move_part(part=made, step=-1)
    assert misplaced_conditions(list(survey.questions.select_related("theme"))) == []


@pytest.mark.parametrize(
    ("code", "different", "field"),
    [
        ("lov_a_ga", {"type": Question.Type.MULTIPLE}, "type"),
        ("lov_a_ga", {"options": ("ja", "nei")}, "options"),
        ("hvor_ofte", {"rows": ("skogen",)}, "rows"),
        ("dager_ute", {"max_value": 5}, "min_value"),
        ("dager_ute", {"min_value": 1}, "min_value"),
        ("si_til_ordforer", {"asked_after": "lov_a_ga", "asked_if": ("nei",)}, "asked_after"),
    ],
)
def test_what_an_answer_means_stays(survey: Survey, ada: Tablet, code: str, different: dict[str, Any], field: str) -> None:
    question = survey.questions.get(code=code)
    with pytest.raises(InvalidSurvey) as refused:
        services.change_question(question=question, values=_asked(question, **different))
    assert refused.value.pointer == field


def test_a_question_stays_where_it_is_asked_when_there_are_answers(survey: Survey, ada: Tablet) -> None:
    question = survey.questions.get(code="lov_a_ga")
    with pytest.raises(InvalidSurvey, match="hvor det stilles"):
        services.change_question(question=question, values=_asked(question, theme=survey.themes.get(code="way")))


def test_more_choices_wider_limits_and_other_words_are_welcome_when_there_are_answers(survey: Survey, ada: Tablet) -> None:
    question = survey.questions.get(code="lov_a_ga")
    words = {**question.words, "nb": {"label": "Får du gå alene?", "options": {**question.words["nb"]["options"], "vet_ikke": "Vet ikke"}}}
    services.change_question(
        question=question, values=_asked(question, options=("vet_ikke", *question.options), words=words, required=True)
    )
    days = survey.questions.get(code="dager_ute")
    services.change_question(question=days, values=_asked(days, max_value=None))
    made = _conditional(survey)
    services.change_question(question=made, values=_asked(made, asked_if=(*made.asked_if, "vet_ikke")))
    with pytest.raises(InvalidSurvey, match="må stilles til alle"):
        services.change_question(question=made, values=_asked(survey.questions.get(pk=made.pk), asked_if=("nei",)))
    services.change_question(question=made, values=_asked(made, asked_after="", asked_if=()))


@pytest.mark.parametrize(
    ("different", "message"),
    [
        ({"type": Question.Type.SINGLE, "options": ("ja",)}, "minst 2 svaralternativer"),
        ({"type": Question.Type.MATRIX, "options": ("ja", "nei")}, "minst én rad"),
        ({"type": Question.Type.NUMBER, "min_value": 7, "max_value": 3}, "minste tallet \\(7\\)"),
    ],
)
def test_a_question_without_what_its_type_needs_is_refused(survey: Survey, different: dict[str, Any], message: str) -> None:
    values = QuestionValues(theme=None, category=None, type=Question.Type.TEXT, words={"nb": {"label": "Hva?"}})
    with pytest.raises(InvalidSurvey, match=message):
        services.add_question(survey=survey, values=replace(values, **different))


def test_a_part_of_another_survey_is_refused(survey: Survey, bo: Tablet) -> None:
    other = Survey.objects.exclude(pk=survey.pk).get()
    with pytest.raises(InvalidSurvey, match="annen undersøkelse"):
        services.add_category(survey=survey, values=_category_values(other))


def test_a_step_is_added_changed_and_deleted_while_it_is_empty(survey: Survey) -> None:
    words = {"nb": {"label": "Vinter", "prompt": "Hvor er du om vinteren?"}}
    theme = services.add_theme(survey=survey, words=words, icon="activity", colour="#336699")
    assert (theme.code, theme.position) == ("vinter", 5)
    services.change_theme(theme=theme, words=words, icon="way", colour="#336699")
    services.delete_part(part=theme)
    assert survey.themes.count() == 5
