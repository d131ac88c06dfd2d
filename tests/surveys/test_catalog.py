"""The survey templates: complete in every language they offer, drawn with icons that exist, refused when they are not."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from pydantic import ValidationError

from surveys import catalog
from surveys.catalog import CATALOG_DIR, SurveyTemplate, pupil_texts, read_template, template_codes
from surveys.errors import InvalidSurvey

IMAGES = Path(settings.BASE_DIR) / "static" / "img"
# The official lists; "" and "Endring" are ours: the national specification has no object for a wish.
OFFICIAL = {
    "Barneveg": "BarnevegType",
    "Aktivitet": "AktivitetType",
    "PositivOpplevelse": "PositivOpplevelseType",
    "NegativOpplevelse": "NegativOpplevelseType",
    "": "Endring",
}


@pytest.fixture(params=template_codes())
def template(request: pytest.FixtureRequest) -> SurveyTemplate:
    """Every template there is."""
    return read_template(request.param)


@pytest.fixture
def raw() -> dict[str, Any]:
    """The default template as plain data, to be broken."""
    data: dict[str, Any] = yaml.safe_load((CATALOG_DIR / "barnetrakk.yaml").read_text(encoding="utf-8"))
    return data


def test_the_default_template_has_both_norwegian_languages_english_and_the_three_drafts() -> None:
    assert "barnetrakk" in template_codes()
    assert set(read_template("barnetrakk").languages) == {"nb", "nn", "en", "se", "uk", "ar"}


@pytest.fixture
def catalog_with_uk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A catalogue of our own with the default template and its Ukrainian words; the file of the words, to be changed."""
    (tmp_path / "words").mkdir()
    for name in ("barnetrakk.yaml", "words/barnetrakk.uk.yaml"):
        (tmp_path / name).write_text((CATALOG_DIR / name).read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(catalog, "CATALOG_DIR", tmp_path)
    read_template.cache_clear()
    yield tmp_path / "words" / "barnetrakk.uk.yaml"
    read_template.cache_clear()


@pytest.mark.parametrize("line", ["questions.arstid.options.host: Восени\n", "modes.bat: Човен\n", "categories.stoy.label: Шум\n"])
def test_a_language_whose_file_lacks_one_word_of_the_template_is_left_out(catalog_with_uk: Path, line: str) -> None:
    text = catalog_with_uk.read_text(encoding="utf-8")
    assert read_template("barnetrakk").languages == ["nb", "nn", "en", "uk"]
    assert line in text
    catalog_with_uk.write_text(text.replace(line, f"{line.partition(': ')[0]}: ''\n"), encoding="utf-8")
    read_template.cache_clear()
    assert read_template("barnetrakk").languages == ["nb", "nn", "en"]


def test_a_word_for_what_the_template_does_not_have_is_refused(catalog_with_uk: Path) -> None:
    with catalog_with_uk.open("a", encoding="utf-8") as file:
        file.write("categories.stoj.label: Шум\n")
    with pytest.raises(InvalidSurvey, match=r"barnetrakk.uk.yaml .*categories.stoj.label"):
        read_template("barnetrakk")


def test_everything_a_pupil_reads_has_words_in_every_language(template: SurveyTemplate) -> None:
    for language in template.languages:
        assert template.words[language]["label"]
        for theme in template.themes:
            assert theme.words[language]["label"].strip(), (theme.code, language)
            assert theme.words[language]["prompt"].strip(), (theme.code, language)
            for category in theme.categories:
                assert category.words[language]["label"].strip(), (category.code, language)
        for question in template.questions:
            words = question.words[language]
            assert words["label"].strip(), (question.code, language)
            assert set(words.get("options", {})) == set(question.options), (question.code, language)
            assert set(words.get("rows", {})) == set(question.rows), (question.code, language)
        for code, mode in template.modes.items():
            assert mode.words[language].strip(), (code, language)


def test_every_icon_named_is_a_picture_that_is_there(template: SurveyTemplate) -> None:
    wanted = [f"themes/{theme.icon}.svg" for theme in template.themes]
    wanted += [f"categories/{category.icon or category.code}.svg" for theme in template.themes for category in theme.categories]
    wanted += [f"categories/{mode.icon}.svg" for mode in template.modes.values()]
    assert [name for name in wanted if not (IMAGES / name).is_file()] == []


def test_codes_are_unique_and_everything_referred_to_exists(template: SurveyTemplate) -> None:
    themes = [theme.code for theme in template.themes]
    categories = [category.code for theme in template.themes for category in theme.categories]
    questions = [question.code for question in template.questions]
    for codes in (themes, categories, questions):
        assert len(codes) == len(set(codes))
    assert {question.theme for question in template.questions} - {None} <= set(themes)
    assert {question.category for question in template.questions} - {None} <= set(categories)
    used = {mode for theme in template.themes for category in theme.categories for mode in category.modes}
    assert used <= set(template.modes)


def test_every_category_has_its_place_in_the_official_vocabulary(template: SurveyTemplate) -> None:
    for theme in template.themes:
        for category in theme.categories:
            object_type, code_list, code = category.official or (theme.object_type, theme.code_list, category.official_code)
            assert OFFICIAL[object_type] == code_list, category.code
            assert code, category.code


def test_a_code_means_the_same_in_every_template() -> None:
    """Rounds made of different templates are laid beside each other by it."""
    meanings: dict[str, set[tuple[str, ...]]] = {}
    for code in template_codes():
        for theme in read_template(code).themes:
            for category in theme.categories:
                official = category.official or (theme.object_type, theme.code_list, category.official_code)
                meanings.setdefault(category.code, set()).add((theme.code, category.kind, *official))
    assert len(meanings) > 50
    assert {code: found for code, found in meanings.items() if len(found) > 1} == {}


def _no_nynorsk_for_a_category(raw: dict[str, Any]) -> None:
    del raw["themes"][1]["categories"][0]["words"]["nn"]


def _no_english_for_a_question(raw: dict[str, Any]) -> None:
    raw["questions"][0]["words"]["en"] = {}


def _no_word_for_an_option(raw: dict[str, Any]) -> None:
    del raw["questions"][0]["words"]["nn"]["options"]["3"]


def _no_word_for_a_row(raw: dict[str, Any]) -> None:
    next(question for question in raw["questions"] if question["type"] == "matrix")["words"]["en"]["rows"].pop("skogen")


def _no_bokmal_for_a_mode(raw: dict[str, Any]) -> None:
    del raw["modes"]["ga"]["words"]["nb"]


def _a_language_more(raw: dict[str, Any]) -> None:
    raw["languages"].append("se")


@pytest.mark.parametrize(
    ("break_it", "named"),
    [
        (_no_nynorsk_for_a_category, "category leke has no words in nn"),
        (_no_english_for_a_question, "question skoleveg_trygghet has no words in en"),
        (_no_word_for_an_option, "question skoleveg_trygghet has no words in nn for 3"),
        (_no_word_for_a_row, "question hvor_ofte has no words in en for skogen"),
        (_no_bokmal_for_a_mode, "mode ga has no words in nb"),
        (_a_language_more, "the template has no words in se"),
    ],
)
def test_a_template_with_an_incomplete_language_is_refused(
    raw: dict[str, Any], break_it: Callable[[dict[str, Any]], None], named: str
) -> None:
    SurveyTemplate.model_validate(raw)
    break_it(raw)
    with pytest.raises(ValidationError, match=named):
        SurveyTemplate.model_validate(raw)


def test_a_misspelt_key_is_refused_and_not_forgotten(raw: dict[str, Any]) -> None:
    raw["themes"][0]["colur"] = "#000000"
    with pytest.raises(ValidationError, match="colur"):
        SurveyTemplate.model_validate(raw)


def test_an_unknown_template_is_refused_with_those_there_are() -> None:
    with pytest.raises(InvalidSurvey, match=r"'hagefest' finnes ikke. Velg en av: .*barnetrakk"):
        read_template("hagefest")
    with pytest.raises(InvalidSurvey, match="finnes ikke"):
        read_template("../texts/seats")


def test_a_broken_template_file_is_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "rot.yaml").write_text("code: rot\nthemes: [", encoding="utf-8")
    (tmp_path / "halv.yaml").write_text("code: halv\n", encoding="utf-8")
    monkeypatch.setattr(catalog, "CATALOG_DIR", tmp_path)
    for code in ("rot", "halv"):
        with pytest.raises(InvalidSurvey, match=f"'{code}' har en feil"):
            read_template(code)


def test_the_pupil_s_page_speaks_every_language_of_every_template() -> None:
    texts = pupil_texts()
    for code in template_codes():
        assert set(read_template(code).languages) <= set(texts)


def test_a_language_whose_texts_lack_a_key_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pupil.nb.yaml").write_text("hello: Hei\nbye: Ha det\n", encoding="utf-8")
    (tmp_path / "pupil.nn.yaml").write_text("hello: Hei\nbye: Ha det\n", encoding="utf-8")
    (tmp_path / "pupil.se.yaml").write_text("hello: Bures\n", encoding="utf-8")
    monkeypatch.setattr(catalog, "TEXTS_DIR", tmp_path)
    pupil_texts.cache_clear()
    try:
        assert set(pupil_texts()) == {"nb", "nn"}
    finally:
        pupil_texts.cache_clear()
