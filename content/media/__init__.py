"""Uploaded pictures: read, made harmless, kept in the database or in a storage beside it. Imports models."""
