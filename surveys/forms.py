"""Forms of asking: a new survey, its languages, a class, an access token; and a municipality's drafts."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from surveys.catalog import read_template, template_codes
from surveys.languages import complete_languages, drafts, known_languages
from surveys.models import AccessToken, ClassGroup, Municipality, School


class NewSurveyForm(forms.Form):
    """What a planner says to get a survey from a template; everything else has a sensible default."""

    title = forms.CharField(label="Navn", max_length=120)
    template = forms.ChoiceField(label="Mal")
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
            templates.choices = [(code, read_template(code).words["nb"]["label"]) for code in template_codes()]
        today = timezone.localdate()
        self.fields["opens_on"].initial = today
        self.fields["closes_on"].initial = today + timedelta(weeks=6)

    def clean(self) -> dict[str, Any]:
        """The dates stand in order."""
        data = super().clean() or {}
        opens_on, closes_on = data.get("opens_on"), data.get("closes_on")
        if opens_on and closes_on and closes_on < opens_on:
            self.add_error("closes_on", f"Den kan ikke lukke {closes_on:%d.%m.%Y}, før den åpner {opens_on:%d.%m.%Y}.")
        return data


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

    def __init__(self, *args: Any, schools: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["school"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = schools


class AccessTokenForm(forms.ModelForm):
    """What the token is for."""

    class Meta:
        model = AccessToken
        fields = ("label",)
        labels = {"label": "Hva skal den brukes til?"}
