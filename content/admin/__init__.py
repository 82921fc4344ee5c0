"""Admin of everything the public pages say. Imports models, comparison, publishing, claims, linking."""

from content.admin import (
    articles,
    centers,
    claim_rules,
    clinic,
    decisions,
    former_slugs,
    notices,
    references,
    revisions,
    therapies,
)

__all__ = [
    "articles",
    "centers",
    "claim_rules",
    "clinic",
    "decisions",
    "former_slugs",
    "notices",
    "references",
    "revisions",
    "therapies",
]
