#!/bin/sh
# Makes the variables that the systemd units read: /etc/clinic/environment and, for backups alone, /etc/clinic/backup, readable by root
# only. What is there already stays as it is.
#   sh deploy/environment.sh www.clinic.example desk@clinic.example smtp+tls://user:password@mail.example
set -eu
umask 077
[ $# -eq 3 ] || { echo "Name the site, the mailbox for new requests and the mail server: sh deploy/environment.sh www.clinic.example desk@clinic.example smtp+tls://user:password@mail.example" >&2; exit 1; }
folder=${FOLDER:-/etc/clinic}
mkdir -p "$folder"
random() { head -c "$1" /dev/urandom | base64 | tr -d '\n' | tr '+/' '-_'; }
for line in "ALLOWED_HOSTS=$1" "STAFF_INBOX=$2" "EMAIL_URL=$3"; do
    if [ -s "$folder/environment" ] && ! grep -qxF -- "$line" "$folder/environment"; then
        echo "$folder/environment has another ${line%%=*}, and stays as it is: to change it, write the new one into that file." >&2
    fi
done
[ -s "$folder/environment" ] || cat > "$folder/environment" <<END
SECRET_KEY=$(random 48)
FIELD_KEYS=$(random 32)
ALLOWED_HOSTS=$1
SITE_URL=https://$1
DATABASE_URL=postgresql://clinic@%2Fvar%2Frun%2Fpostgresql/clinic
EMAIL_URL=$3
STAFF_INBOX=$2
TRUSTED_PROXIES=127.0.0.1
END
[ -s "$folder/backup" ] || echo "BACKUP_KEY=$(random 32)" > "$folder/backup"
echo "All are in $folder; what was there stays as it was. Keep a copy of both files apart from the backups: without FIELD_KEYS and BACKUP_KEY a backup cannot be read, without SECRET_KEY private links stop working."
