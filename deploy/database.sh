# shellcheck shell=sh disable=SC2034
# Where the database is, for backup.sh and restore.sh (sourced, not run).
#
# With DATABASE_URL set, PostgreSQL's own programs on this machine reach it; otherwise those inside the compose
# project's `db` container do. After this, `pg PROGRAM ARGS…` runs one of them,
# and $database is the name of ours.

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)

say() {
    printf '%s: %s\n' "$(basename -- "$0" .sh)" "$*" >&2
}

if [ -n "${DATABASE_URL:-}" ]; then
    # into variables, because arguments can be read by everybody on the machine
    eval "$(python3 "$here/libpq_environment.py")"
    database=$PGDATABASE
    pg() {
        "$@"
    }
else
    database=trakk
    pg() {
        docker compose -f "$here/compose.yaml" exec -T -e PGUSER=trakk db "$@"
    }
fi
