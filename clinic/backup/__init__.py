"""Backups of the whole database: sealed files, what is in them, and back into an empty database. Imports consultations' list of the erased."""
