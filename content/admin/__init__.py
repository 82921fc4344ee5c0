"""Admin of everything the public pages say. Imports models, comparison, publishing, claims."""

from content.admin import articles, centers, claim_rules, clinic, decisions, notices, revisions, search, therapies

__all__ = ["articles", "centers", "claim_rules", "clinic", "decisions", "notices", "revisions", "search", "therapies"]
