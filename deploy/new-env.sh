#!/bin/sh
# Prints what deploy/compose.yaml needs to know, with fresh secrets:  deploy/new-env.sh trakk.kommune.no > deploy/.env
# Keep the file: without its key all sessions and class codes end, without its password the database stays shut.
set -eu
umask 077

if [ $# -ne 1 ]; then
    echo "usage: deploy/new-env.sh HOST    the name under which people reach the site" >&2
    exit 2
fi
secret() {
    od -An -N32 -tx1 /dev/urandom | tr -d ' \n'
}
printf 'TRAKK_HOST=%s\nSECRET_KEY=%s\nPOSTGRES_PASSWORD=%s\n' "$1" "$(secret)" "$(secret)"
