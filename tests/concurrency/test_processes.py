"""Several processes, as a web server has them, book one time: the database gives it to one.

`make races` does the same through the web server, with a hundred people and with controls.
"""

from __future__ import annotations

import subprocess
import sys
from typing import IO

import pytest
from django.conf import settings
from django.db import connection

from consultations.models import Appointment, TimeCell
from tests import factories
from tests.booking_factories import MONDAY, make_appointment_type, make_consultant, visitor

PROCESSES, EACH = 2, 6


@pytest.mark.django_db(transaction=True)
def test_one_time_wanted_by_several_processes_is_booked_once() -> None:
    center, appointment_type = factories.make_center(), make_appointment_type()
    make_consultant(center)
    wanted = [connection.settings_dict["NAME"], appointment_type.pk, center.pk, MONDAY.isoformat()]
    contestants = []
    for _ in range(PROCESSES):
        requests = [visitor(factories.number()).pk for _ in range(EACH)]
        command = [sys.executable, "-m", "tests.concurrency.contestant", *map(str, [*wanted, *requests])]
        contestants.append(
            subprocess.Popen(command, cwd=settings.BASE_DIR, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        )
    try:
        assert [pipe(one.stdout).readline().strip() for one in contestants] == ["ready"] * PROCESSES
        for one in contestants:
            pipe(one.stdin).write("go\n")
            pipe(one.stdin).flush()
        answers = [line for one in contestants for line in one.communicate(timeout=60)[0].splitlines()]
    finally:
        for one in contestants:
            one.kill()
            one.wait()

    assert sorted(answers) == ["booked", *["taken 5"] * (PROCESSES * EACH - 1)]
    assert Appointment.objects.count() == 1
    assert TimeCell.objects.count() == 6


def pipe(end: IO[str] | None) -> IO[str]:
    """Return an end of a pipe, which is there because it was asked for."""
    assert end is not None
    return end
