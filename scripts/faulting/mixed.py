"""Mixed load on two nodes, while every process is killed in turn, servers go away and disks fill up."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from scripts.faulting.accounts import all_sent, reckon_requests, unsent
from scripts.faulting.booking import Askers, Claimer, Rivals
from scripts.faulting.damage import Damage, causes, tell
from scripts.faulting.databases import Database, PostgreSQL
from scripts.faulting.disks import cluster_on_small_disk, move_in, small_disk
from scripts.faulting.findings import Findings
from scripts.faulting.mailserver import Delays, MailServer
from scripts.faulting.nodes import CACHE, Nodes
from scripts.faulting.reading import Editor, Readers, reckon_pages, stale
from scripts.faulting.site import running
from scripts.processes import nginx, valkey
from scripts.racing.contests import prepare
from scripts.racing.verdicts import number_of

ASKERS = 2
# Seconds between two of everything, at least.
ASKING, WAVES, CLAIMS, EDITS = 0.5, 6.0, 4.0, 7.0
SITE_DISK = 48
REQUESTS = "SELECT count(*) FROM consultations_consultationrequest"
type Work = Callable[[threading.Event], None]
MAILS = "SELECT id FROM consultations_message"


def programs() -> dict[str, str] | None:
    """Return where nginx and Valkey are; None where one is missing."""
    found = {"nginx": nginx(), CACHE: valkey()}
    return {name: path for name, path in found.items() if path} if all(found.values()) else None


def mixed_load(database: PostgreSQL, folder: Path, *, seconds: float, full_for: float, away_for: float) -> Findings:
    """Load two nodes for so many seconds and do damage meanwhile; compare what everybody was told with the database."""
    findings = Findings(f"6  Mixed load for {seconds:.0f} s, damage in turn", database.name)
    installed = programs()
    if installed is None:
        findings.must("nginx and Valkey (or Redis), which this needs", "missing", "installed")
        return findings
    waves = int(seconds / WAVES) + 1
    with contextlib.ExitStack() as stack:
        cluster, disk = stack.enter_context(cluster_on_small_disk(database.cluster.binaries))
        move_in(database.cluster.binaries, database.url, cluster)
        loaded = PostgreSQL(cluster, "postgres", database.name)
        stage = prepare(loaded, folder, min(4 * waves, 240))
        site_disk = stack.enter_context(small_disk(folder / "site", SITE_DISK))
        server = stack.enter_context(MailServer(Delays(before_keeping=0.02)))
        nodes = stack.enter_context(running(Nodes(loaded, folder / "site", installed, server.port)))
        others = number_of(loaded, REQUESTS)
        print(f"  Balancer: {installed['nginx']}; cache: {installed[CACHE]}; {others} requests beforehand", flush=True)
        askers, rivals, claimer = Askers(nodes), Rivals(nodes.port, stage), Claimer(nodes.port, stage)
        server.on_mail = askers.read
        readers, editor = Readers(nodes.port), Editor(nodes, EDITS)
        editor.begin()
        readers.warm()
        began = time.time()
        damage = Damage(nodes, cluster, {"database": disk, "site": site_disk}, readers, editor, full_for, away_for)
        work: list[Work] = [*[lambda enough: askers.work(enough, ASKING)] * ASKERS, askers.confirm]
        work += [lambda enough: rivals.work(enough, WAVES), lambda enough: claimer.work(enough, CLAIMS)]
        with at_work(work):
            readers.begin()
            events = damage.run(seconds)
            readers.end()
            editor.end()
        took = time.time() - began
        all_sent(loaded, 90)
        tell(findings, events, readers.looks, began)
        findings.count("seconds under load", round(took))
        findings.count(
            "edits; refused because the database was away", (len(editor.edits.editions), editor.edits.refused)
        )
        reckon_pages(findings, readers.looks, editor.edits)
        causes(findings, events, readers.looks, stale(readers.looks, editor.edits))
        reckon_requests(findings, askers, others)
        askers.reckon_confirmed(findings)
        rivals.reckon(findings, loaded)
        claimer.reckon(findings, loaded)
        reckon_deliveries(findings, loaded, server)
        for name, service in nodes.services.items():
            findings.count(f"{name}: started again", service.started_again)
    return findings


@contextlib.contextmanager
def at_work(work: list[Work]) -> Iterator[None]:
    """Run everything in a thread of its own, and wait for it at the end."""
    enough = threading.Event()
    threads = [threading.Thread(target=each, args=[enough], daemon=True) for each in work]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        enough.set()
        for thread in threads:
            thread.join(200)


def reckon_deliveries(findings: Findings, database: Database, server: MailServer) -> None:
    """Compare what the mail server kept with the database: every mail has left, once or more."""
    kept = server.deliveries()
    mails = [int(number) for (number,) in database.ask(MAILS)]
    never = sum(not kept[number] for number in mails)
    findings.must("mails not recorded as sent", unsent(database), 0)
    findings.must("mails that never left", never, 0)
    again = kept.total() - len(kept)
    findings.count("mails; deliveries; of these, of a mail that had left already", (len(mails), kept.total(), again))
    findings.totals |= {"mails": len(mails), "delivered": kept.total(), "again": again}
    findings.totals["lost"] = findings.totals.get("lost", 0) + never
