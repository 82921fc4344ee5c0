"""The app that serves articles, therapies, centers and notices from the database."""

from __future__ import annotations

from django.apps import AppConfig


class ContentConfig(AppConfig):
    """Starts listening for changes of content, teaches SQLite what it lacks, and says what must hold before words are approved."""

    name = "content"
    verbose_name = "Site content"

    def ready(self) -> None:
        """Listen for every change of content: text is tidied before it, and neither cached pages nor search are older than it."""
        from content import folded, tidying, versions  # noqa: PLC0415  models exist only now
        from content.linking import checks as links  # noqa: PLC0415
        from content.linking import keeping, moving  # noqa: PLC0415
        from content.proofreading import approval, renaming  # noqa: PLC0415
        from content.publishing import checks, freshness  # noqa: PLC0415
        from content.search import indexing  # noqa: PLC0415

        folded.listen()
        tidying.listen(self)
        keeping.listen(self)
        moving.listen()
        versions.listen(self)
        freshness.listen()
        renaming.listen()
        indexing.listen(self)
        checks.CHECKS[:] = [
            checks.incomplete,
            checks.related_to_itself,
            checks.urgent_after_invitation,
            links.dead_links,
            links.citations,
            approval.forbidden,
        ]
        checks.CHANGE_CHECKS[:] = [approval.forbidden_in_change]
