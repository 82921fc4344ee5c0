"""The app that serves articles, therapies, centers and notices from the database."""

from __future__ import annotations

from django.apps import AppConfig


class ContentConfig(AppConfig):
    """Starts listening for changes of content."""

    name = "content"
    verbose_name = "Site content"

    def ready(self) -> None:
        """Listen for every change of content: text is tidied before it, and cached pages are never older than it."""
        from content import tidying, versions  # noqa: PLC0415  models exist only now

        tidying.listen(self)
        versions.listen(self)
