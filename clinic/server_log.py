"""The web server's own log, without the keys to private pages."""

from __future__ import annotations

import os
from typing import Any

from gunicorn.glogging import Logger

from clinic.json_log import JsonFormatter
from clinic.reporting import PrivatePathFilter


class ServerLogger(Logger):  # type: ignore[misc,unused-ignore]  # the server ships no types
    """Masks the addresses of private pages in all that the server itself reports."""

    def setup(self, cfg: Any) -> None:
        """Set up as the server does, and mask: also an access log, which only a command line can ask for."""
        super().setup(cfg)
        for handler in [*self.error_log.handlers, *self.access_log.handlers]:
            handler.addFilter(PrivatePathFilter())
            # From the environment, as the server logs before the settings are read.
            if os.environ.get("LOG_FORMAT") == "json":
                handler.setFormatter(JsonFormatter())
