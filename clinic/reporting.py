"""Keeps visitors' words and private addresses out of logs and error reports."""

from __future__ import annotations

import logging
import re
from collections.abc import ItemsView
from typing import Any

from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter

PRIVATE_PATH = re.compile(
    r"((?:/|%2f)(?:consultation(?:/|%2f)+(?:r|confirm)|preview)(?:/|%2f)+)(?:(?!%2f)[^/\s?\"'])+", re.IGNORECASE
)


class PrivatePathFilter(logging.Filter):
    """Takes the token out of private pages' addresses: whoever has the token has the page.

    Django logs the path of every request that ends in an error, and an exception may repeat it in its own words.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, with the tokens in its words and in its traceback hidden."""
        record.msg, record.args = _without_tokens(record.getMessage()), ()
        if record.exc_info:
            # A formatter takes what stands here in place of what it would write itself.
            record.exc_text = _without_tokens(logging.Formatter().formatException(record.exc_info))
        return True


def _without_tokens(text: str) -> str:
    return PRIVATE_PATH.sub(r"\1…", text)


class PrivateReporterFilter(SafeExceptionReporterFilter):
    """Hides every POST value and every local variable: any of them may hold health details."""

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        """Return the names of the fields with their values hidden."""
        return dict.fromkeys(request.POST, self.cleansed_substitute) if request is not None else {}

    def get_traceback_frame_variables(self, request: HttpRequest | None, tb_frame: Any) -> ItemsView[str, Any]:
        """Return the names of a frame's variables with their values hidden."""
        return dict.fromkeys(tb_frame.f_locals, self.cleansed_substitute).items()
