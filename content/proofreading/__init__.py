"""Checks what is public, and what is to be, with the rules in the database. Imports models, claims, versions, publishing."""
