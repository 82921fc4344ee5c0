"""Where a visitor's connection comes from."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultations.limits import network

PROXIES = ["10.0.0.0/8", "fd00::/8"]


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("198.51.100.7", "", "198.51.100.7"),
        ("198.51.100.7", "203.0.113.9", "198.51.100.7"),
        ("10.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "1.2.3.4, 203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "1.2.3.4, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        ("10.0.0.1", "203.0.113.9:5123", "203.0.113.9"),
        ("10.0.0.1", "[2001:db8::7]:5123", "2001:db8::7"),
        ("fd00::1", "2001:db8::7", "2001:db8::7"),
        ("10.0.0.1", "10.0.0.3", "10.0.0.3"),
        ("::ffff:10.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "", ""),
        ("10.0.0.1", "203.0.113.9, nonsense", ""),
        ("", "203.0.113.9", ""),
    ],
)
def test_client_address_believes_only_trusted_proxies(peer: str, forwarded: str, address: str) -> None:
    assert network.client_address(peer, forwarded, PROXIES) == address


def test_client_address_believes_nobody_without_trusted_proxies() -> None:
    assert network.client_address("10.0.0.1", "203.0.113.9", []) == "10.0.0.1"


def test_networks_of_are_shared_by_neighbours_only() -> None:
    assert network.networks_of("203.0.113.9") == network.networks_of("203.0.113.250") == {24: "203.0.113.0/24"}
    assert network.networks_of("2001:db8:1:2:3::4") == {
        64: "2001:db8:1:2::/64",
        56: "2001:db8:1::/56",
        48: "2001:db8:1::/48",
    }


@given(st.text(max_size=40), st.text(max_size=80))
def test_client_address_never_raises_and_can_be_given_a_network(peer: str, forwarded: str) -> None:
    address = network.client_address(peer, forwarded, PROXIES)

    assert address == "" or network.networks_of(address)
