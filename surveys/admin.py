"""The operator's face of asking: municipalities, schools, accounts and roles, surveys. Responses are not shown to anybody here."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from leaflet.admin import LeafletGeoAdmin

from surveys.forms import MunicipalityForm
from surveys.models import AccessToken, Category, ClassGroup, Membership, Municipality, Question, School, Survey, Theme, User


class MembershipInline(admin.TabularInline):
    """A user's roles, on the user's page."""

    model = Membership
    extra = 0


@admin.register(User)
class AccountAdmin(UserAdmin):
    """Accounts with their roles."""

    inlines = (MembershipInline,)


@admin.register(Municipality)
class MunicipalityAdmin(LeafletGeoAdmin):
    """Municipalities; usually imported. Here drafts of languages are turned on."""

    form = MunicipalityForm
    list_display = ("number", "name", "metric_srid")
    search_fields = ("name", "number")


@admin.register(School)
class SchoolAdmin(LeafletGeoAdmin):
    """Schools; usually imported."""

    list_display = ("name", "municipality", "grade_low", "grade_high")
    list_filter = ("municipality",)
    search_fields = ("name",)


class ThemeInline(admin.TabularInline):
    """A survey's themes."""

    model = Theme
    extra = 0
    show_change_link = True


class ClassGroupInline(admin.TabularInline):
    """A survey's classes."""

    model = ClassGroup
    extra = 0


@admin.register(Survey)
class SurveyAdmin(LeafletGeoAdmin):
    """Surveys with their area, dates and rules."""

    list_display = ("__str__", "municipality", "status", "opens_on", "closes_on")
    list_filter = ("municipality", "status")
    filter_horizontal = ("schools",)
    inlines = (ThemeInline, ClassGroupInline)


@admin.register(Category)
class CategoryAdmin(admin.ModelAdmin):
    """What marks mean."""

    list_display = ("code", "survey", "theme", "kind", "object_type", "official_code")
    list_filter = ("survey", "kind")


@admin.register(Question)
class QuestionAdmin(admin.ModelAdmin):
    """Questions."""

    list_display = ("code", "survey", "type", "theme", "category", "required")
    list_filter = ("survey", "type")


@admin.register(AccessToken)
class AccessTokenAdmin(admin.ModelAdmin):
    """Access tokens, to be revoked; they are made by the planner."""

    list_display = ("label", "user", "municipality", "created_at", "revoked_at")
    readonly_fields = ("user", "municipality", "label", "created_at")
