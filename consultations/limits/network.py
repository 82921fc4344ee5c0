"""The visitor's network address, believed from trusted proxies only, and its network for counting. Pure."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from functools import lru_cache

type Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# Some proxies add the port: 192.0.2.7:5678 or [2001:db8::7]:5678.
WITH_PORT = re.compile(r"^(?:\[(?P<six>[^\]]+)\](?::\d+)?|(?P<four>[\d.]+):\d+)$")


def client_address(peer: str, forwarded_for: str, trusted: Sequence[str]) -> str:
    """Return the visitor's address, or "" where it cannot be known.

    Anybody can write an X-Forwarded-For header, so it is believed only as far as our own proxies wrote it: it is read
    from the right, past the trusted proxies, to the first address that is none of ours.

    Args:
        peer: who is connected to this server (REMOTE_ADDR).
        forwarded_for: the X-Forwarded-For header, all lines joined by commas.
        trusted: networks of the proxies, in CIDR form.
    """
    address = _parse(peer)
    if address is None or not _is_within(address, trusted):
        return str(address or "")
    for hop in reversed(forwarded_for.split(",")):
        address = _parse(hop)
        # A proxy that does not say who asked would make all visitors look like one.
        if address is None or not _is_within(address, trusted):
            return str(address or "")
    return str(address)


def is_trusted(peer: str, trusted: Sequence[str]) -> bool:
    """Return whether who is connected is one of our own proxies."""
    address = _parse(peer) if trusted else None
    return address is not None and _is_within(address, trusted)


def networks_of(address: str) -> dict[int, str]:
    """Return the networks that neighbours share, by their length: /24 of IPv4; /64, /56 and /48 of IPv6."""
    lengths = (24,) if ipaddress.ip_address(address).version == 4 else (64, 56, 48)
    return {bits: str(ipaddress.ip_network(f"{address}/{bits}", strict=False)) for bits in lengths}


def _parse(text: str) -> Address | None:
    text = text.strip()
    if match := WITH_PORT.match(text):
        text = match["six"] or match["four"]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address):
        # A server that listens on both sees IPv4 visitors as ::ffff:192.0.2.7; a zone such as %eth0 is local talk.
        return address.ipv4_mapped or ipaddress.IPv6Address(int(address))
    return address


def _is_within(address: Address, networks: Sequence[str]) -> bool:
    return any(address in _network(network) for network in networks)


# The few that the settings name, asked at every request.
_network = lru_cache(ipaddress.ip_network)
