"""Uploaded pictures: read, made harmless, kept in the database. Imports models."""
