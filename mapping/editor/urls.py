"""URLs of the survey editor, below the survey's own."""

from django.urls import include, path

from mapping.editor import area_page, content, preview, rules

app_name = "editor"

pages = [
    path("innhold/", content.content, name="content"),
    path("innhold/ny-kategori/", content.edit_category, name="new-category"),
    path("innhold/nytt-sporsmal/", content.edit_question, name="new-question"),
    path("innhold/nytt-steg/", content.edit_theme, name="new-theme"),
    path("innhold/kategori/<str:code>/", content.edit_category, name="category"),
    path("innhold/sporsmal/<str:code>/", content.edit_question, name="question"),
    path("innhold/steg/<str:code>/", content.edit_theme, name="theme"),
    path("innhold/<str:kind>/<str:code>/endre/", content.change_part, name="change-part"),
    path("omrade/", area_page.area, name="area"),
    path("prov/", preview.preview, name="preview"),
    path("regler/", rules.rules, name="rules"),
    path("skoler/", rules.schools, name="schools"),
    path("kopi/", rules.copy, name="copy"),
]

urlpatterns = [path("surveys/<uuid:survey_id>/", include(pages))]
