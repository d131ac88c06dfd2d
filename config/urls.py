"""The URL tree: each app's own, in one place."""

from django.contrib import admin
from django.contrib.auth.views import LogoutView
from django.urls import include, path

from config import views
from config.api import api

urlpatterns = [
    path("", views.home, name="home"),
    path("logg-inn/", views.Login.as_view(), name="login"),
    path("logg-ut/", LogoutView.as_view(), name="logout"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("helse/", views.health, name="health"),
    path("api/v1/", api.urls),
    path("admin/", admin.site.urls),
    path("ogc/", include("analysis.ogc.urls")),
    path("", include("surveys.urls")),
    path("", include("mapping.urls")),
    path("", include("mapping.editor.urls")),
    path("", include("analysis.urls")),
    path("", include("followup.urls")),
]

handler404 = "config.views.not_found"
handler500 = "config.views.server_error"
