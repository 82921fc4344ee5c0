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
