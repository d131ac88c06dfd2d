"""The database refuses a mark whose geometry does not fit its kind, is not valid, not flat, or whose survey is not its response's."""

from django.db import migrations

FORWARDS = """
ALTER TABLE mapping_mark
    ADD CONSTRAINT mark_geometry_fits_kind CHECK (
        CASE kind
            WHEN 'place' THEN geom IS NOT NULL AND GeometryType(geom) = 'POINT'
            WHEN 'route' THEN geom IS NULL OR GeometryType(geom) = 'LINESTRING'
            WHEN 'area' THEN geom IS NOT NULL AND GeometryType(geom) = 'POLYGON'
            ELSE false
        END
    ),
    ADD CONSTRAINT mark_geometry_flat_and_valid CHECK (geom IS NULL OR ST_CoordDim(geom) = 2 AND NOT ST_IsEmpty(geom) AND ST_IsValid(geom)),
    ADD CONSTRAINT mark_rev_positive CHECK (rev >= 1),
    ADD CONSTRAINT mark_week_is_a_monday CHECK (extract(isodow FROM week) = 1),
    ADD CONSTRAINT mark_words_released_or_empty CHECK (comment_state = 'released' OR published_comment = ''),
    ADD CONSTRAINT mark_of_its_responses_survey FOREIGN KEY (response_id, survey_id)
        REFERENCES surveys_response (id, survey_id) DEFERRABLE INITIALLY DEFERRED;
"""

BACKWARDS = """
ALTER TABLE mapping_mark
    DROP CONSTRAINT mark_geometry_fits_kind,
    DROP CONSTRAINT mark_geometry_flat_and_valid,
    DROP CONSTRAINT mark_rev_positive,
    DROP CONSTRAINT mark_week_is_a_monday,
    DROP CONSTRAINT mark_words_released_or_empty,
    DROP CONSTRAINT mark_of_its_responses_survey;
"""


class Migration(migrations.Migration):
    dependencies = [("mapping", "0001_initial")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
