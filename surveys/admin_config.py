"""Django's admin with our own door, named in INSTALLED_APPS."""

from django.contrib.admin.apps import AdminConfig


class MunicipalAdminConfig(AdminConfig):
    """The admin whose door and tables follow roles in municipalities."""

    default_site = "surveys.admin_site.MunicipalAdminSite"
