"""Forms of asking: a new survey, its languages, a class, an access token; and a municipality's drafts."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.html import format_html

from surveys.catalog import read_template, template_codes
from surveys.languages import allowed_languages, complete_languages, drafts, known_languages
from surveys.models import AccessToken, ClassGroup, Municipality, School, Survey
from surveys.services import why_no_survey_day
from surveys.sheets import CONTACT, LETTER, MAX_TEXT, OURS, language_of, sheet_codes, text_of, title_of

DEFAULT_TEMPLATE = "barnetrakk"


class NewSurveyForm(forms.Form):
    """What a planner says to get a survey from a template; everything else has a sensible default."""

    title = forms.CharField(label="Navn", max_length=120)
    template = forms.ChoiceField(label="Mal", widget=forms.RadioSelect, initial=DEFAULT_TEMPLATE)
    schools = forms.ModelMultipleChoiceField(label="Skoler som er med", queryset=School.objects.none(), widget=forms.CheckboxSelectMultiple)
    radius_km = forms.TypedChoiceField(
        label="Område rundt skolene",
        choices=[(1, "1 km"), (2, "2 km"), (4, "4 km"), (0, "Hele kommunen")],
        coerce=int,
        initial=2,
    )
    opens_on = forms.DateField(label="Åpner", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    closes_on = forms.DateField(label="Lukker", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, *args: Any, municipality: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        schools = self.fields["schools"]
        if isinstance(schools, forms.ModelMultipleChoiceField):
            schools.queryset = School.objects.filter(municipality=municipality)
        templates = self.fields["template"]
        if isinstance(templates, forms.ChoiceField):
            templates.choices = [
                (code, _what_it_asks(code)) for code in sorted(template_codes(), key=lambda code: code != DEFAULT_TEMPLATE)
            ]
        today = timezone.localdate()
        self.fields["opens_on"].initial = today
        self.fields["closes_on"].initial = today + timedelta(weeks=6)

    def clean(self) -> dict[str, Any]:
        """The dates stand in order."""
        data = super().clean() or {}
        for name in ("opens_on", "closes_on"):
            if (day := data.get(name)) and (why := why_no_survey_day(day)):
                self.add_error(name, why)
        opens_on, closes_on = data.get("opens_on"), data.get("closes_on")
        if opens_on and closes_on and closes_on < opens_on:
            self.add_error("closes_on", f"Den kan ikke lukke {closes_on:%d.%m.%Y}, før den åpner {opens_on:%d.%m.%Y}.")
        return data


def _what_it_asks(code: str) -> str:
    words = read_template(code).words["nb"]
    return format_html("<span><strong>{}</strong> {}</span>", words["label"], words["help"])


class SurveyLanguagesForm(forms.Form):
    """The languages of a survey. All that are complete are shown, so that a planner sees which an operator could turn on."""

    languages = forms.MultipleChoiceField(
        label="Språk elevene kan velge",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Velg minst ett språk."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self.fields["languages"], complete_languages())


class MunicipalityForm(forms.ModelForm):
    """A municipality as an operator edits it: drafts of languages are off until turned on here."""

    draft_languages = forms.MultipleChoiceField(
        label="Språk i utkast som er slått på",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=Municipality._meta.get_field("draft_languages").help_text,
    )

    class Meta:
        model = Municipality
        fields = ("number", "name", "boundary", "metric_srid", "draft_languages")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self.fields["draft_languages"], drafts())


def _offer(field: forms.Field, languages: list[str]) -> None:
    if isinstance(field, forms.MultipleChoiceField):
        field.choices = [(code, known_languages()[code].label) for code in languages]


class ClassGroupForm(forms.ModelForm):
    """A class that takes the survey."""

    class Meta:
        model = ClassGroup
        fields = ("school", "grade", "letter", "pupils")

    def __init__(self, *args: Any, survey: Survey, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.survey = survey
        field = self.fields["school"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = survey.schools.all()
            field.empty_label = "Velg skole"

    def clean(self) -> dict[str, Any]:
        """The school has the grade, and not yet this class."""
        data = super().clean() or {}
        school, grade, letter = data.get("school"), data.get("grade"), data.get("letter", "")
        if not school or not grade:
            return data
        if not school.grade_low <= grade <= school.grade_high:
            self.add_error("grade", f"{school} har {school.grade_low}.–{school.grade_high}. trinn, ikke {grade}.")
        elif self.survey.class_groups.filter(school=school, grade=grade, letter=letter).exists():
            self.add_error("letter", f"{grade}{letter} ved {school} er alt med i undersøkelsen.")
        return data


class AccessTokenForm(forms.ModelForm):
    """What the token is for."""

    class Meta:
        model = AccessToken
        fields = ("label",)
        labels = {"label": "Hva skal den brukes til?"}


class SheetsForm(forms.Form):
    """The survey's words for teachers and guardians, one field a sheet; an emptied field gets back what comes with Tråkk."""

    def __init__(self, *args: Any, survey: Survey, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[CONTACT] = forms.CharField(
            label="Kontakt i kommunen: navn, telefon og e-post, til brevet til foresatte",
            required=False,
            max_length=500,
            initial=survey.sheets.get(CONTACT, ""),
            widget=forms.Textarea(attrs={"rows": 3}),
        )
        for code in sheet_codes(allowed_languages(survey.municipality)):
            text, language = text_of(survey, code), known_languages()[language_of(code)]
            self.fields[code] = forms.CharField(
                label=title_of(code) if language.code == OURS else f"{title_of(LETTER)} på {language.norwegian}{language.draft_note}",
                required=False,
                max_length=MAX_TEXT,
                initial=text,
                widget=forms.Textarea(attrs={"rows": min(24, text.count("\n") + 3), "lang": language.code, "dir": language.direction}),
            )
