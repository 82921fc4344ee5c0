"""Screens on which editors change what the site says."""

from content.admin import articles, centers, clinic, notices, therapies

__all__ = ["articles", "centers", "clinic", "notices", "therapies"]
