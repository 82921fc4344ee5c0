"""Admin of everything the public pages say. Imports models, publishing, proofreading, claims, linking, search."""

from content.admin import (
    articles,
    centers,
    claim_rules,
    clinic,
    decisions,
    former_slugs,
    images,
    notices,
    passed,
    proposals,
    references,
    revisions,
    search,
    terms,
    therapies,
)

__all__ = [
    "articles",
    "centers",
    "claim_rules",
    "clinic",
    "decisions",
    "former_slugs",
    "images",
    "notices",
    "passed",
    "proposals",
    "references",
    "revisions",
    "search",
    "terms",
    "therapies",
]
