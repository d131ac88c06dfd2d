"""The planner's pages of the municipality's layers: bring in, look at, rename, replace, delete. Thin: fetch, ask access, answer."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from analysis.layer_forms import ChangeLayerForm, FileForm, NewLayerForm
from analysis.layer_uses import MOST_DRAWN, columns_shown, hangs_on, is_kept, things_geojson
from analysis.readers import planned
from mapping.bundle import basemap_json
from mapping.geojson import write_geometry
from mapping.models import Basemap
from surveys import services
from surveys.access import municipalities_of
from surveys.errors import ImportRefused, NotAllowed
from surveys.models import Layer, Role, Survey, User
from surveys.services import LayerAbout
from surveys.services.found import Found
from surveys.services.gis_files import ImportReport
from surveys.services.reading import uploaded

CHANGE = "endre kartlagene"
MOST_LISTED = 25
MOST_TOLD = 5
"""Refused rows that are told one by one."""


@login_required
@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The municipalities a planner plans in; where there is one, its layers."""
    found = list(municipalities_of(request.user, Role.PLANNER).order_by("name"))
    if len(found) == 1:
        return redirect("analysis:layers", found[0].number)
    if not found:
        raise NotAllowed(f"Bare planleggere kan {CHANGE}.")
    return render(request, "analysis/layers_home.html", {"municipalities": found})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def layers(request: HttpRequest, number: str) -> HttpResponse:
    """The municipality's layers, and a form that brings in another."""
    municipality = planned(request, number, CHANGE)
    form, status = NewLayerForm(request.POST or None, request.FILES or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            about = LayerAbout(data["name"], Layer.Kind(data["kind"]), data["source"])
            try:
                with uploaded(data["file"], data["layer"]) as file:
                    layer, found, report = services.upload_layer(file=file, municipality=municipality, about=about, by=_who(request))
            except ImportRefused as refusal:
                form.add_error(None, refusal.message)
            else:
                _tell(request, f"{layer} er hentet inn: {report.made} ting.", found, report)
                return redirect("analysis:layer", number, layer.pk)
    there = Layer.objects.filter(municipality=municipality).select_related("imported_by").annotate(things=Count("features"))
    return render(request, "analysis/layers.html", {"municipality": municipality, "layers": there, "form": form}, status=status)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def layer(request: HttpRequest, number: str, layer_id: UUID) -> HttpResponse:
    """One layer on a map and in a table, and what can be changed of it."""
    found = _layer(request, number, layer_id)
    listed = list(found.features.order_by("number")[:MOST_LISTED])
    form = ChangeLayerForm(request.POST or None, layer=found, things=listed)
    if request.method == "POST" and form.is_valid():
        _require_own(found)
        try:
            services.change_layer(layer=found, **form.cleaned_data)
        except ImportRefused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "Kartlaget er lagret.")
            return redirect("analysis:layer", number, layer_id)
    return _shown(request, found, form, FileForm(prefix="ny"), 422 if form.errors else 200)


@login_required
@require_POST
def replace(request: HttpRequest, number: str, layer_id: UUID) -> HttpResponse:
    """Put what another file has in the place of what the layer holds."""
    found = _layer(request, number, layer_id)
    _require_own(found)
    form = FileForm(request.POST, request.FILES, prefix="ny")
    if form.is_valid():
        try:
            with uploaded(form.cleaned_data["file"], form.cleaned_data["layer"]) as file:
                read, report = services.replace_layer(layer=found, file=file, by=_who(request))
        except ImportRefused as refusal:
            form.add_error(None, refusal.message)
        else:
            _tell(request, f"{found} er byttet ut: {report.made + report.changed} ting.", read, report)
            return redirect("analysis:layer", number, layer_id)
    listed = list(found.features.order_by("number")[:MOST_LISTED])
    return _shown(request, found, ChangeLayerForm(layer=found, things=listed), form, 422)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, number: str, layer_id: UUID) -> HttpResponse:
    """Ask, telling what hangs on it, and delete."""
    found = _layer(request, number, layer_id)
    if request.method == "POST":
        services.delete_layer(layer=found)
        messages.success(request, f"{found} er slettet.")
        return redirect("analysis:layers", number)
    page = {"layer": found, "municipality": found.municipality, "things": found.features.count(), "hangs": hangs_on(found)}
    return render(request, "analysis/layer_delete.html", page)


@login_required
@never_cache
@require_safe
def things(request: HttpRequest, number: str, layer_id: UUID) -> HttpResponse:
    """The layer's things for the map."""
    return HttpResponse(things_geojson(_layer(request, number, layer_id)), content_type="application/geo+json")


def _layer(request: HttpRequest, number: str, layer_id: UUID) -> Layer:
    municipality = planned(request, number, CHANGE)
    found: Layer = get_object_or_404(Layer.objects.select_related("municipality", "imported_by"), municipality=municipality, pk=layer_id)
    return found


def _require_own(found: Layer) -> None:
    if is_kept(found):
        raise NotAllowed("Områdene har Tråkk selv funnet og gitt nummer. De kan ikke endres, bare slettes.")


def _who(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def _tell(request: HttpRequest, done: str, found: Found, report: ImportReport) -> None:
    """What came in, what was left out and why, and what else the file has."""
    messages.success(request, done)
    if len(found.layers) > 1:
        messages.info(request, f"Filen har flere lag: {', '.join(found.layers)[:300]}. Bare «{found.layer}» er hentet inn.")
    if report.refused:
        more = len(report.refused) - MOST_TOLD
        told = "; ".join(report.refused[:MOST_TOLD]) + (f"; og {more} til" if more > 0 else "")
        messages.warning(request, f"Ikke tatt med: {told}.")


def _shown(request: HttpRequest, found: Layer, form: ChangeLayerForm, file_form: FileForm, status: int) -> HttpResponse:
    listed = list(found.features.order_by("number")[:MOST_LISTED])
    columns = columns_shown(found, listed)
    count = found.features.count()
    basemap = Basemap.objects.filter(municipality=found.municipality, is_active=True, is_aerial=False).order_by("-is_default").first()
    surveys = Survey.objects.analysable_by(request.user).filter(municipality=found.municipality).exclude(status=Survey.Status.DRAFT)
    page: dict[str, Any] = {
        "layer": found,
        "municipality": found.municipality,
        "form": form,
        "file_form": file_form,
        "is_kept": is_kept(found),
        "count": count,
        "not_drawn": max(0, count - MOST_DRAWN),
        "columns": columns,
        "listed": [(thing, [thing.properties.get(column, "") for column in columns]) for thing in listed],
        "survey": surveys.order_by("-opens_on", "pk").first(),
        "page": {
            "url": reverse("analysis:layer-things", args=[found.municipality.number, found.pk]),
            "basemap": basemap_json(basemap) if basemap else None,
            "municipality": write_geometry(found.municipality.boundary.envelope),
        },
    }
    return render(request, "analysis/layer.html", page, status=status)
