"""The admin of one municipality's operator: the own rows and nothing else, whatever is posted."""

from typing import Any

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from mapping.models import Basemap
from surveys import services
from surveys.models import AccessToken, ClassGroup, Membership, Municipality, Role, School, User
from tests.factories import SchoolFactory, UserFactory

pytestmark = pytest.mark.django_db

MEMBERSHIPS = "memberships"


@pytest.fixture
def ole(client: Client, municipality: Municipality) -> User:
    """Ole, operator of the municipality, logged in; without staff flag and permissions."""
    user: User = UserFactory.create(username="ole")
    services.add_member(user=user, municipality=municipality, role=Role.OPERATOR)
    client.force_login(user)
    return user


@pytest.fixture
def there(kai: User) -> Municipality:
    """The municipality that Kai plans for, and Ole has nothing to do with."""
    found: Municipality = kai.memberships.get().municipality
    return found


def _url(row: Model | type[Model], page: str = "change") -> str:
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_{page}"
    return reverse(name) if isinstance(row, type) else reverse(name, args=[row.pk])


def _account_form(roles: list[dict[str, Any]], **fields: Any) -> dict[str, Any]:
    """What the browser posts of an account's page; roles with an id are there already."""
    there = sum("id" in role for role in roles)
    form = {f"{MEMBERSHIPS}-TOTAL_FORMS": len(roles), f"{MEMBERSHIPS}-INITIAL_FORMS": there, **fields}
    for number, role in enumerate(roles):
        form |= {f"{MEMBERSHIPS}-{number}-{name}": value for name, value in role.items()}
    return form


def _roles_of(user: User) -> list[dict[str, Any]]:
    return [
        {"id": role.pk, "user": user.pk, "municipality": role.municipality_id, "role": role.role, "school": role.school_id or ""}
        for role in user.memberships.order_by("pk")
    ]


