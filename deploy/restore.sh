#!/bin/sh
# Puts a backup in place of what is there:  deploy/restore.sh FOLDER/trakk-…
#
# The backup goes into a new database first. Only when it is whole do the two change names, and the old one stays,
# so that there is a way back. Stop the site before, and start it (and so migrate) after.
set -eu
umask 077
# shellcheck source=deploy/database.sh
. "$(dirname -- "$0")/database.sh"

if [ $# -ne 1 ] || [ ! -f "$1/database.dump" ]; then
    echo "usage: deploy/restore.sh FOLDER/trakk-…    a folder that backup.sh made" >&2
    exit 2
fi
(cd "$1" && sha256sum --check --quiet SHA256SUMS) || {
    say "the backup is damaged; nothing was changed"
    exit 1
}
now=$(date -u +%Y%m%d%H%M%S)
new=${database}_restored_$now
old=${database}_before_$now

run_sql() {
    pg psql -X -q -v ON_ERROR_STOP=1 -d postgres -c "$1"
}
forget_new() {
    run_sql "DROP DATABASE IF EXISTS \"$new\"" || true
}

run_sql "CREATE DATABASE \"$new\" TEMPLATE template0"
trap forget_new EXIT
pg pg_restore --exit-on-error --no-owner --no-privileges --dbname="$new" <"$1/database.dump"

others=$(pg psql -X -qAt -d postgres -c "SELECT count(*) FROM pg_stat_activity WHERE datname = '$database'")
if [ "$others" -gt 0 ]; then
    say "$others connections use the database: stop the site first; nothing was changed"
    exit 1
fi
# one transaction: never a moment in which neither has the name
pg psql -X -q -v ON_ERROR_STOP=1 --single-transaction -d postgres \
    -c "ALTER DATABASE \"$database\" RENAME TO \"$old\"" -c "ALTER DATABASE \"$new\" RENAME TO \"$database\""
trap - EXIT

if [ -n "${DATABASE_URL:-}" ]; then
    data=${DATA_DIR:-$here/../var}
    mkdir -p "$data"
    tar -C "$data" -xzf "$1/basemaps.tar.gz"
else
    docker compose -f "$here/compose.yaml" run --rm --no-deps -T --entrypoint sh app \
        -c 'tar -C /data -xzf -' <"$1/basemaps.tar.gz"
fi
say "done; start the site now. What was there before is kept as database $old: drop it when you are content"
