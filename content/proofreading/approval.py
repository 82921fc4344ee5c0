"""What the claim check keeps from readers: a block stands in the way of submitting and approving a revision."""

from __future__ import annotations

from content.claims.rules import Severity
from content.models import Revision
from content.proofreading import book, texts
from content.publishing.checks import Block


def forbidden(revision: Revision) -> list[Block]:
    """Return a block for each claim in a revision that may not be made, with the reason and what to write instead."""
    rules = book.current()
    return [
        Block(f"“{finding.sentence.strip()}” {finding.rule.reason} {finding.rule.wording}".strip(), passage.where)
        for passage in texts.words_of(revision)
        for finding in rules.check(passage.text, passage.context)
        if finding.severity == Severity.BLOCK
    ]
