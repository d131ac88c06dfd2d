"""The planner's page of a survey's area."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.gis.geos import MultiPolygon
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from mapping.bundle import basemap_json
from mapping.editor.areas import MOST_OFFERED, area_drawn, area_in_file, area_of_feature, outlines, set_area
from mapping.editor.found import editable_survey
from mapping.geojson import write_geometry
from mapping.models import Basemap
from surveys import services
from surveys.errors import InvalidSurvey
from surveys.models import Survey
from surveys.services.reading import allowed_files
from surveys.study_area import study_area_around

WAYS = [
    ("tegnet", "Tegnet på kartet"),
    ("skoler", "Rundt skolene"),
    ("lag", "En ting i et kartlag"),
    ("kommune", "Hele kommunen"),
    ("fil", "Fra en fil"),
]
RADII = [(1, "1 km"), (2, "2 km"), (4, "4 km"), (8, "8 km")]


class AreaForm(forms.Form):
    """One way of saying where; only the field of the chosen way is read."""

    way = forms.ChoiceField(label="Hvor kommer området fra?", choices=WAYS, initial="tegnet", widget=forms.RadioSelect)
    drawn = forms.CharField(required=False, widget=forms.HiddenInput)
    radius_km = forms.TypedChoiceField(label="Hvor langt rundt skolene", choices=RADII, coerce=int, initial=2, required=False)
    feature = forms.ChoiceField(label="Ting i et kartlag", required=False)
    file = forms.FileField(label="Fil", required=False)

    def __init__(self, *args: Any, survey: Survey, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.survey = survey
        self.fields["file"].help_text = f"{allowed_files()} Alle flatene i filen blir ett område."
        groups: dict[str, list[tuple[str, str]]] = {}
        for one in outlines(survey.municipality)[:MOST_OFFERED].values_list("pk", "layer__name", "name", "number"):
            groups.setdefault(one[1], []).append((str(one[0]), one[2] or f"nr. {one[3]}"))
        choices: list[Any] = [("", "Velg …"), *groups.items()]
        self.fields["feature"] = forms.ChoiceField(
            label="Ting i et kartlag",
            choices=choices,
            required=False,
            help_text="" if groups else "Kommunen har ingen kartlag med flater ennå. Hent dem inn på siden Kartlag.",
        )

    def area(self) -> MultiPolygon:
        """The area that was chosen; InvalidSurvey when it cannot be had."""
        data, municipality = self.cleaned_data, self.survey.municipality
        way = data["way"]
        if way == "tegnet":
            if not data["drawn"]:
                raise InvalidSurvey("Tegn området på kartet først, eller velg en annen måte.")
            return area_drawn(data["drawn"])
        if way == "fil":
            if not data["file"]:
                raise InvalidSurvey("Velg en fil først.")
            return area_in_file(data["file"])
        if way == "lag":
            return area_of_feature(municipality, data["feature"])
        schools = list(self.survey.schools.all())
        radius_m = (data["radius_km"] or 2) * 1000 if way == "skoler" else 0
        if way == "skoler" and not schools:
            raise InvalidSurvey("Undersøkelsen har ingen skoler ennå.")
        return study_area_around(schools, radius_m=radius_m, municipality=municipality)


@login_required
@require_http_methods(["GET", "POST"])
def area(request: HttpRequest, survey_id: UUID) -> HttpResponse:
    """The area on a map, and the ways to change it; all but drawing work without a script."""
    survey = editable_survey(request, survey_id)
    form = AreaForm(request.POST or None, request.FILES or None, survey=survey)
    if request.method == "POST" and form.is_valid():
        try:
            set_area(survey, form.area())
        except InvalidSurvey as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "Området er lagret.")
            return redirect("editor:area", survey.pk)
    basemap = Basemap.objects.filter(municipality=survey.municipality, is_active=True, is_aerial=False).order_by("-is_default").first()
    page = {
        "area": write_geometry(survey.study_area),
        "basemap": basemap_json(basemap) if basemap else None,
        "schools": [{"name": str(one), "position": [one.location.x, one.location.y]} for one in survey.schools.all()],
        "drawn": form["drawn"].value() or "",
    }
    km2 = survey.study_area.transform(survey.municipality.metric_srid, clone=True).area / 1e6
    shown = {"survey": survey, "form": form, "page": page, "km2": km2, "has_answers": services.has_answers(survey)}
    return render(request, "mapping/editor/area.html", shown)
