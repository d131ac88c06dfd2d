"""Releases: built from the real tables, immutable, one public at a time; too few answers give none."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import override_settings

from analysis.models import Release
from analysis.services import build_release, publish_release, renew_draft, withdraw_release
from surveys.errors import NotAllowed
from surveys.models import Survey, User
from tests.factories import MarkFactory, ResponseFactory

pytestmark = pytest.mark.django_db


def test_a_release_counts_children_and_names_its_survey(answered: Survey) -> None:
    release = build_release(survey=answered)
    payload = release.payload
    assert release.status == "draft"
    assert payload["survey"]["id"] == str(answered.pk)
    assert payload["n_responses"] == 30
    assert payload["not_answered"] == 20
    themes = {theme["code"]: theme["children"] for theme in payload["themes"]}
    assert themes["activity"] == 30
    assert themes["negative"] is None, "three children are too few to be told of"
    assert {cell["theme"] for cell in payload["cells"]} == {None, "activity"}


@override_settings(MIN_GROUP_SIZE=31)
def test_an_operator_who_raises_the_smallest_group_hides_more(answered: Survey) -> None:
    payload = build_release(survey=answered).payload
    assert payload["rules"]["k"] == 31
    assert {theme["children"] for theme in payload["themes"]} == {None}
    assert payload["cells"] == []


def test_the_same_survey_gives_the_same_fingerprint(answered: Survey) -> None:
    assert build_release(survey=answered).sha256 == build_release(survey=answered).sha256


def test_a_new_draft_takes_the_place_of_the_one_nobody_published(answered: Survey) -> None:
    public = publish_release(release=build_release(survey=answered))
    renew_draft(survey=answered)
    draft = renew_draft(survey=answered)
    assert set(Release.objects.values_list("pk", "status")) == {(public.pk, "public"), (draft.pk, "draft")}


def test_a_step_is_judged_by_what_the_release_is_now_and_not_by_what_the_page_showed(answered: Survey) -> None:
    release = build_release(survey=answered)
    shown_elsewhere = Release.objects.get(pk=release.pk)
    publish_release(release=release)
    with pytest.raises(NotAllowed, match="offentlig"):
        publish_release(release=shown_elsewhere)


def test_too_few_answers_give_no_release(survey: Survey) -> None:
    with pytest.raises(NotAllowed, match="0 har svart"):
        build_release(survey=survey)
    assert not Release.objects.exists()


def test_a_new_public_release_takes_the_place_of_the_old(answered: Survey) -> None:
    first, second = build_release(survey=answered), build_release(survey=answered)
    publish_release(release=first)
    publish_release(release=second)
    first.refresh_from_db()
    assert (first.status, second.status) == ("withdrawn", "public")
    with pytest.raises(NotAllowed):
        publish_release(release=first)
    withdraw_release(release=second)
    assert not Release.objects.public().exists()


def test_the_next_release_waits_for_twenty_new_children(answered: Survey) -> None:
    publish_release(release=build_release(survey=answered))
    group = answered.class_groups.get(grade=8)
    category = answered.categories.get(code="leke")
    for _ in range(19):
        MarkFactory.create(response=ResponseFactory.create(class_group=group), category=category)
    with pytest.raises(NotAllowed, match="har 19 nye svart"):
        publish_release(release=build_release(survey=answered))
    MarkFactory.create(response=ResponseFactory.create(class_group=group), category=category)
    assert publish_release(release=build_release(survey=answered)).response_count == 50


def test_withdrawing_a_release_does_not_let_the_next_one_come_sooner(answered: Survey) -> None:
    withdraw_release(release=publish_release(release=build_release(survey=answered)))
    group = answered.class_groups.get(grade=8)
    for _ in range(10):
        MarkFactory.create(response=ResponseFactory.create(class_group=group), category=answered.categories.get(code="leke"))
    with pytest.raises(NotAllowed, match="har 10 nye svart"):
        publish_release(release=build_release(survey=answered))


def test_who_only_came_in_has_not_answered(answered: Survey) -> None:
    for _ in range(30):
        ResponseFactory.create(class_group=answered.class_groups.get(grade=8))
    assert build_release(survey=answered).response_count == 30


def test_the_database_refuses_to_change_what_was_built(answered: Survey) -> None:
    release = build_release(survey=answered)
    for column, value in (("payload", "'{}'"), ("sha256", "'0'"), ("built_on", "'2020-01-01'")):
        with pytest.raises(IntegrityError, match="immutable"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE analysis_release SET {column} = {value}")  # noqa: S608  # fixed columns above
    release.refresh_from_db()
    assert release.payload["n_responses"] == 30


def test_drafts_are_seen_by_their_own_planner_and_politician_only(answered: Survey, pia: User, pol: User, kai: User, tor: User) -> None:
    build_release(survey=answered)
    seen = {user.username: Release.objects.visible_to(user).count() for user in (pia, pol, kai, tor)}
    assert seen == {"pia": 1, "pol": 1, "kai": 0, "tor": 0}


def test_a_deleted_surveys_releases_are_seen_by_nobody(answered: Survey, pia: User) -> None:
    publish_release(release=build_release(survey=answered))
    Survey.objects.update(status=Survey.Status.DELETED)
    assert not Release.objects.visible_to(pia).exists()
    assert not Release.objects.public().exists()
