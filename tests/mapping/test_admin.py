"""The log of decisions on words in the admin: read by the municipality's planners and operators, changed by nobody, and without words."""

import pytest
from django.test import Client
from django.urls import reverse

from mapping.models import Judgement, Mark
from mapping.services import release_comment
from surveys import services
from surveys.models import Municipality, Role, User
from tests.conftest import Tablet, a_place
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

LIST = "admin:mapping_judgement_changelist"


@pytest.fixture
def judgement(ada: Tablet, pia: User) -> Judgement:
    """Pia has released Ada's words."""
    ada.put(a_place(comment="Fint nede ved vannet"))
    return release_comment(mark=Mark.objects.get(), by=pia)


@pytest.fixture
def ole(municipality: Municipality) -> User:
    """Ole, operator of the municipality."""
    user: User = UserFactory.create(username="ole")
    services.add_member(user=user, municipality=municipality, role=Role.OPERATOR)
    return user


@pytest.mark.parametrize("who", ["pia", "ole", "root"])
def test_the_log_is_read_and_not_written(client: Client, judgement: Judgement, pia: User, ole: User, who: str) -> None:
    root = User.objects.create_superuser("root", password="x")
    client.force_login({"pia": pia, "ole": ole, "root": root}[who])
    listed = client.get(reverse(LIST)).content.decode()
    line = reverse("admin:mapping_judgement_change", args=[judgement.pk])
    shown = client.get(line)
    assert shown.status_code == 200
    for page in (listed, shown.content.decode()):
        assert "pia" in page
        assert "vannet" not in page
        assert str(judgement.mark_id) not in page
    if who == "pia":
        assert "/admin/surveys/" not in shown.content.decode(), "accounts and surveys are not hers to open there"
    assert client.post(line, {"decision": "dropped"}).status_code == 403
    assert client.get(reverse("admin:mapping_judgement_add")).status_code == 403
    assert client.post(reverse("admin:mapping_judgement_delete", args=[judgement.pk]), {"post": "yes"}).status_code == 403
    judgement.refresh_from_db()
    assert judgement.decision == "released"


def test_another_municipalitys_log_is_not_found(client: Client, judgement: Judgement, kai: User, tor: User) -> None:
    client.force_login(kai)
    assert "pia" not in client.get(reverse(LIST)).content.decode()
    assert client.get(reverse("admin:mapping_judgement_change", args=[judgement.pk])).status_code == 404
    client.force_login(tor)
    assert client.get(reverse(LIST)).status_code == 302
