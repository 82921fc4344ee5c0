"""What the verbs refuse, each with a sentence for whoever asked."""

from __future__ import annotations

from content.publishing.checks import Block


class PublishingError(Exception):
    """Something was refused and nothing was written; the text is a sentence for the person who asked."""


class NotAllowed(PublishingError):
    """This person may not do this, or not with this revision."""


class ChangedMeanwhile(PublishingError):
    """The revision is no longer as the caller saw it."""


class WrongState(PublishingError):
    """That cannot be done with a revision in this state, or at this time."""


class WordsMissing(PublishingError):
    """A reason is needed."""


class Blocked(PublishingError):
    """Checks found what must not reach a reader."""

    def __init__(self, blocks: list[Block]) -> None:
        super().__init__(" ".join(block.in_words for block in blocks))
        self.blocks = blocks
