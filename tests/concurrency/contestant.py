"""A process that books times for others: started by test_processes.py, told on its input what to do and when.

Arguments: the name of the test database, a kind of visit, a center, a time, and the requests that want it.
"""

from __future__ import annotations

import datetime as dt
import os
import sys

import django
from django.db import connection

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

# Known once the apps are loaded.
from consultations.booking import appointments  # noqa: E402
from consultations.booking.refusals import SlotTaken  # noqa: E402
from consultations.models import AppointmentType, ConsultationRequest  # noqa: E402
from content.models import Center  # noqa: E402
from tests.factories import NOW  # noqa: E402


def main(database: str, appointment_type: str, center: str, starts_at: str, *requests: str) -> None:
    """Get ready, wait for the word, then book; print what came of each."""
    connection.settings_dict["NAME"] = database
    wanted_slot = appointments.WantedSlot(
        AppointmentType.objects.get(pk=appointment_type),
        dt.datetime.fromisoformat(starts_at),
        Center.objects.get(pk=center),
    )
    wanting = list(ConsultationRequest.objects.filter(pk__in=requests))
    say("ready")
    sys.stdin.readline()
    for request in wanting:
        try:
            appointments.book(request, wanted_slot, now=NOW)
        except SlotTaken as refusal:
            say(f"taken {len(refusal.alternatives)}")
        else:
            say("booked")


def say(words: str) -> None:
    """Tell the test."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
