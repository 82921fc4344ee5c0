"""The reckoning at the end of a scenario: what visitors were told and what the mail server kept, against the database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from scripts.faulting.databases import Database
from scripts.faulting.findings import Findings, wait_until
from scripts.faulting.mailserver import MailServer
from scripts.faulting.visitors import CUT, Crowd

REQUESTS_OF = "SELECT count(*) FROM consultations_consultationrequest WHERE email = %s"
# The visitor's confirmation, and the notice to staff.
MAILS_EACH = 2


def was_written(database: Database, email: str) -> bool:
    """Return whether a visitor's request is in the database."""
    return bool(database.ask(REQUESTS_OF, email)[0][0])


def unsent(database: Database) -> int:
    """Return how many mails have not been recorded as sent."""
    return int(database.ask("SELECT count(*) FROM consultations_message WHERE state <> 'sent'")[0][0])


def time_passes(database: Database) -> None:
    """Let the waiting time of every failed mail be over."""
    database.ask("UPDATE consultations_message SET due_at = created_at WHERE state = 'queued'")


def all_sent(database: Database, seconds: float) -> bool:
    """Wait until every mail is recorded as sent, letting the waiting times pass; return whether they all were."""

    def look() -> bool:
        time_passes(database)
        return not unsent(database)

    return wait_until(look, seconds, pause=0.5)


def reckon_requests(findings: Findings, crowd: Crowd, others: int = 0) -> None:
    """Compare what visitors were told with the database, and let everybody send the form once more.

    Args:
        others: how many requests somebody else has left.
    """
    database = crowd.site.database
    told = crowd.received
    answers = crowd.answers
    findings.count("visitors who asked", len(crowd.visitors))
    findings.count("forms sent: answered 303, answered 503, cut off", (answers[303], answers[503], answers[CUT]))
    findings.must("visitors who were never told that it was received", len(crowd.visitors) - len(told), 0)
    for visitor in told:
        visitor.was_written = None
        visitor.check()
    held = Counter(email for (email,) in database.ask("SELECT email FROM consultations_consultationrequest"))
    lost = sum(not held[visitor.email] for visitor in told)
    findings.must("told, but not in the database", lost, 0)
    findings.totals |= {
        "visitors": len(crowd.visitors),
        "told": len(told),
        "requests": held.total() - others,
        "lost": lost,
    }
    findings.must("in the database more than once", sum(number > 1 for number in held.values()), 0)
    keys = database.ask("SELECT count(DISTINCT key), count(DISTINCT reference) FROM consultations_consultationrequest")
    findings.must(
        "requests, distinct keys, distinct references", (held.total(), *keys[0]), (len(crowd.visitors) + others,) * 3
    )
    findings.must("wrong answers, also to everybody's sending it again", len(crowd.complaints), 0)
    for words in crowd.complaints[:5]:
        findings.count(f"  {words}"[:78], "")


def reckon_mails(
    findings: Findings, crowd: Crowd, servers: Iterable[MailServer], explained: Counter[int] | None = None
) -> None:
    """Compare what the mail servers kept with the database; `explained` says which mails may be there how much oftener."""
    kept = sum((server.deliveries() for server in servers), Counter[int]())
    extra = explained or Counter()
    mails = [int(number) for (number,) in crowd.site.database.ask("SELECT id FROM consultations_message")]
    findings.must("mails queued", len(mails), MAILS_EACH * len(crowd.visitors))
    findings.must("mails not recorded as sent", unsent(crowd.site.database), 0)
    findings.count("deliveries the mail server kept", kept.total())
    never = sum(not kept[number] for number in mails)
    findings.must("mails that never left", never, 0)
    findings.totals |= {"mails": len(mails), "delivered": kept.total(), "again": kept.total() - len(kept)}
    findings.totals["lost"] = findings.totals.get("lost", 0) + never
    if explained is not None:
        findings.count("delivered again after a kill between hand-over and record", explained.total())
    findings.must("delivered oftener than that explains", sum((kept - extra - Counter(mails)).values()), 0)
