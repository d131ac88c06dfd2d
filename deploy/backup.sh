#!/bin/sh
# Makes one backup and removes those that are too old:  deploy/backup.sh FOLDER [DAYS]
#
# A backup is a folder with the database and the basemaps; it appears whole or not at all. It holds what children have
# drawn, so it must be kept like that, and not longer than needed: DAYS is how long (30).
set -eu
umask 077
# shellcheck source=deploy/database.sh
. "$(dirname -- "$0")/database.sh"

if [ $# -lt 1 ] || [ $# -gt 2 ]; then
    echo "usage: deploy/backup.sh FOLDER [DAYS]" >&2
    exit 2
fi
folder=$1
days=${2:-30}
name=trakk-$(date -u +%Y%m%dT%H%M%SZ)
half=$folder/.$name.half
mkdir -p "$half"
trap 'rm -rf "$half"' EXIT

pg pg_dump --format=custom --no-owner --no-privileges --dbname="$database" >"$half/database.dump"
if [ -n "${DATABASE_URL:-}" ]; then
    data=${DATA_DIR:-$here/../var}
    mkdir -p "$data/basemaps"
    tar -C "$data" -czf "$half/basemaps.tar.gz" basemaps
else
    docker compose -f "$here/compose.yaml" run --rm --no-deps -T --entrypoint sh app \
        -c 'mkdir -p /data/basemaps && tar -C /data -czf - basemaps' >"$half/basemaps.tar.gz"
fi
(cd "$half" && sha256sum database.dump basemaps.tar.gz >SHA256SUMS)
mv "$half" "$folder/$name"
# only whole folders with our own kind of name
find "$folder" -maxdepth 1 -type d -name 'trakk-????????T??????Z' -mtime "+$days" -exec rm -rf {} +
find "$folder" -maxdepth 1 -type d -name '.trakk-*.half' -mtime +1 -exec rm -rf {} +
say "$(du -sh "$folder/$name" | cut -f1) in $folder/$name"
