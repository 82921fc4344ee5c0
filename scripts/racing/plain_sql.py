"""Rows that no code of ours would write, sent as plain SQL: the database has to refuse them by itself."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import psycopg

from scripts.faulting.databases import Database, PostgreSQL
from scripts.faulting.findings import Findings
from scripts.faulting.site import running
from scripts.racing.contests import RacingSite
from scripts.racing.crowd import send, visitor_post

CELL = """
INSERT INTO consultations_timecell (consultant_id, cell, appointment_id)
SELECT consultant_id, cell, (SELECT max(id) FROM consultations_appointment) FROM consultations_timecell
WHERE appointment_id = (SELECT min(id) FROM consultations_appointment) ORDER BY cell LIMIT 1
"""
MOVED_CELL = """
UPDATE consultations_timecell SET cell = (SELECT min(cell) FROM consultations_timecell)
WHERE cell = (SELECT max(cell) FROM consultations_timecell)
"""
# Ten minutes into the other one; its cells stay where they are, so that only the second net can notice.
APPOINTMENT = """
UPDATE consultations_appointment SET busy_from = early.busy_from + interval '10 minutes',
starts_at = early.busy_from + interval '10 minutes', ends_at = early.busy_until + interval '10 minutes',
busy_until = early.busy_until + interval '10 minutes'
FROM (SELECT * FROM consultations_appointment ORDER BY id LIMIT 1) AS early
WHERE consultations_appointment.id = (SELECT max(id) FROM consultations_appointment)
"""
KEY = "consultations_timecell"
NO_OVERLAP = "consultations_appointment_no_overlap"


def plain_sql(database: Database, folder: Path, stage: dict[str, Any]) -> Findings:
    """Book two times as visitors do, then send statements that make them overlap."""
    findings = Findings("7  Overlapping rows by plain SQL", database.name)
    with running(RacingSite(database, folder)) as site:
        starts = stage["kinds"]["race"]["starts"]
        booked = [send(site.port, visitor_post(stage, n, "race", starts[4 * n])).done for n in range(2)]
    findings.must("times booked", sum(booked), 2)
    tries = {"an inserted cell": (CELL, KEY), "a cell that is changed": (MOVED_CELL, KEY)}
    if isinstance(database, PostgreSQL):
        tries["an appointment moved without cells"] = (APPOINTMENT, NO_OVERLAP)
    for what, (statement, named) in tries.items():
        said = refusal(database, statement)
        findings.must(what, "refused" if named in said else said or "written", "refused")
    findings.totals["refused"] = sum(row[1] == "refused" for row in findings.rows)
    return findings


def refusal(database: Database, statement: str) -> str:
    """Run a statement and return what its refusal names; "" where it was not refused."""
    try:
        database.ask(statement)
    except (sqlite3.IntegrityError, psycopg.IntegrityError) as error:
        return str(error)
    return ""
