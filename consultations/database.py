"""Which errors say that the database cannot be used now."""

from __future__ import annotations

import psycopg
from django.db import InterfaceError, OperationalError

# The driver's own are among them: Django does not translate what the closing of a server-side cursor raises.
DATABASE_AWAY = (InterfaceError, OperationalError, psycopg.InterfaceError, psycopg.OperationalError)
