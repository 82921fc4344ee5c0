"""What is in the database before a race, written by a process of the site: `manage.py shell -c` calls these functions."""

from __future__ import annotations

import datetime as dt
import json

from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consultations.booking import schedule, unconfirmed
from consultations.intake import receiving
from consultations.intake.receiving import Submission
from consultations.links import private_link
from consultations.models import AppointmentType, Consultant, ConsultationRequest, WorkingPeriod
from consultations.statuses import Channel
from content.models import Center
from scripts.racing import guards

KINDS: tuple[dict[str, object], ...] = (
    {"slug": "race", "minutes": 30, "interval_minutes": 30},
    # All starts of an hour overlap.
    {"slug": "race-unequal", "minutes": 60, "interval_minutes": 5, "buffer_after": 10},
    {"slug": "race-asked", "minutes": 30, "interval_minutes": 30, "needs_confirmation": True},
)
EVERY_DAY = range(7)


def write(visitors: int, staff: int) -> None:
    """Write one consultant, the kinds of visit, requests and staff; print how to reach them, as JSON."""
    now = timezone.now()
    center = Center.objects.filter(open_to_requests=True).order_by("slug")[0]
    kinds = [
        AppointmentType.objects.create(name=str(kind["slug"]), channel=Channel.IN_PERSON, **kind) for kind in KINDS
    ]
    consultant = _consultant(center)
    requests = [_request(number, center, now) for number in range(visitors)]
    print(
        json.dumps(
            {
                "center": {"id": center.pk, "slug": center.slug},
                "consultant": consultant.pk,
                "kinds": {
                    kind.slug: {
                        "id": kind.pk,
                        "starts": [f"{start:%Y-%m-%dT%H:%MZ}" for start in _starts(kind, center, now)],
                    }
                    for kind in kinds
                },
                "visitors": [
                    {
                        "id": request.pk,
                        "times": reverse("consultations:times", args=[private_link.token_for(request.link_id)]),
                        "page": reverse("admin:consultations_consultationrequest_change", args=[request.pk]),
                    }
                    for request in requests
                ],
                "staff": [_logged_in(number) for number in range(staff)],
            }
        )
    )


def drop_guards() -> None:
    """Take away what the database says about overlapping times; the copy it is done to is not used again."""
    guards.take_away()


def _consultant(center: Center) -> Consultant:
    user = User.objects.create(username="race-consultant", is_staff=True)
    consultant = Consultant.objects.create(user=user, public_name="Ada", time_zone=center.time_zone)
    consultant.centers.add(center)
    WorkingPeriod.objects.bulk_create(
        WorkingPeriod(consultant=consultant, center=center, weekday=day, starts=dt.time(8), ends=dt.time(14))
        for day in EVERY_DAY
    )
    return consultant


def _request(number: int, center: Center, now: dt.datetime) -> ConsultationRequest:
    submission = Submission(name=f"Visitor {number}", email=f"visitor{number}@visitor.example", center=center)
    request, _ = receiving.receive(submission, key=f"race-{number}", now=now)
    # Not confirmed they would race for the few times that may wait for it, and not for the times themselves.
    unconfirmed.confirm_email(request, version=request.contact_version, now=now)
    request.messages.all().delete()
    return request


def _starts(kind: AppointmentType, center: Center, now: dt.datetime) -> list[dt.datetime]:
    """Return the bookable starts of a few days: whole ones, so that what comes one after the other lies side by side."""
    begin = now + dt.timedelta(days=2)
    found = [offer.starts_at for offer in schedule.offers(kind, center=center, now=now, begin=begin, days=7)]
    cut = begin.astimezone(center.zone).date()
    return [start for start in found if start.astimezone(center.zone).date() > cut]


def _logged_in(number: int) -> str:
    """Return the cookie of a member of staff who has logged in."""
    user = User.objects.create(username=f"race-staff-{number}", is_staff=True, is_superuser=True)
    client = Client()
    client.force_login(user)
    return f"sessionid={client.cookies['sessionid'].value}"
