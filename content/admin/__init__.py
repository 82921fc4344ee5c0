"""Admin of everything the public pages say. Imports models, publishing, proofreading, claims."""

from content.admin import (
    articles,
    centers,
    claim_rules,
    clinic,
    decisions,
    notices,
    passed,
    proposals,
    revisions,
    therapies,
)

__all__ = [
    "articles",
    "centers",
    "claim_rules",
    "clinic",
    "decisions",
    "notices",
    "passed",
    "proposals",
    "revisions",
    "therapies",
]
