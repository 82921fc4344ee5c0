"""Checks what is public with the rules in the database. Imports models, claims, versions."""
