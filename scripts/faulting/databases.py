"""The databases under test: prepared once, copied for every scenario, and looked into from outside the site."""

from __future__ import annotations

import contextlib
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import psycopg
from psycopg import sql

from scripts.cluster import Cluster

PATIENCE = 20


class Database(Protocol):
    """One copy."""

    name: str

    @property
    def url(self) -> str:
        """What DATABASE_URL is set to."""

    def ask(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        """Run a statement, committed at once, with a connection of its own; parameters are written %s."""

    def copy(self, name: str) -> Database:
        """Return a copy; nobody may be connected to this one."""


@dataclass
class SQLite:
    """A file."""

    path: Path
    name: str = "SQLite"

    @property
    def url(self) -> str:
        """What DATABASE_URL is set to."""
        return f"sqlite:///{self.path}"

    def ask(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        """Run a statement."""
        with contextlib.closing(sqlite3.connect(self.path, timeout=PATIENCE, autocommit=True)) as connection:
            return connection.execute(question.replace("%s", "?"), values).fetchall()

    def copy(self, name: str) -> SQLite:
        """Return a copy, with whatever stands in the write-ahead log."""
        made = SQLite(self.path.with_name(f"{name}.sqlite3"))
        with (
            contextlib.closing(sqlite3.connect(self.path)) as source,
            contextlib.closing(sqlite3.connect(made.path)) as target,
        ):
            source.backup(target)
        return made


@dataclass
class PostgreSQL:
    """A database of a cluster."""

    cluster: Cluster
    database: str
    name: str = "PostgreSQL"

    @property
    def url(self) -> str:
        """What DATABASE_URL is set to."""
        return self.cluster.url_of(self.database)

    def ask(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        """Run a statement."""
        with psycopg.connect(self.url, autocommit=True, connect_timeout=PATIENCE) as connection:
            done = connection.execute(question.encode(), values)
            return done.fetchall() if done.description else []

    def copy(self, name: str) -> PostgreSQL:
        """Return a copy."""
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
            sql.Identifier(name), sql.Identifier(self.database)
        )
        with psycopg.connect(self.cluster.url, autocommit=True) as connection:
            connection.execute(statement)
        return PostgreSQL(self.cluster, name)

    def is_there(self) -> bool:
        """Return whether the cluster has it."""
        with psycopg.connect(self.cluster.url, autocommit=True) as connection:
            return connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self.database]).rowcount == 1

    @classmethod
    def empty(cls, cluster: Cluster, name: str) -> PostgreSQL:
        """Return a database without tables."""
        with psycopg.connect(cluster.url, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return cls(cluster, name)
