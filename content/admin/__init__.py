"""Screens on which editors change what the site says. Imports models, comparison."""

from content.admin import articles, centers, clinic, notices, therapies

__all__ = ["articles", "centers", "clinic", "notices", "therapies"]
