"""Template loader that drops indentation, so that pages weigh less."""

from __future__ import annotations

import re

from django.template import Origin
from django.template.loaders import filesystem

INDENTATION = re.compile(r"^[ \t]+", re.MULTILINE)


class Loader(filesystem.Loader):
    """Django's loader of files; HTML comes without the spaces that lines begin with, on as many lines as before."""

    def get_contents(self, origin: Origin) -> str:
        """Return a template's text. Not for a template with a `pre` or `textarea` of more than one line of its own."""
        contents = super().get_contents(origin)
        return INDENTATION.sub("", contents) if origin.name.endswith(".html") else contents
