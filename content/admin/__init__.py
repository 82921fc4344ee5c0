"""Admin of everything the public pages say. Imports models, comparison."""

from content.admin import articles, centers, clinic, decisions, notices, revisions, therapies

__all__ = ["articles", "centers", "clinic", "decisions", "notices", "revisions", "therapies"]