def _new_account(roles: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    secret = "et langt og lett passord 7"
    return _account_form(roles, username="nora", password1=secret, password2=secret, **more)


@pytest.mark.parametrize("page", ["change", "delete", "history"])
def test_another_municipalitys_rows_are_not_found(page: str, client: Client, ole: User, kai: User, there: Municipality) -> None:
    token, _ = services.make_access_token(user=kai, municipality=there, label="QGIS")
    rows = [there, SchoolFactory.create(municipality=there), Basemap.objects.filter(municipality=there)[0], kai, token]
    for row in rows:
        assert client.get(_url(row, page)).status_code == 404, row
        assert client.post(_url(row, page), {"post": "yes"}).status_code in {404, 405}, row
        row.refresh_from_db()


@pytest.mark.parametrize("model", [Municipality, School, Basemap, User, AccessToken])
def test_lists_hold_the_own_municipalitys_rows_only(
    model: type[Model], client: Client, ole: User, pia: User, kai: User, school: School, there: Municipality
) -> None:
    SchoolFactory.create(municipality=there, name="Fremmed skole")
    services.make_access_token(user=kai, municipality=there, label="Kais nøkkel")
    services.make_access_token(user=pia, municipality=school.municipality, label="Pias nøkkel")
    page = client.get(_url(model, "changelist")).content.decode()
    assert any(word in page for word in ("Bergen", "Pias nøkkel", ">pia<"))
    assert not any(word in page for word in ("Tromsø", "Fremmed skole", "Kais nøkkel", ">kai<"))


def test_a_form_offers_no_other_municipality_and_takes_none_that_is_forged(
    client: Client, ole: User, school: School, there: Municipality
) -> None:
    page = client.get(_url(school)).content.decode()
    assert "Tromsø" not in page
    form = {"name": "X", "municipality": there.pk, "location": school.location.geojson, "grade_low": 1, "grade_high": 7}
    assert "errorlist" in client.post(_url(school), form).content.decode()
    school.refresh_from_db()
    assert (school.municipality.name, school.name) == ("Bergen", "Fjellheim skole")
    assert client.post(_url(school), {**form, "municipality": school.municipality_id}).status_code == 302
    school.refresh_from_db()
    assert school.name == "X"


def test_an_operator_turns_kartverkets_map_on(client: Client, ole: User, municipality: Municipality) -> None:
    basemap = Basemap.objects.get(municipality=municipality, name="Kart fra Kartverket")
    names = ("name", "kind", "url", "attribution", "attribution_url", "min_zoom", "max_zoom")
    form = {"municipality": municipality.pk, "file_name": "", "is_active": "on", **{name: getattr(basemap, name) for name in names}}
    refused = client.post(_url(basemap), {**form, "url": "http://cache.kartverket.no/{z}/{y}/{x}.png"})
    assert "Adressen må begynne med https" in refused.content.decode()
    assert client.post(_url(basemap), form).status_code == 302
    basemap.refresh_from_db()
    assert basemap.is_active


def test_an_operator_makes_nobody_a_superuser_whatever_is_posted(client: Client, ole: User, pia: User) -> None:
    page = client.get(_url(pia)).content.decode()
    assert not any(f'name="{name}"' in page for name in ("is_superuser", "is_staff", "groups", "user_permissions"))
    forged = {"is_superuser": "on", "is_staff": "on", "user_permissions": ["1", "2"], "groups": []}
    assert (
        client.post(_url(pia), _account_form(_roles_of(pia), username="pia", first_name="Pia", is_active="on", **forged)).status_code == 302
    )
    pia.refresh_from_db()
    assert (pia.first_name, pia.is_superuser, pia.is_staff, pia.user_permissions.count()) == ("Pia", False, False, 0)
    mine = _account_form(_roles_of(ole), username="ole", is_active="on", **forged)
    assert client.post(_url(ole), mine).status_code == 302
    ole.refresh_from_db()
    assert not ole.is_superuser


def test_a_new_account_has_a_role_of_the_own_municipality(client: Client, ole: User, municipality: Municipality) -> None:
    refused = client.post(_url(User, "add"), _new_account([{"municipality": "", "role": "", "school": ""}]))
    assert (refused.status_code, User.objects.filter(username="nora").exists()) == (200, False)
    role = {"municipality": municipality.pk, "role": "politician", "school": ""}
    made = client.post(_url(User, "add"), _new_account([role], is_superuser="on", is_staff="on"))
    nora = User.objects.get(username="nora")
    assert made["Location"] == _url(nora)
    assert (nora.is_superuser, nora.is_staff, str(nora.memberships.get())) == (False, False, "politiker i Bergen")
    assert client.get(_url(nora)).status_code == 200


def test_a_new_account_is_asked_for_in_norwegian(client: Client, ole: User) -> None:
    page = client.get(_url(User, "add")).content.decode()
    assert "Passordbekreftelse" in page
    assert not [words for words in ("After you", "authentication", "Enabled") if words in page]
    assert "Show counts" not in client.get(_url(User, "changelist")).content.decode()


def test_no_role_is_given_in_another_municipality_nor_at_its_school(
    client: Client, ole: User, pia: User, municipality: Municipality, there: Municipality
) -> None:
    foreign = SchoolFactory.create(municipality=there)
    before = set(Membership.objects.values_list("pk", flat=True))
    for forged in (
        {"municipality": there.pk, "role": "operator", "school": ""},
        {"municipality": there.pk, "role": "teacher", "school": foreign.pk},
        {"municipality": municipality.pk, "role": "teacher", "school": foreign.pk},
    ):
        answer = client.post(_url(pia), _account_form([*_roles_of(pia), {"user": pia.pk, **forged}], username="pia", is_active="on"))
        assert "errorlist" in answer.content.decode()
        client.post(_url(User, "add"), _new_account([forged]))
    assert set(Membership.objects.values_list("pk", flat=True)) == before
    assert not User.objects.filter(username="nora").exists()


def test_an_account_with_a_role_elsewhere_keeps_it_and_its_password(
    client: Client, ole: User, pia: User, municipality: Municipality, there: Municipality
) -> None:
    elsewhere = services.add_member(user=pia, municipality=there, role=Role.OPERATOR)
    page = client.get(_url(pia)).content.decode()
    assert "Tromsø" not in page
    assert 'name="username"' not in page
    own, foreign = _roles_of(pia)
    client.post(_url(pia), _account_form([own, {**foreign, "DELETE": "on"}], username="taken", is_active=""))
    pia.refresh_from_db()
    assert (pia.username, pia.is_active) == ("pia", True)
    assert Membership.objects.filter(pk=elsewhere.pk).exists()
    password = pia.password
    secret = "et langt og lett passord 7"
    change = reverse("admin:auth_user_password_change", args=[pia.pk])
    assert client.post(change, {"usable_password": "true", "password1": secret, "password2": secret}).status_code == 403
    assert client.post(_url(pia, "delete"), {"post": "yes"}).status_code == 403
    pia.refresh_from_db()
    assert pia.password == password
    client.post(_url(pia), _account_form([{**own, "DELETE": "on"}]))
    assert list(pia.memberships.all()) == [elsewhere], "the own municipality's role can be taken"


def test_a_superuser_is_not_found_even_with_a_role_here(client: Client, ole: User, municipality: Municipality) -> None:
    root = User.objects.create_superuser("root", password="x")
    services.add_member(user=root, municipality=municipality, role=Role.PLANNER)
    assert client.get(_url(root)).status_code == 404
    assert client.post(_url(root), _account_form(_roles_of(root), username="mine")).status_code == 404
    assert client.post(reverse("admin:auth_user_password_change", args=[root.pk]), {}).status_code == 404
    assert ">root<" not in client.get(_url(User, "changelist")).content.decode()


def test_a_school_with_classes_and_a_municipality_are_not_deleted(client: Client, ole: User, class_group: ClassGroup) -> None:
    assert client.post(_url(class_group.school, "delete"), {"post": "yes"}).status_code == 403
    assert client.post(_url(class_group.school.municipality, "delete"), {"post": "yes"}).status_code == 403
    assert client.get(_url(Municipality, "add")).status_code == 403
    empty = SchoolFactory.create(municipality=class_group.school.municipality)
    assert client.post(_url(empty, "delete"), {"post": "yes"}).status_code == 302
    many = {"action": "delete_selected", "_selected_action": [class_group.school.pk], "post": "yes"}
    client.post(_url(School, "changelist"), many)
    assert set(School.objects.all()) == {class_group.school}


def test_who_lost_the_role_or_is_put_out_sees_nothing_any_more(client: Client, ole: User) -> None:
    User.objects.filter(pk=ole.pk).update(is_staff=True)
    Membership.objects.filter(user=ole).delete()
    assert client.get(reverse("admin:index")).status_code == 302
    assert client.get(_url(User, "changelist")).status_code == 302


def test_a_superuser_sees_every_municipality(client: Client, kai: User, school: School) -> None:
    client.force_login(User.objects.create_superuser("root", password="x"))
    page = client.get(_url(Municipality, "changelist")).content.decode()
    assert "Bergen" in page
    assert "Tromsø" in page
    assert 'name="is_superuser"' in client.get(_url(kai)).content.decode()


@pytest.mark.parametrize("model", [School, Basemap, User])
def test_an_empty_choice_is_told_in_words(client: Client, ole: User, model: type[Model]) -> None:
    page = client.get(_url(model, "add")).content.decode()
    assert "---" not in page
    assert "Velg …" in page


def test_an_operator_of_one_municipality_need_not_choose_it(client: Client, ole: User, municipality: Municipality) -> None:
    form = client.get(_url(School, "add")).context["adminform"].form
    assert form.initial["municipality"] == municipality.pk


def test_the_way_to_a_new_password_is_told_in_norwegian(client: Client, ole: User) -> None:
    page = client.get(_url(ole)).content.decode()
    assert "Lag nytt passord" in page
    assert "Ingen kan se passordet" in page
    assert "Raw passwords" not in page
    assert "Reset" not in page
    assert "argon2" not in page
