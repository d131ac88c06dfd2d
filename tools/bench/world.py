"""The town that the bench measures in: a municipality, schools, a survey with classes, a planner; made by the project's services.

A program of its own, since Django holds one database for the life of a process: prints what it made as one JSON object.
"""

import argparse
import json
import secrets
import sys
from datetime import timedelta

import django
from django.core.management import call_command

CENTRE = (5.33, 60.38)
"""The middle of the town, [lon, lat]: Bergen's latitude, where a degree of longitude is half as long as one of latitude."""
HALF_WIDTH = (0.16, 0.08)
"""From the middle to the edges of the study area in degrees: about 17.6 by 17.8 km."""
GRADES = range(1, 11)
LETTERS = "ABCDE"


def make(*, classes: int, has_open_lessons: bool) -> dict[str, object]:
    """Make the town and tell what the bench needs to know of it."""
    from django.contrib.gis.geos import MultiPolygon, Point, Polygon
    from django.utils import timezone

    from surveys import codes, services
    from surveys.models import Municipality, Role, School, User

    (lon, lat), (wide, high) = CENTRE, HALF_WIDTH
    area = MultiPolygon(Polygon.from_bbox((lon - wide, lat - high, lon + wide, lat + high)), srid=4326)
    town = Municipality.objects.create(number="4601", name="Målestad", boundary=area, metric_srid=25832)
    count = -(-classes // (len(GRADES) * len(LETTERS)))
    gates = [Point(lon + wide * (n % 7 - 3) / 4, lat + high * (n // 7 % 7 - 3) / 4) for n in range(count)]
    schools = [School.objects.create(municipality=town, name=f"Skole {n}", location=gate) for n, gate in enumerate(gates)]
    today = timezone.localdate()
    survey = services.create_survey_from_template(
        template="barnetrakk",
        municipality=town,
        schools=schools,
        title={"nb": "Måling"},
        study_area=area,
        opens_on=today - timedelta(days=60),
        closes_on=today + timedelta(days=300),
        languages=["nb"],
        start=Point(*CENTRE),
    )
    services.open_survey(survey=survey)
    slots = [(school, grade, letter) for school in schools for letter in LETTERS for grade in GRADES][:classes]
    groups = [services.add_class_group(survey=survey, school=s, grade=grade, letter=letter, pupils=25) for s, grade, letter in slots]
    lessons = [services.open_lesson(class_group=g, opened_by=None, length=timedelta(hours=8)) for g in groups if has_open_lessons]
    planner = User.objects.create_user("planlegger")
    services.add_member(user=planner, municipality=town, role=Role.PLANNER)
    _, token = services.make_access_token(user=planner, municipality=town, label="måling")
    password = secrets.token_urlsafe()
    teacher = User.objects.create_user("laerer", password=password)
    for school in schools:
        services.add_member(user=teacher, municipality=town, role=Role.TEACHER, school=school)
    return {
        "survey": str(survey.pk),
        "planner_token": token,
        "groups": [str(group.pk) for group in groups],
        "codes": [codes.class_code(group.pk, group.code_serial) for group in groups] if has_open_lessons else [],
        "tokens": [codes.class_token(group.pk, group.code_serial) for group in groups],
        "lessons": [str(lesson.pk) for lesson in lessons],
        "teacher": {"user": teacher.username, "password": password},
        "categories": [
            {"id": category.pk, "code": category.code, "kind": category.kind, "modes": category.modes, "most": category.max_per_response}
            for category in survey.categories.all()
        ],
    }


def main() -> int:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--classes", type=int, required=True)
    parser.add_argument("--open-lessons", action="store_true")
    asked = parser.parse_args()
    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    print(json.dumps(make(classes=asked.classes, has_open_lessons=asked.open_lessons)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
