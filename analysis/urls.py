"""URLs of learning: the planner's surveys, workbench and publishing."""

from django.urls import path

from analysis import (
    area_views,
    crosstab_views,
    desk_tiles,
    layer_pages,
    plan_views,
    publishing,
    saved_view_pages,
    school_way_views,
    views,
    watching,
    word_views,
)

app_name = "analysis"

_LAYERS = [(name, "" if name == "heat" else ".geojson") for name in views.LAYERS]
"""The heat map is a picture in JSON, all others are GeoJSON."""

urlpatterns = [
    path("kartlag/", layer_pages.home, name="layers-home"),
    path("kartlag/<str:number>/", layer_pages.layers, name="layers"),
    path("kartlag/<str:number>/<uuid:layer_id>/", layer_pages.layer, name="layer"),
    path("kartlag/<str:number>/<uuid:layer_id>/bytt/", layer_pages.replace, name="replace-layer"),
    path("kartlag/<str:number>/<uuid:layer_id>/slett/", layer_pages.delete, name="delete-layer"),
    path("kartlag/<str:number>/<uuid:layer_id>/ting.geojson", layer_pages.things, name="layer-things"),
    path("plansak/", plan_views.plans, name="plans"),
    path("plansak/<str:number>/", plan_views.plan, name="plan"),
    path("plansak/<str:number>/merker.geojson", plan_views.plan_marks, name="plan-marks"),
    path("surveys/", views.surveys, name="surveys"),
    path("surveys/<uuid:survey_id>/", views.workbench, name="workbench"),
    path("surveys/<uuid:survey_id>/deltakelse/", watching.turnout, name="turnout"),
    path("surveys/<uuid:survey_id>/deltakelse.csv", watching.turnout_csv, name="turnout-csv"),
    path("surveys/<uuid:survey_id>/publisering/", publishing.overview, name="publishing"),
    path("surveys/<uuid:survey_id>/publisering/utkast/", publishing.make_draft, name="make-draft"),
    path("surveys/<uuid:survey_id>/publisering/<uuid:release_id>/publiser/", publishing.publish, name="publish"),
    path("surveys/<uuid:survey_id>/publisering/<uuid:release_id>/trekk-tilbake/", publishing.withdraw, name="withdraw"),
    path("surveys/<uuid:survey_id>/visninger/", saved_view_pages.saved_views, name="saved-views"),
    path("surveys/<uuid:survey_id>/visninger/lagre/", saved_view_pages.save, name="save-view"),
    path("surveys/<uuid:survey_id>/visninger/<uuid:view_id>/", saved_view_pages.open_view, name="saved-view"),
    path("surveys/<uuid:survey_id>/visninger/<uuid:view_id>/navn/", saved_view_pages.rename, name="rename-view"),
    path("surveys/<uuid:survey_id>/visninger/<uuid:view_id>/slett/", saved_view_pages.delete, name="delete-view"),
    path("surveys/<uuid:survey_id>/omrade.geojson", area_views.area_outline, name="area-outline"),
    path("surveys/<uuid:survey_id>/omrade/valg.json", area_views.area_choices, name="area-choices"),
    path("surveys/<uuid:survey_id>/omrader", views.areas, name="areas"),
    path("surveys/<uuid:survey_id>/summary", views.summary, name="summary"),
    *(path(f"surveys/<uuid:survey_id>/{name}{suffix}", views.layer, {"name": name}, name=name) for name, suffix in _LAYERS),
    path("surveys/<uuid:survey_id>/fliser/<int:zoom>/<int:column>/<int:row>.mvt", desk_tiles.tile, name="tile"),
    path("surveys/<uuid:survey_id>/export.<str:extension>", views.download, name="export"),
    path("surveys/<uuid:survey_id>/krysstabell/", crosstab_views.crosstab, name="crosstab"),
    path("surveys/<uuid:survey_id>/krysstabell.csv", crosstab_views.crosstab_csv, name="crosstab-csv"),
    path("surveys/<uuid:survey_id>/ordbruk/", word_views.spoken_words, name="spoken-words"),
    path("surveys/<uuid:survey_id>/skoleveger/", school_way_views.school_way_numbers, name="school-ways"),
]
