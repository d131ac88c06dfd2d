"""The one statement that stores a mark, kept in the database: it locks, looks and writes in one round trip (decision 020)."""

from django.db import migrations

# Each statement of a volatile function has a snapshot of its own: the INSERT sees what the one who held the lock before us committed.
# Whatever is not plainly right gives NULL and writes nothing; mapping/services/marks.py then finds out why.
FORWARDS = """
CREATE FUNCTION mapping_put_mark(
    a_mark uuid, a_response uuid, a_survey_row text, a_category text, a_kind text, a_wkb bytea, a_mode text, a_comment text,
    a_answers jsonb, a_rev integer, a_sha256 bytea, a_week date,
    a_now timestamptz
) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    is_new boolean;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(a_mark::text, 0));
    INSERT INTO mapping_mark AS m
        (id, response_id, survey_id, category_id, kind, geom, mode, comment, comment_state, published_comment, answers, rev, sha256, week)
    SELECT a_mark, r.id, s.id, c.id, c.kind, ST_GeomFromWKB(a_wkb, 4326), a_mode, a_comment, 'held', '', a_answers, a_rev, a_sha256, a_week
    FROM surveys_response r
    JOIN surveys_survey s ON s.id = r.survey_id
    JOIN surveys_category c ON c.survey_id = s.id AND c.code = a_category
    WHERE r.id = a_response AND r.writable_until >= a_now AND s.status <> 'deleted'
      AND (a_survey_row IS NULL OR a_survey_row = s.xmin::text || s.ctid::text)
      AND c.kind = a_kind AND (a_mode = '' OR a_mode = ANY (c.modes))
      AND NOT EXISTS (SELECT FROM mapping_tombstone t WHERE t.id = a_mark AND t.rev >= a_rev)
      AND (SELECT count(*) < s.max_marks AND count(*) FILTER (WHERE o.category_id = c.id) < c.max_per_response
           FROM mapping_mark o WHERE o.response_id = r.id AND o.id <> a_mark)
    ON CONFLICT (id) DO UPDATE SET
        category_id = excluded.category_id, kind = excluded.kind, geom = excluded.geom, mode = excluded.mode,
        comment = excluded.comment, answers = excluded.answers, rev = excluded.rev, sha256 = excluded.sha256,
        comment_state = CASE WHEN m.comment = excluded.comment THEN m.comment_state ELSE 'held' END,
        published_comment = CASE WHEN m.comment = excluded.comment THEN m.published_comment ELSE '' END
    WHERE m.rev < excluded.rev AND m.response_id = excluded.response_id
    RETURNING m.xmax = 0 INTO is_new;
    RETURN is_new;
END
$$;
"""

BACKWARDS = "DROP FUNCTION mapping_put_mark(uuid, uuid, text, text, text, bytea, text, text, jsonb, integer, bytea, date, timestamptz)"


class Migration(migrations.Migration):
    dependencies = [("mapping", "0003_marks_fall_with_their_survey")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
