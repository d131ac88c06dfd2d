"""The planner's pages of asking: make a survey from a template, add classes, open and close it; and access tokens."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from surveys import services
from surveys.access import may_edit, municipalities_of
from surveys.errors import InvalidSurvey, NotAllowed, NotFound
from surveys.forms import AccessTokenForm, ClassGroupForm, NewSurveyForm, SurveyLanguagesForm
from surveys.lacks import lacks_of
from surveys.languages import allowed_languages
from surveys.models import AccessToken, Municipality, Role, Survey, User
from surveys.study_area import study_area_around

ACTIONS = {"open": services.open_survey, "close": services.close_survey, "delete": services.delete_survey}


@login_required
@require_http_methods(["GET", "POST"])
def new_survey(request: HttpRequest) -> HttpResponse:
    """Make a draft from a template, in the municipality that the address names where the planner has several."""
    choice = _planners_municipalities(request)
    municipality = _chosen(request, choice)
    form = NewSurveyForm(request.POST or None, municipality=municipality)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        schools = list(data["schools"])
        survey = services.create_survey_from_template(
            template=data["template"],
            municipality=municipality,
            schools=schools,
            title=dict.fromkeys(allowed_languages(municipality), data["title"]),
            study_area=study_area_around(schools, radius_m=data["radius_km"] * 1000, municipality=municipality),
            opens_on=data["opens_on"],
            closes_on=data["closes_on"],
            start=schools[0].location,
        )
        return redirect("surveys:setup", survey.pk)
    return render(request, "surveys/new_survey.html", {"form": form, "municipality": municipality, "choice": choice})


@login_required
@require_http_methods(["GET", "POST"])
def setup(request: HttpRequest, survey_id: UUID) -> HttpResponse:
    """A survey's classes and state; posting adds a class."""
    survey = _editable(request, survey_id)
    form = ClassGroupForm(request.POST or None, survey=survey)
    if request.method == "POST" and form.is_valid():
        try:
            group = services.add_class_group(survey=survey, **form.cleaned_data)
        except InvalidSurvey as refusal:  # the same class came in between
            form.add_error("letter", refusal.message)
        else:
            messages.success(request, f"{group} ved {group.school} er med.")
            return redirect("surveys:setup", survey.pk)
    return _setup_page(request, survey, form, SurveyLanguagesForm(initial={"languages": survey.languages}))


@login_required
@require_POST
def set_languages(request: HttpRequest, survey_id: UUID) -> HttpResponse:
    """Choose the survey's languages; one that cannot be had is told with its reason, and the others stay chosen."""
    survey = _editable(request, survey_id)
    form = SurveyLanguagesForm(request.POST)
    if form.is_valid():
        try:
            services.set_survey_languages(survey=survey, languages=form.cleaned_data["languages"])
        except InvalidSurvey as refusal:
            form.add_error("languages", refusal.message)
        else:
            messages.success(request, "Språkene er lagret.")
            return redirect("surveys:setup", survey.pk)
    return _setup_page(request, survey, ClassGroupForm(survey=survey), form)


def _setup_page(request: HttpRequest, survey: Survey, form: ClassGroupForm, languages: SurveyLanguagesForm) -> HttpResponse:
    groups = survey.class_groups.with_participation().select_related("school")
    page = {"survey": survey, "groups": groups, "form": form, "languages": languages, "lacks": lacks_of(survey)}
    return render(request, "surveys/setup.html", page)


@login_required
@require_POST
def change_state(request: HttpRequest, survey_id: UUID) -> HttpResponse:
    """Open, close or delete a survey; deleting asks first and says what goes with it."""
    survey = _editable(request, survey_id)
    action = ACTIONS.get(request.POST.get("action", ""))
    if action is None:
        raise NotAllowed(f"Handlingen finnes ikke. Tillatt: {', '.join(ACTIONS)}.")
    if action is services.delete_survey and "confirmed" not in request.POST:
        return render(request, "surveys/delete.html", {"survey": survey, "responses": survey.responses.count()})
    try:
        action(survey=survey)
    except InvalidSurvey as refusal:  # what it lacks stands on the page, with links to where it is mended
        messages.error(request, refusal.message)
        return redirect("surveys:setup", survey.pk)
    messages.success(request, f"{survey} er nå {survey.get_status_display()}.")
    return redirect("home") if survey.status == Survey.Status.DELETED else redirect("surveys:setup", survey.pk)


@login_required
@require_http_methods(["GET", "POST"])
def access_tokens(request: HttpRequest) -> HttpResponse:
    """A planner's keys for QGIS and scripts, each for one municipality; a new one is shown once."""
    choice = _planners_municipalities(request)
    municipality = _chosen(request, choice)
    user = _account(request)
    form = AccessTokenForm(request.POST or None)
    secret = ""
    if request.method == "POST" and form.is_valid():
        _, secret = services.make_access_token(user=user, municipality=municipality, label=form.cleaned_data["label"])
        form = AccessTokenForm()
    tokens = AccessToken.objects.filter(user=user, revoked_at__isnull=True).select_related("municipality").order_by("-created_at")
    page = {"form": form, "secret": secret, "tokens": tokens, "municipality": municipality, "choice": choice}
    return render(request, "surveys/access_tokens.html", page)


@login_required
@require_POST
def revoke_token(request: HttpRequest, token_id: UUID) -> HttpResponse:
    """Make one of one's own keys worthless."""
    services.revoke_access_token(token=get_object_or_404(AccessToken, pk=token_id, user=_account(request)))
    return redirect("surveys:access-tokens")


def _planners_municipalities(request: HttpRequest) -> list[Municipality]:
    """All that the planner plans for, by number; never none."""
    found = list(municipalities_of(_account(request), Role.PLANNER))
    if not found:
        raise NotAllowed("Bare planleggere kan dette.")
    return found


def _chosen(request: HttpRequest, choice: list[Municipality]) -> Municipality:
    """The municipality of ?kommune=4601; without it the first. One that is not the planner's is not found."""
    number = request.GET.get("kommune", choice[0].number)
    for municipality in choice:
        if municipality.number == number:
            return municipality
    raise NotFound("Du er ikke planlegger i denne kommunen.")


def _editable(request: HttpRequest, survey_id: UUID) -> Survey:
    survey: Survey = get_object_or_404(Survey.objects.visible_to(request.user).select_related("municipality"), pk=survey_id)
    if not may_edit(request.user, survey):
        raise NotAllowed("Bare planleggere i kommunen kan endre undersøkelsen.")
    return survey


def _account(request: HttpRequest) -> User:
    if not isinstance(request.user, User):  # login_required has seen to it; this tells the type
        raise NotFound("Siden finnes ikke.")
    return request.user
