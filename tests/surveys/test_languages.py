"""Languages: drafts are off until an operator turns them on, and a language with a missing word is offered nowhere."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from surveys import catalog, services
from surveys.catalog import TEXTS_DIR, pupil_texts
from surveys.errors import InvalidSurvey
from surveys.languages import (
    DRAFT,
    allowed_languages,
    complete_languages,
    drafts,
    known_languages,
    languages_before_code,
    missing_words,
    offered_languages,
)
from surveys.models import Municipality, School, Survey, User
from tests.factories import MunicipalityFactory, UserFactory, make_survey

pytestmark = pytest.mark.django_db

ARABIC = '"code": "ar"'
ALL = ["nb", "nn", "se", "en", "uk", "ar"]


@pytest.fixture
def with_drafts(municipality: Municipality) -> Municipality:
    """The municipality whose operator has turned all drafts on."""
    municipality.draft_languages = drafts()
    municipality.save()
    return municipality


@pytest.fixture
def in_all(with_drafts: Municipality, school: School) -> Survey:
    """A survey in every language there is."""
    return services.set_survey_languages(survey=make_survey(municipality=with_drafts, schools=[school]), languages=ALL)


def _parts(survey: Survey) -> list[Any]:
    return [*survey.themes.all(), *survey.categories.all(), *survey.questions.all()]


def _offered(survey: Survey) -> list[str]:
    fresh = Survey.objects.select_related("municipality").get(pk=survey.pk)
    return offered_languages(fresh, _parts(fresh))


def test_three_languages_are_reviewed_and_three_are_drafts_that_say_so() -> None:
    assert complete_languages() == list(known_languages()) == ALL
    assert drafts() == ["se", "uk", "ar"]
    assert known_languages()["nn"].label == "Nynorsk (nynorsk)"
    assert known_languages()["ar"].label == "العربية (arabisk) – Utkast: ikke lest av en som har språket som morsmål"
    assert {code for code in ALL if known_languages()[code].direction == "rtl"} == {"ar"}


def test_a_draft_is_off_until_it_is_turned_on_for_the_municipality(municipality: Municipality) -> None:
    assert allowed_languages(municipality) == ["nb", "nn", "en"]
    municipality.draft_languages = ["ar"]
    assert allowed_languages(municipality) == ["nb", "nn", "en", "ar"]


def test_a_new_survey_takes_the_languages_its_municipality_may_use(with_drafts: Municipality) -> None:
    assert make_survey(municipality=with_drafts, schools=[]).languages == ALL
    assert make_survey(municipality=MunicipalityFactory.create(), schools=[]).languages == ["nb", "nn", "en"]


def test_a_survey_in_every_language_is_offered_in_every_language_with_nothing_missing(in_all: Survey) -> None:
    assert _offered(in_all) == ALL
    assert [missing_words(in_all, _parts(in_all), code) for code in ALL] == [[]] * len(ALL)


def _no_title(survey: Survey) -> None:
    del survey.title["ar"]
    survey.save()


def _no_mode(survey: Survey) -> None:
    survey.modes["ga"]["words"]["ar"] = " "
    survey.save()


def _drop(manager: str, code: str, *path: str) -> Callable[[Survey], None]:
    def drop(survey: Survey) -> None:
        part = getattr(survey, manager).get(code=code)
        words = part.words["ar"]
        for key in path[:-1]:
            words = words[key]
        del words[path[-1]]
        part.save()

    return drop


@pytest.mark.parametrize(
    ("lose", "named"),
    [
        (_no_title, "tittelen"),
        (_no_mode, "transportmiddel ga"),
        (_drop("themes", "way", "prompt"), "tema way"),
        (_drop("categories", "leke", "label"), "kategori leke"),
        (_drop("questions", "arstid", "options", "host"), "spørsmål arstid"),
        (_drop("questions", "hvor_ofte", "rows", "skogen"), "spørsmål hvor_ofte"),
        (_drop("questions", "si_til_ordforer", "help"), "spørsmål si_til_ordforer"),
    ],
)
def test_a_language_with_one_missing_word_of_the_survey_is_never_offered(
    in_all: Survey, lose: Callable[[Survey], None], named: str
) -> None:
    lose(in_all)
    assert _offered(in_all) == ["nb", "nn", "se", "en", "uk"]
    assert missing_words(in_all, _parts(in_all), "ar") == [named]


def test_the_tablet_is_given_the_words_of_the_offered_languages_and_no_others(in_all: Survey, client: Client) -> None:
    _drop("categories", "leke", "label")(in_all)
    bundle = client.get(f"/api/v1/surveys/{in_all.pk}/bundle").json()
    offered = {"nb", "nn", "se", "en", "uk"}
    assert {one["code"] for one in bundle["languages"]} == set(bundle["texts"]) == set(bundle["title"]) == offered
    for part in [*bundle["themes"], *bundle["categories"], *bundle["modes"], *bundle["questions"]]:
        assert set(part["words"]) == offered


def test_arabic_runs_from_right_to_left_in_the_bundle(in_all: Survey, client: Client) -> None:
    bundle = client.get(f"/api/v1/surveys/{in_all.pk}/bundle").json()
    assert bundle["languages"][-1] == {"code": "ar", "name": "العربية", "dir": "rtl"}
    assert {one["dir"] for one in bundle["languages"][:-1]} == {"ltr"}


@pytest.fixture
def page_without_one_arabic_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The texts of the pupils' page, where Arabic lacks the word for Next."""
    for file in TEXTS_DIR.glob("*.yaml"):
        text = file.read_text(encoding="utf-8")
        (tmp_path / file.name).write_text(text.replace("next: التالي\n", ""), encoding="utf-8")
    monkeypatch.setattr(catalog, "TEXTS_DIR", tmp_path)
    pupil_texts.cache_clear()
    yield
    pupil_texts.cache_clear()


