"""A database that is away, as far as Django can tell."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any, NoReturn, Self

from django.db import OperationalError, connection


class DatabaseIsAway(ExitStack):
    """While it is entered, every query, and every new connection, fails the way it does when the server has gone."""

    def __init__(self, error: type[Exception] = OperationalError) -> None:
        super().__init__()
        self.error = error

    def __enter__(self) -> Self:
        """Stand in the way of every query."""
        self.enter_context(connection.execute_wrapper(self.refuse))
        # Nobody listens there, for whoever connects anew; SQLite has no host.
        self.callback(connection.settings_dict.__setitem__, "HOST", connection.settings_dict["HOST"])
        connection.settings_dict["HOST"] = "/nowhere"
        return super().__enter__()

    def refuse(self, *args: Any) -> NoReturn:
        """Fail as the driver would."""
        raise self.error("the server has gone away")
