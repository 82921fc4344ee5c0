"""Admin of everything the public pages say. Imports models, comparison, claims."""

from content.admin import articles, centers, claim_rules, clinic, decisions, notices, revisions, therapies

__all__ = ["articles", "centers", "claim_rules", "clinic", "decisions", "notices", "revisions", "therapies"]
