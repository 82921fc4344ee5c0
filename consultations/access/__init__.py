"""Accounts of staff: networks they came from, and a lost second factor. Imports models, links, groups, exceptions."""
