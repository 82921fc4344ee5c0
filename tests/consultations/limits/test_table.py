"""The table of limits and its page in the documentation."""

from __future__ import annotations

import pytest
from django.conf import settings

from consultations.limits import table
from consultations.limits.table import Limit


def row(limit: Limit) -> str:
    per = "day" if limit.window == table.DAY else "hour"
    most = ", ".join(f"{number:,} per `{who}`" for who, number in limit.ceilings.items())
    return f"| `{limit.name}` | {limit.what} | {most} | {per} | {limit.beyond} |"


def test_the_documentation_lists_the_table() -> None:
    lines = (settings.BASE_DIR / "docs" / "limits.md").read_text(encoding="utf-8").splitlines()

    assert [line for line in lines if line.startswith("| `")] == [row(limit) for limit in table.LIMITS.values()]


def test_adjusted_changes_a_ceiling_and_the_networks_follow() -> None:
    changed = table.adjusted("network-log-ins.address=5, mails.mailbox=0", requests_per_hour=7)

    assert table.ceiling(table.NETWORK_LOG_INS, table.Who.NET_48, changed) == 80
    assert table.ceiling(table.MAILS, table.Who.MAILBOX, changed) == 0
    assert table.ceiling(table.REQUESTS, table.Who.NET_24, changed) == 28


@pytest.mark.parametrize("text", ["nonsense", "mails.address=3", "mails.mailbox=many", "mails.mailbox=-1", "mails=3"])
def test_adjusted_refuses_what_is_no_ceiling_in_words(text: str) -> None:
    with pytest.raises(ValueError, match="LIMITS "):
        table.adjusted(text, requests_per_hour=60)
