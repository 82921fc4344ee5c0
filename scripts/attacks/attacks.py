"""The list of attacks by name, and the settings under which the site is attacked."""

from __future__ import annotations

from scripts.attacks import booking, forms, observer, server, staff

# The attackers' network addresses are told by the nearest proxy, which is this machine.
SETTINGS = {"TRUSTED_PROXIES": "127.0.0.1", "STAFF_SECOND_FACTOR": "off"}
ALL = {
    "planted-key": forms.planted_key,
    "who-has-an-appointment": observer.who_has_an_appointment,
    "mail-flood": booking.mail_flood,
    "take-all-times": booking.take_all_times,
    "somebody-elses-number": booking.somebody_elses_number,
    "strangers-unsubscribe": booking.strangers_unsubscribe,
    "foreign-centers": staff.foreign_centers,
    "guess-passwords": staff.guess_passwords,
    "crowded-login": staff.crowded_login,
    "many-log-ins": staff.many_log_ins,
    "slow-connections": server.slow_connections,
    "database-log": forms.database_log,
    "growing-text": forms.growing_text,
    "no-limit": forms.no_limit,
    "weak-settings": server.weak_settings,
    "told-https": server.told_https,
    "log-repeats-link": server.log_repeats_link,
}
