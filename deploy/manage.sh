#!/bin/sh
# Runs manage.py of an installation without containers: with the variables of the systemd units, as the user who runs the site, from
# any folder. A variable that is set already counts more. AS=root for what writes into the folder of the project.
#   sh /srv/clinic/deploy/manage.sh doctor
#   AS=root sh /srv/clinic/deploy/manage.sh collectstatic --no-input
set -eu
as=${AS:-clinic}
folder=${FOLDER:-/etc/clinic}
files="$folder/environment"
# The key of backups is for these two alone.
case "${1:-}" in backup | restore) files="$files $folder/backup" ;; esac
for file in $files; do
    [ -r "$file" ] || { echo "$file cannot be read: run this as root, after deploy/environment.sh." >&2; exit 1; }
    while IFS= read -r line || [ -n "$line" ]; do
        name=${line%%=*}
        # Comments and empty lines, and what was set for this one command.
        case "$name" in "" | *[!A-Z0-9_]*) continue ;; esac
        if ! printenv "$name" > /dev/null; then export "$name=${line#*=}"; fi
    done < "$file"
done
cd "$(dirname "$0")/.."
# Where the database driver looks for files of its own; that of root is closed to others.
export HOME="$PWD"
exec setpriv --reuid "$as" --regid "$as" --init-groups .venv/bin/python manage.py "$@"
