"""Suggests corrections for mistyped mail domains ("gmial.com"). Pure."""

from __future__ import annotations

# Providers that many people have their mail with; a domain one slip away from one of them is likelier a slip.
PROVIDERS = (
    "gmail.com", "googlemail.com", "hotmail.com", "hotmail.co.uk", "outlook.com", "yahoo.com", "yahoo.co.uk",
    "yahoo.co.jp", "yahoo.com.br", "ymail.com", "icloud.com", "protonmail.com", "proton.me", "fastmail.com", "zoho.com",
    "comcast.net", "verizon.net", "sbcglobal.net", "bellsouth.net", "btinternet.com", "rediffmail.com", "t-online.de",
    "orange.fr", "wanadoo.fr", "libero.it", "seznam.cz", "yandex.ru", "naver.com", "bigpond.com", "rogers.com",
    "free.fr", "mail.com", "email.com", "mail.ru", "live.com", "gmx.de", "gmx.net", "web.de", "aol.com", "msn.com",
)  # fmt: skip
# Too many honest domains lie within a letter or two of a short name.
SHORTEST_TARGET = 9
# The slips of "com" that are countries too.
COM_SLIPS = frozenset({"co", "cm", "om"})


def corrected(email: str) -> str:
    """Return the address with the provider's name mended, or "" where there is nothing to mend."""
    local, _, domain = email.rpartition("@")
    domain = domain.lower()
    if not local or not domain or domain in PROVIDERS:
        return ""
    for provider in PROVIDERS:
        if len(provider) >= SHORTEST_TARGET and not _is_sister(domain, provider) and _is_slip(domain, provider):
            return f"{local}@{provider}"
    return ""


def distance(one: str, other: str) -> int:
    """Return how many letters have to be added, dropped, changed or swapped with their neighbour."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, left in enumerate(one, start=1):
        row = [i]
        for j, right in enumerate(other, start=1):
            row.append(min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (left != right)))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                row[j] = min(row[j], before[j - 2] + 1)
        before, last = last, row
    return last[-1]


def _is_slip(domain: str, provider: str) -> bool:
    allowed = 2 if len(provider) > 10 else 1
    if abs(len(domain) - len(provider)) > allowed:
        return False
    # Each step changes at most two of the letters that only one of them has: most are told apart without counting steps.
    return len({*domain} ^ {*provider}) <= 2 * allowed and distance(domain, provider) <= allowed


def _is_sister(domain: str, provider: str) -> bool:
    """Return whether a domain is the same provider's in another country, such as yahoo.es."""
    name, _, ending = domain.partition(".")
    return name == provider.partition(".")[0] and ending.isascii() and len(ending) == 2 and ending not in COM_SLIPS
