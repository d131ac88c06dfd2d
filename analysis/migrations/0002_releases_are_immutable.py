"""What has been built stays as it was built: the database refuses to change a release's content, fingerprint or survey."""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION analysis_release_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a release is immutable: build a new one' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER release_stays BEFORE UPDATE OF payload, sha256, survey_id, built_on ON analysis_release
FOR EACH ROW WHEN (
    OLD.payload IS DISTINCT FROM NEW.payload OR OLD.sha256 IS DISTINCT FROM NEW.sha256
    OR OLD.survey_id IS DISTINCT FROM NEW.survey_id OR OLD.built_on IS DISTINCT FROM NEW.built_on
) EXECUTE FUNCTION analysis_release_stays();
"""

BACKWARDS = """
DROP TRIGGER release_stays ON analysis_release;
DROP FUNCTION analysis_release_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("analysis", "0001_initial")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
