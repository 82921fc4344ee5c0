#!/bin/sh
# Makes the files in secrets/ that compose.yaml reads; what is there already stays as it is.
#   sh deploy/secrets.sh smtp+tls://user:password@mail.example
set -eu
umask 077
mkdir -p secrets/certificates
keep() { [ -s "secrets/$1" ] || cat > "secrets/$1"; }
random() { head -c "$1" /dev/urandom | base64 | tr -d '\n' | tr '+/' '-_'; }
[ -s secrets/email_url ] || [ $# -eq 1 ] || { echo "Name the mail server: sh deploy/secrets.sh smtp+tls://user:password@mail.example" >&2; exit 1; }
if [ -s secrets/email_url ] && [ $# -eq 1 ] && [ "$1" != "$(cat secrets/email_url)" ]; then
    echo "secrets/email_url names another mail server, and stays as it is: to change it, write the new one into that file." >&2
fi
printf '%s' "${1:-}" | keep email_url
random 48 | keep secret_key
random 32 | keep field_keys
random 32 | keep backup_key
random 24 | keep database_password
printf 'postgresql://clinic:%s@postgres/clinic' "$(cat secrets/database_password)" | keep database_url
# The site's processes in the containers are another user (10001); the folder itself lets only its owner in.
chmod 644 secrets/email_url secrets/secret_key secrets/field_keys secrets/backup_key secrets/database_password secrets/database_url
echo "All are in secrets/; what was there stays as it was. Keep a copy of field_keys, backup_key and secret_key apart from the backups: without the first two a backup cannot be read, without the third private links stop working."
