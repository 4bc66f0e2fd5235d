#!/bin/sh
# Makes the role of the processes: `migrate` grants it what they need, and nothing that makes, changes or drops tables.
set -e
psql --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --set ON_ERROR_STOP=1 --set password="$APP_PASSWORD" <<'SQL'
create role perpetua_app login password :'password';
SQL
