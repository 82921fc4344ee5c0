"""Settings that are addresses: hosts, origins, mailboxes, networks. What is given is turned into what works, or refused.

No sentence repeats a value: it may hold a password.
"""

from __future__ import annotations

import ipaddress
import re
from email.utils import formataddr, parseaddr
from urllib.parse import SplitResult, urlsplit

from django.core.exceptions import ImproperlyConfigured, ValidationError

from content import addresses

HOST = re.compile(r"^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*\.?$")
# Settings whose host may be the folder of a socket.
DATABASES = {"DATABASE_URL", "REPLICA_URL"}
ENCODE = (
    "In a user name or password every character but letters, digits and - . _ ~ must be percent-encoded, such as # as %23"
    " and / as %2F."
)


def split(name: str, value: str) -> SplitResult:
    """Return the parts of a URL whose host and port can be used; `name` is the setting's, for the sentence.

    Raises:
        ImproperlyConfigured: the value is no URL, or holds something that was meant for the password.
    """
    try:
        parts = urlsplit(value)
        port, hostname = parts.port, parts.hostname
    except ValueError:
        raise ImproperlyConfigured(f"{name} cannot be read as a URL. {ENCODE}") from None
    if re.search(r"[\s\x00-\x1f#]", value) or "@" in parts.path + parts.query:
        raise ImproperlyConfigured(f"{name} holds a character that a URL cannot have there. {ENCODE}")
    if port == 0:
        raise ImproperlyConfigured(f"{name} has port 0; it must be between 1 and 65535.")
    # PostgreSQL on a socket: its folder stands where a host does, percent-encoded.
    is_folder = name in DATABASES and (hostname or "").lower().startswith("%2f")
    return parts._replace(netloc=_netloc(name, parts, hostname)) if hostname and not is_folder else parts


def host(name: str, value: str) -> str:
    """Return a host name or IP address (IPv6 in brackets) in ASCII."""
    bare = value.strip("[]")
    try:
        address = ipaddress.ip_address(bare)
    except ValueError:
        try:
            found = addresses.ascii_host(value)
        except ValueError:
            found = ""
        if not HOST.match(found):
            raise ImproperlyConfigured(f"{name} names something that is no host name.") from None
        return found
    return f"[{address}]" if address.version == 6 else str(address)


def site_url(value: str) -> str:
    """Return the site's public origin, without a trailing slash and in ASCII."""
    parts = split("SITE_URL", value)
    known = parts.scheme in {"http", "https"} and parts.hostname
    if not known or parts.path.strip("/") or parts.query or "@" in parts.netloc or "?" in value:
        raise ImproperlyConfigured("SITE_URL must be an origin and nothing more, such as https://www.clinic.example.")
    _refuse_underscore("SITE_URL", parts.netloc)
    return f"{parts.scheme}://{parts.netloc}"


def hosts(values: list[str]) -> list[str]:
    """Return ALLOWED_HOSTS as Django compares them: no scheme, no port, ASCII; `.name` also stands for what is below."""
    found = []
    for value in values:
        if value == "*":
            found.append(value)
            continue
        below = value.startswith(".")
        bare = value[1:] if below else value
        if "://" not in bare:
            bare = f"//[{bare}]" if bare.count(":") > 1 and not bare.startswith("[") else f"//{bare}"
        parts = split("ALLOWED_HOSTS", bare)
        if not parts.hostname or parts.path.strip("/") or parts.query or "@" in parts.netloc:
            raise ImproperlyConfigured(
                "ALLOWED_HOSTS must name hosts only, such as www.clinic.example, separated by commas."
            )
        name = host("ALLOWED_HOSTS", parts.hostname)
        _refuse_underscore("ALLOWED_HOSTS", name)
        found.append("." * below + name.removesuffix("."))
    return found


def mailbox(name: str, value: str) -> str:
    """Return one mail address, or "" where none is set; a name before it, as in `Clinic <desk@clinic.example>`, is kept."""
    if not value:
        return ""
    words, address = parseaddr(value)
    try:
        return formataddr((words, addresses.mail_address(address)))
    except (ValidationError, UnicodeError):
        raise ImproperlyConfigured(f"{name} must be one mail address, such as desk@clinic.example.") from None


def networks(values: list[str]) -> list[str]:
    """Return the proxies' networks in CIDR form; only these may tell us a visitor's address."""
    found = []
    for position, value in enumerate(values, start=1):
        try:
            network = ipaddress.ip_network(value, strict=False)
        except ValueError:
            raise ImproperlyConfigured(
                f"TRUSTED_PROXIES holds something that is no address or network: number {position}. Write 10.0.0.7 or 10.0.0.0/8."
            ) from None
        if network.prefixlen == 0:
            raise ImproperlyConfigured("TRUSTED_PROXIES names everybody; name only the networks of your proxies.")
        if isinstance(network, ipaddress.IPv6Network) and (four := network.network_address.ipv4_mapped):
            network = ipaddress.ip_network(f"{four}/{max(network.prefixlen - 96, 1)}", strict=False)
        found.append(str(network))
    return found


def _refuse_underscore(name: str, hostname: str) -> None:
    """Names within a network may have one, but Django answers to none that has (RFC 1123, 2.1)."""
    if "_" in hostname:
        raise ImproperlyConfigured(f"{name} has a host name with an underscore, which no website can have.")


def _netloc(name: str, parts: SplitResult, hostname: str) -> str:
    login, at, named = parts.netloc.rpartition("@")
    # PostgreSQL is also reached by the folder of its socket; a path keeps its capitals.
    if name in DATABASES and named.lower().startswith("%2f"):
        return parts.netloc
    port = f":{parts.port}" if parts.port else ""
    return f"{login}{at}{host(name, hostname)}{port}"
