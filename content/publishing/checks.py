"""What must hold before a revision is submitted or approved: a list of functions that return what stands in the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from content.choices import CardKind
from content.models import ProposedChange, Revision

URGENT = {CardKind.URGENT, CardKind.EMERGENCY}


@dataclass(frozen=True)
class Block:
    """What stands in the way of a revision: a sentence for the editor, and where ("title", "section risks")."""

    sentence: str
    place: str = ""

    @property
    def in_words(self) -> str:
        """The sentence, behind where it stands."""
        return f"{self.place}: {self.sentence}" if self.place else self.sentence


type Check = Callable[[Revision], list[Block]]
# content/apps.py registers them; each gets the revision as it stands in the database and changes nothing.
CHECKS: list[Check] = []
# The same for a proposed change of other public words, before it is approved.
CHANGE_CHECKS: list[Callable[[ProposedChange], list[Block]]] = []


def blocks_of(revision: Revision) -> list[Block]:
    """Return everything that stands in the way of a revision, in the order of the checks."""
    return [block for check in CHECKS for block in check(revision)]


def blocks_of_change(change: ProposedChange) -> list[Block]:
    """Return everything that stands in the way of a proposed change, in the order of the checks."""
    return [block for check in CHANGE_CHECKS for block in check(change)]


def incomplete(revision: Revision) -> list[Block]:
    """Return a block for each text that every article has and this one lacks."""
    missing = [name for name in ("title", "summary", "lead") if not getattr(revision, name).strip()]
    return [Block(f"Write the {name} first.", name) for name in missing]


def urgent_after_invitation(revision: Revision) -> list[Block]:
    """Return a block for each care card that readers would meet after an invitation: who needs help now must not read that first."""
    blocks, invited = [], False
    for section in revision.sections.all():
        if invited and section.card in URGENT:
            sentence = "A care card for urgent help stands above every invitation to a consultation; move it up."
            blocks.append(Block(sentence, f"section {section.anchor}"))
        invited = invited or section.card == CardKind.CONSULTATION
    return blocks


def related_to_itself(revision: Revision) -> list[Block]:
    """Return a block where an article is its own related guide."""
    own = revision.related_links.filter(related=revision.article_id).exists()
    return [Block("An article cannot be its own related guide.", "related guides")] if own else []
