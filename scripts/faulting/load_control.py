"""Damage that is planted for the checks of mixed load: they have to find every kind of it."""

from __future__ import annotations

import time
from pathlib import Path

from scripts.faulting.booking import Askers, Claimer, Rivals
from scripts.faulting.databases import Database
from scripts.faulting.findings import Findings
from scripts.faulting.reading import WITHDRAWN, Editor, Look, Readers, reckon_pages
from scripts.faulting.site import running
from scripts.racing.contests import BlindSite, prepare, tell

# What the database of a copy is asked to do, of which the site knows nothing.
BREAK = "ALTER TABLE content_contentversion RENAME TO content_elsewhere"
MEND = "ALTER TABLE content_elsewhere RENAME TO content_contentversion"
GIVE_UP = "UPDATE consultations_appointment SET status = 'cancelled' WHERE request_id = %s"


def plant_under_load(database: Database, folder: Path, hurt: Findings) -> None:
    """Double-book a time, lose a booking, break and withdraw pages, edit unseen, and reckon; the database is of no use afterwards."""
    stage = prepare(database, folder, 8)
    tell(database, folder, "drop_guards()")
    # Its rules see no bookings either.
    site = BlindSite(database, folder)
    with running(site):
        rivals, readers, editor = Rivals(site.port, stage), Readers(site.port), Editor(site, every=60)
        askers, claimer = Askers(site), Claimer(site.port, stage)
        for wave in range(2):
            rivals.wave(wave)
        told = [each for ids in rivals.told.values() for each in ids]
        database.ask(GIVE_UP, told[-1])
        # An answer that was neither of the two, and one that was an error of ours.
        rivals.unclear.append(404)
        rivals.sent[500] += 1
        editor.begin()
        readers.warm()
        database.ask(BREAK)
        time.sleep(1)
        readers.warm()
        database.ask(MEND)
        # Known to the reckoning alone: an edit and a withdrawal that nobody was shown, a page that was cut off, and one that is gone.
        now = time.time()
        editor.edits.editions.append((now - 600, 1))
        editor.edits.withdrawn_at = now - 600
        readers.looks += [Look(now, "/", 0, 0), Look(now, "/", 404, 0), Look(now, WITHDRAWN, 200, 0)]
        editor.end()
        visitor = askers.come()
        visitor.confirmed = True  # type: ignore[attr-defined]  # an Asker
        askers.private[404] += 1
        claimer.taken.append(told[0])
    rivals.reckon(hurt, database)
    reckon_pages(hurt, readers.looks, editor.edits)
    askers.reckon_confirmed(hurt)
    claimer.reckon(hurt, database)
