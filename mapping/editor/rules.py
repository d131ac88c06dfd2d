"""The planner's page of a survey's name, dates and limits; and the buttons that copy it and choose its schools."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from mapping.editor.found import editable_survey
from mapping.editor.words import editing_languages
from mapping.services import most_marks
from surveys import services
from surveys.errors import InvalidSurvey
from surveys.languages import known_languages
from surveys.models import School, Survey
from surveys.services import Rules

DATES = {
    "opens_on": ("Åpner", "Fra denne dagen kan elevene svare, når undersøkelsen er åpen."),
    "closes_on": ("Lukker", "Den siste dagen det kan svares; ikke før den åpner."),
    "retention_until": ("Svarene slettes etter", "Fra den dagen undersøkelsen lukker, til 24 måneder etter. Er noe svart, bare tidligere."),
}
NUMBERS = {
    "trim_min_m": ("Veger kuttes minst (meter)", "100 til 2000. Så mye av vegen nærmest hjemmet forlater aldri nettbrettet."),
    "trim_max_m": ("Veger kuttes høyst (meter)", "Fra det minste til 2000. Lengden er tilfeldig mellom de to. Er noe svart, bare lengre."),
    "max_marks": ("Så mange merker kan én elev tegne", "1 til 200, i alle kategorier til sammen. Ikke færre enn noen har tegnet."),
    "start_zoom": ("Zoom når elevene begynner", "8 (hele fylket) til 18 (ett hus). 15 viser nabolaget rundt skolen."),
    "min_zoom": ("Minste zoom for å tegne", "8 til 18. Er kartet lenger ute, blir eleven bedt om å gå nærmere."),
}


class RulesForm(forms.Form):
    """Each field says beside it what is allowed; the service decides."""

    def __init__(self, *args: Any, survey: Survey, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.survey = survey
        self.languages = editing_languages(survey)
        for language in self.languages:
            self.fields[f"title_{language}"] = forms.CharField(
                label=f"Navn, {known_languages()[language].norwegian}",
                max_length=120,
                required=language == survey.default_language,
                initial=survey.title.get(language, ""),
                widget=forms.TextInput(attrs={"lang": language, "dir": known_languages()[language].direction}),
            )
        for name, (label, help_text) in DATES.items():
            picker = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            day = getattr(survey, name)
            self.fields[name] = forms.DateField(label=label, help_text=help_text, initial=day, widget=picker)
        for name, (label, help_text) in NUMBERS.items():
            number = getattr(survey, name)
            self.fields[name] = forms.IntegerField(label=label, help_text=help_text, initial=number, min_value=1, max_value=2000)
        self.fields["max_marks"] = forms.IntegerField(
            label=NUMBERS["max_marks"][0], help_text=NUMBERS["max_marks"][1], initial=survey.max_marks, min_value=1, max_value=200
        )

    def rules(self) -> Rules:
        """What was written, for the service."""
        data = self.cleaned_data
        written = {language: data[f"title_{language}"].strip() for language in self.languages}
        kept = {language: text for language, text in self.survey.title.items() if language not in written}
        title = kept | {language: text for language, text in written.items() if text}
        return Rules(title=title, **{name: data[name] for name in (*DATES, *NUMBERS)})


@login_required
@require_http_methods(["GET", "POST"])
def rules(request: HttpRequest, survey_id: UUID) -> HttpResponse:
    """A survey's name, dates and limits on one form; a refusal is said at its field, and what was written stays."""
    survey = editable_survey(request, survey_id)
    form = RulesForm(request.POST or None, survey=survey)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_rules(survey=survey, rules=form.rules(), drawn_by_one=most_marks(survey))
        except InvalidSurvey as refusal:
            form.add_error(refusal.pointer if refusal.pointer in form.fields else None, refusal.message)
        else:
            messages.success(request, "Navn, datoer og regler er lagret.")
            return redirect("surveys:setup", survey.pk)
    page = {"survey": survey, "form": form, "has_answers": services.has_answers(survey)}
    return render(request, "mapping/editor/rules.html", page)


class SchoolsForm(forms.Form):
    """The schools of the municipality, those that take part ticked."""

    schools = forms.ModelMultipleChoiceField(
        label="Skoler som er med",
        queryset=School.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text="En skole som har klasser i undersøkelsen, må være med.",
        error_messages={"required": "Velg minst én skole."},
    )

    def __init__(self, *args: Any, survey: Survey, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["schools"].initial = list(survey.schools.values_list("pk", flat=True))
        field = self.fields["schools"]
        if isinstance(field, forms.ModelMultipleChoiceField):
            field.queryset = School.objects.filter(municipality=survey.municipality)


@login_required
@require_http_methods(["GET", "POST"])
def schools(request: HttpRequest, survey_id: UUID) -> HttpResponse:
    """Which schools take part."""
    survey = editable_survey(request, survey_id)
    form = SchoolsForm(request.POST or None, survey=survey)
    if request.method == "POST" and form.is_valid():
        try:
            services.set_schools(survey=survey, schools=list(form.cleaned_data["schools"]))
        except InvalidSurvey as refusal:
            form.add_error("schools", refusal.message)
        else:
            messages.success(request, "Skolene er lagret.")
            return redirect("surveys:setup", survey.pk)
    return render(request, "mapping/editor/schools.html", {"survey": survey, "form": form})


@login_required
@require_POST
def copy(request: HttpRequest, survey_id: UUID) -> HttpResponse:
    """A new draft with all but the answers, opened for its setup."""
    survey = editable_survey(request, survey_id)
    made = services.copy_survey(survey=survey, with_classes="classes" in request.POST)
    messages.success(request, f"«{made}» er laget. Sjekk navn og datoer, og åpne den når den er klar. Den du kopierte, er som før.")
    return redirect("surveys:setup", made.pk)