def test_a_language_with_one_missing_word_of_the_page_is_never_offered(in_all: Survey, page_without_one_arabic_word: None) -> None:
    assert "ar" not in complete_languages()
    assert _offered(in_all) == ["nb", "nn", "se", "en", "uk"]
    assert "ar" not in languages_before_code()
    with pytest.raises(InvalidSurvey, match="Elevsida mangler ord på arabisk"):
        services.set_survey_languages(survey=in_all, languages=ALL)


def test_turning_a_draft_off_takes_it_away_from_the_pupils_at_once(in_all: Survey, with_drafts: Municipality) -> None:
    with_drafts.draft_languages = ["se"]
    with_drafts.save()
    assert _offered(in_all) == ["nb", "nn", "se", "en"]


def test_a_survey_without_any_complete_language_is_offered_in_its_main_one(in_all: Survey) -> None:
    Survey.objects.filter(pk=in_all.pk).update(languages=["nn"], default_language="nn", title={"nb": "Barnetråkk", "nn": ""})
    assert _offered(in_all) == ["nn"]


def test_before_the_code_a_draft_is_offered_only_where_everybody_who_asks_has_it_on(in_all: Survey, client: Client) -> None:
    assert languages_before_code() == ALL
    assert ARABIC in client.get(reverse("mapping:draw")).content.decode()
    make_survey(municipality=MunicipalityFactory.create(draft_languages=["se"]), schools=[])
    assert languages_before_code() == ["nb", "nn", "se", "en"]
    assert ARABIC not in client.get(reverse("mapping:draw")).content.decode()
    Survey.objects.update(status=Survey.Status.DRAFT)
    assert languages_before_code() == ["nb", "nn", "en"]


def test_a_planner_cannot_choose_a_draft_that_is_off(survey: Survey) -> None:
    with pytest.raises(InvalidSurvey, match=f"nordsamisk. er slått av i Bergen. {DRAFT}"):
        services.set_survey_languages(survey=survey, languages=["nb", "se"])
    with pytest.raises(InvalidSurvey, match=r"'fi' finnes ikke. Velg blant nb, nn, se"):
        services.set_survey_languages(survey=survey, languages=["nb", "fi"])
    with pytest.raises(InvalidSurvey, match="Hovedspråket Bokmål må være med"):
        services.set_survey_languages(survey=survey, languages=["nn"])
    survey.refresh_from_db()
    assert (survey.languages, survey.version) == (["nb", "nn", "en"], 1)
    with pytest.raises(InvalidSurvey, match="er slått av i Bergen"):
        make_survey(municipality=survey.municipality, schools=[], languages=["nb", "ar"])


def test_an_older_survey_takes_new_languages_from_its_template_but_not_over_its_own_words(
    survey: Survey, with_drafts: Municipality
) -> None:
    for part in _parts(survey):
        part.words = {code: part.words[code] for code in ("nb", "nn", "en")}
        part.save()
    survey.municipality = with_drafts
    services.set_survey_languages(survey=survey, languages=["nb", "uk"])
    assert survey.categories.get(code="leke").words["uk"] == {"label": "Граюся"}
    assert survey.title["uk"] == survey.title["nb"]
    assert (survey.languages, survey.version) == (["nb", "uk"], 2)
    own = survey.categories.get(code="leke")
    own.words = {"nb": {"label": "Leker i snøen"}}
    own.save()
    with pytest.raises(InvalidSurvey, match="mangler ord på arabisk for kategori leke"):
        services.set_survey_languages(survey=survey, languages=["nb", "ar"])


def test_the_setup_page_takes_languages_and_tells_why_one_cannot_be_had(client: Client, pia: User, survey: Survey) -> None:
    client.force_login(pia)
    url = reverse("surveys:set-languages", args=[survey.pk])
    assert DRAFT in client.get(reverse("surveys:setup", args=[survey.pk])).content.decode()
    page = client.post(url, {"languages": ["nb", "ar"]}).content.decode()
    assert "العربية (arabisk) er slått av i Bergen. Utkast: ikke lest av en som har språket som morsmål." in page
    assert "Velg minst ett språk." in client.post(url, {}).content.decode()
    answer = client.post(url, {"languages": ["en", "nb"]}, follow=True)
    assert "Språkene er lagret." in answer.content.decode()
    survey.refresh_from_db()
    assert survey.languages == ["nb", "en"]


def test_an_operator_turns_a_draft_on_in_the_admin_and_reads_what_it_is(client: Client, municipality: Municipality) -> None:
    client.force_login(UserFactory.create(is_staff=True, is_superuser=True))
    url = reverse("admin:surveys_municipality_change", args=[municipality.pk])
    page = client.get(url).content.decode()
    assert page.count(DRAFT) == 3
    form = {"number": municipality.number, "name": municipality.name, "metric_srid": "25832", "boundary": municipality.boundary.geojson}
    assert client.post(url, {**form, "draft_languages": ["nb"]}).status_code == 200, "bokmål is no draft"
    assert client.post(url, {**form, "draft_languages": ["ar", "se"]}).status_code == 302
    municipality.refresh_from_db()
    assert set(municipality.draft_languages) == {"ar", "se"}
