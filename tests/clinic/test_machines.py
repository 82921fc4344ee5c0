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


def test_without_a_bucket_pictures_have_no_storage() -> None:
    assert machines.pictures("") == {}


@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "https://KEY:s3cr@storage.example/pictures",
        "s3://storage.example/pictures",
        "s3://KEY@storage.example/s3cr",
        "s3://KEY:s3cr@storage.example/",
        "s3://KEY:s3cr@storage.example/pictures/deeper",
        "s3://KEY:s3cr@storage.example/Pictures",
        "s3://KEY:s3cr@storage.example/pictures?acl=public",
        "s3://KEY:s3/cr@storage.example/pictures",
    ],
)
def test_storage_that_cannot_be_one_is_refused_without_its_value(url: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refusal:
        machines.pictures(url)

    assert str(refusal.value).startswith("MEDIA_STORAGE ")
    assert "s3cr" not in str(refusal.value)


def test_storage_whose_library_is_not_installed_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    # As without requirements-s3.txt, which is optional.
    monkeypatch.setattr(machines, "find_spec", lambda name: None)

    with pytest.raises(ImproperlyConfigured, match=r"^MEDIA_STORAGE needs what requirements-s3\.txt names"):
        machines.pictures("s3://KEY:secret@storage.example:9000/pictures?region=eu-central-1")


def test_bucket_is_named_by_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    # As with requirements-s3.txt: what is read of the address is the same without it.
    monkeypatch.setattr(machines, "find_spec", lambda name: object())
    found = machines.pictures("s3://KEY:s%2Fcret@storage.example:9000/pictures?region=eu-central-1")["pictures"]
    plain = machines.pictures("s3+http://KEY:secret@storage.example/pictures")["pictures"]

    names = ("access_key", "secret_key", "bucket_name", "endpoint_url", "region_name")
    assert [found["OPTIONS"][name] for name in names] == [
        "KEY",
        "s/cret",
        "pictures",
        "https://storage.example:9000",
        "eu-central-1",
    ]
    assert plain["OPTIONS"]["endpoint_url"] == "http://storage.example"


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
