"""What lies under the admin's maps: boundary, schools and basemap of one's own municipality."""

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from mapping.models import Basemap
from surveys.models import Role, School, User
from surveys.services import add_member

pytestmark = pytest.mark.django_db


def test_an_operator_gets_the_ground_of_the_own_municipality_only(client: Client, pia: User, kai: User, school: School) -> None:
    add_member(user=pia, municipality=school.municipality, role=Role.OPERATOR)
    url = reverse("mapping:admin-ground", args=[school.municipality_id])
    assert client.get(url).status_code == 302
    client.force_login(pia)
    ground = client.get(url).json()
    assert ground["basemap"] is None
    assert ground["boundary"]["type"] in {"Polygon", "MultiPolygon"}
    assert ground["schools"] == [{"name": school.name, "position": [school.location.x, school.location.y]}]
    Basemap.objects.filter(name="Kart fra Kartverket").update(is_active=True)
    assert client.get(url).json()["basemap"]["attribution"] == "© Kartverket"
    assert client.get(reverse("mapping:admin-ground", args=[kai.memberships.get().municipality_id])).status_code == 404
    client.force_login(kai)
    assert client.get(url).status_code == 404


def test_the_page_of_a_school_names_the_folder_of_leaflets_pictures_and_the_script(client: Client, school: School) -> None:
    client.force_login(User.objects.create_superuser("root", password="x"))
    page = client.get(reverse("admin:surveys_school_change", args=[school.pk])).content.decode()
    assert '<script id="force-img-path" type="application/json">"/static/leaflet/images/"</script>' in page
    assert '/static/js/pages/admin_map.js" type="module"' in page
    assert finders.find("leaflet/images/marker-icon.png")
