"""The list of attacks by name, and the settings under which the site is attacked."""

from __future__ import annotations

from scripts.attacks import booking, crowds, forms, observer, server, staff

# The attackers' network addresses are told by the nearest proxy, which is this machine.
SETTINGS = {"TRUSTED_PROXIES": "127.0.0.1", "STAFF_SECOND_FACTOR": "off"}
# What a short run has instead of the numbers of docs/limits.md, so that few tries reach them.
SHORT_LIMITS = "form-posts.address=20,costly-pages.address=40"
# In the order in which a short run does them on one site: after take-all-times a center takes no strangers' bookings.
ALL = {
    "planted-key": forms.planted_key,
    "who-has-an-appointment": observer.who_has_an_appointment,
    "mail-flood": booking.mail_flood,
    "somebody-elses-number": booking.somebody_elses_number,
    "strangers-unsubscribe": booking.strangers_unsubscribe,
    "take-all-times": booking.take_all_times,
    "foreign-centers": staff.foreign_centers,
    "guess-passwords": staff.guess_passwords,
    "neighbours": staff.neighbours,
    "crowded-login": crowds.crowded_login,
    "many-log-ins": crowds.many_log_ins,
    "slow-connections": server.slow_connections,
    "database-log": forms.database_log,
    "growing-text": forms.growing_text,
    "no-limit": forms.no_limit,
    "weak-settings": server.weak_settings,
    "told-https": server.told_https,
    "log-repeats-link": server.log_repeats_link,
}
# What a short run leaves out: many-log-ins and neighbours say nearly the same.
LONG = {"crowded-login", "guess-passwords"}
# What a short run does on SQLite alone, since no database has a part in it.
ONCE = {"slow-connections", "weak-settings", "told-https", "log-repeats-link", "many-log-ins", "planted-key"}
