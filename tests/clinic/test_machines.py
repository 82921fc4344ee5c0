"""Settings of a site on several machines."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from clinic import env, machines

DATABASE = env.database("postgresql://clinic@db.example/clinic", pool_size=8)


def test_without_a_replica_there_is_one_database() -> None:
    assert machines.replica("", database=DATABASE, pool_size=8) == {}


def test_replica_is_read_only_and_waited_for_briefly() -> None:
    found = machines.replica("postgresql://reader@%2Frun%2FCopy/clinic", database=DATABASE, pool_size=4)["replica"]

    assert (found["HOST"], found["USER"], found["CONN_HEALTH_CHECKS"]) == ("/run/Copy", "reader", False)
    assert found["OPTIONS"]["options"].split(" -c ")[2:] == [
        "default_transaction_read_only=on",
        "statement_timeout=2000",
    ]
    assert found["OPTIONS"]["pool"] == {"min_size": 0, "max_size": 4, "timeout": 1, "reconnect_timeout": 1}


@pytest.mark.parametrize(
    ("url", "database", "sentence"),
    [
        ("nonsense", "postgresql://clinic@db.example/clinic", "REPLICA_URL must be a sqlite:///path or a"),
        (
            "sqlite:////tmp/copy.sqlite3",
            "postgresql://clinic@db.example/clinic",
            "REPLICA_URL must be a postgresql:// URL",
        ),
        (
            "postgresql://clinic@copy.example/clinic",
            "sqlite:////tmp/main.sqlite3",
            "REPLICA_URL must be a postgresql:// URL",
        ),
        ("postgresql://u:12/s3cr@host/name", "postgresql://clinic@db.example/clinic", "REPLICA_URL"),
        ("postgresql://u:s3cr@host/name?nope=1", "postgresql://clinic@db.example/clinic", "REPLICA_URL has an option"),
    ],
)
def test_replica_that_cannot_be_one_is_refused_without_its_value(url: str, database: str, sentence: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refusal:
        machines.replica(url, database=env.database(database, pool_size=8), pool_size=8)

    assert str(refusal.value).startswith(sentence)
    assert "s3cr" not in str(refusal.value)


def test_address_of_a_cdn_is_taken_as_it_is_with_its_host_in_ascii() -> None:
    assert machines.purge_url("", token="") == ""
    assert machines.purge_url("https://klinik-für-alle.example/purge?zone=1", token="t") == (
        "https://xn--klinik-fr-alle-nsb.example/purge?zone=1"
    )
    assert machines.purge_url("http://10.0.0.7:6081/", token="") == "http://10.0.0.7:6081/"


@pytest.mark.parametrize(
    ("url", "token", "sentence"),
    [
        ("", "s3cr", "CDN_PURGE_TOKEN is set, and CDN_PURGE_URL is not: nobody would be told."),
        ("http://cdn.example/", "s3cr", "CDN_PURGE_URL must be https, as CDN_PURGE_TOKEN could be read on its way"),
        ("https://cdn.example/", "s3cr\r\nX-Admin: 1", "CDN_PURGE_TOKEN holds a character that no header can have."),
        ("ftp://cdn.example/", "", "CDN_PURGE_URL must be an https:// address"),
        ("https:///s3cr", "", "CDN_PURGE_URL must be an https:// address"),
        ("https://u:s3cr@cdn.example/", "", "CDN_PURGE_URL has a user name or a password"),
        ("https://cdn.example/s3cr#", "", "CDN_PURGE_URL holds a character"),
    ],
)
def test_cdn_that_cannot_be_told_is_refused_without_its_value(url: str, token: str, sentence: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refusal:
        machines.purge_url(url, token=token)

    assert str(refusal.value).startswith(sentence)
    assert "s3cr" not in str(refusal.value)
