"""Why a backup cannot be made or restored. A leaf."""

from __future__ import annotations


class BackupRefused(Exception):
    """Its text is a sentence for the operator; nothing was written to the database."""
