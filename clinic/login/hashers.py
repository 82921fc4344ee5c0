"""How passwords are kept."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """Argon2id with 19 MiB, two passes and one thread, as the OWASP Password Storage Cheat Sheet has it.

    Django's own numbers (100 MiB, eight threads) take a third of a second on two cores: a log-in form that anybody may
    post would slow the public pages.
    """

    time_cost = 2
    memory_cost = 19456
    parallelism = 1
