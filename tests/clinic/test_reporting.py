"""What logs and error reports may say."""

from __future__ import annotations

import logging

from clinic.reporting import PrivatePathFilter


def test_token_of_a_private_page_is_hidden_in_a_log_record() -> None:
    record = logging.LogRecord(
        "django.request", logging.ERROR, "", 1, "Not Found: %s", ("/consultation/r/secret_Token-1/times/",), None
    )

    kept = PrivatePathFilter().filter(record)

    assert (kept, record.getMessage()) == (True, "Not Found: /consultation/r/…/times/")
