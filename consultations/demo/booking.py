"""Demo data: invented consultants, their hours and some appointments."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections.abc import Iterator, Mapping

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.db import transaction

from consultations.booking import appointments, schedule
from consultations.booking.appointments import WantedSlot
from consultations.booking.availability import Slot
from consultations.demo.courses import COURSES, Course
from consultations.models import (
    Appointment,
    AppointmentType,
    Closure,
    Consultant,
    ConsultationRequest,
    Leave,
    WorkingPeriod,
)
from consultations.requests import inbox, moving
from consultations.statuses import AppointmentStatus, Channel, ClosedFor, Status
from content.models import Center, ClinicProfile

NAMES = (
    "Ana", "Ben", "Chidi", "Dana", "Elif", "Farid", "Grace", "Hugo", "Ines", "Jonas", "Kemi", "Lena", "Mateo", "Nadia",
    "Oona", "Pavel", "Quynh", "Rosa", "Sven", "Tara", "Uma", "Vera", "Wanda", "Yusuf", "Zoe",
)  # fmt: skip
SURNAMES = ("Abara", "Brandt", "Castro", "Dietz", "Eklund", "Farkas", "Gupta", "Hoang", "Ito", "Jensen", "Kaya")
VISITS = (
    {"slug": "consultation", "name": "Consultation at a center", "channel": Channel.IN_PERSON, "minutes": 45,
     "interval_minutes": 30, "buffer_after": 15},
    {"slug": "phone", "name": "Consultation by phone", "channel": Channel.PHONE, "minutes": 30, "interval_minutes": 30,
     "notice_minutes": 240, "cutoff_minutes": 120},
    {"slug": "video", "name": "Consultation by video", "channel": Channel.VIDEO, "minutes": 30, "interval_minutes": 30,
     "buffer_before": 5, "notice_minutes": 240, "cutoff_minutes": 120, "needs_confirmation": True},
)  # fmt: skip
DAY = dt.timedelta(days=1)
LUNCH = (dt.time(12, 30), dt.time(13, 15))
# Consultants by phone and video: enough zones that there is somebody at most hours of the day.
CALLERS = ("America/New_York", "America/Los_Angeles", "Europe/London", "Asia/Singapore", "Australia/Sydney")
CALLING_HOURS = ((dt.time(9), LUNCH[0]), (LUNCH[1], dt.time(18)))


def load(now: dt.datetime) -> int:
    """Write what is missing and return how many consultants are new; a second run writes none.

    Call it after `demo.load`: requests that are booked get a real appointment.
    """
    for visit in VISITS:
        AppointmentType.objects.get_or_create(slug=visit["slug"], defaults=visit)
    with transaction.atomic():
        new = _write_consultants(random.Random(20261013), now)  # noqa: S311  the same demo everywhere, nothing secret
    if new:
        _write_appointments(random.Random(20261014), now)  # noqa: S311  see above
    return new


def _write_consultants(chance: random.Random, now: dt.datetime) -> int:
    known = set(User.objects.filter(username__startswith="consultant-").values_list("username", flat=True))
    posts = [(username, center) for username, center in _posts(chance) if username not in known]
    # Together they repeat only after 25 times 11: hardly two consultants have one name.
    names = zip(itertools.cycle(NAMES), itertools.cycle(SURNAMES), strict=False)
    # Nobody can log in as one of them; a member of staff may take a post over in the admin.
    users = User.objects.bulk_create(
        User(username=username, first_name=first, last_name=last, password=make_password(None), is_staff=True)
        for (username, _), (first, last) in zip(posts, names, strict=False)
    )
    places = [center for _, center in posts]
    consultants = Consultant.objects.bulk_create(
        Consultant(
            user=user, public_name=user.get_full_name(), time_zone=center.time_zone if center else CALLERS[number]
        )
        for number, (user, center) in enumerate(zip(users, places, strict=True))
    )
    through = Consultant.centers.through
    at_work = list(zip(consultants, places, strict=True))
    through.objects.bulk_create(through(consultant=one, center=center) for one, center in at_work if center)
    WorkingPeriod.objects.bulk_create(period for one, center in at_work for period in _hours(one, center))
    _write_days_off(consultants, chance, now)
    return len(consultants)


def _posts(chance: random.Random) -> Iterator[tuple[str, Center | None]]:
    """Yield (username, center): one to three for each center, after those who call."""
    yield from ((f"consultant-call-{number}", None) for number in range(1, len(CALLERS) + 1))
    for center in Center.objects.prefetch_related("opening_periods").order_by("slug"):
        for number in range(1, chance.randint(1, 3) + 1):
            yield f"consultant-{center.slug}-{number}", center


def _hours(consultant: Consultant, center: Center | None) -> Iterator[WorkingPeriod]:
    """Yield the center's opening hours with a lunch break, or five working days on the telephone."""
    if center is None:
        spans = [(day, *span) for day in range(5) for span in CALLING_HOURS]
    else:
        spans = [
            (period.weekday, *span)
            for period in center.opening_periods.all()
            for span in _around_lunch(period.opens, period.closes)
        ]
    for weekday, starts, ends in spans:
        yield WorkingPeriod(consultant=consultant, center=center, weekday=weekday, starts=starts, ends=ends)


def _around_lunch(opens: dt.time, closes: dt.time) -> list[tuple[dt.time, dt.time]]:
    if opens < LUNCH[0] and (LUNCH[1] < closes or closes <= opens):
        return [(opens, LUNCH[0]), (LUNCH[1], closes)]
    return [(opens, closes)]


def _write_days_off(consultants: list[Consultant], chance: random.Random, now: dt.datetime) -> None:
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    away = chance.sample(consultants, k=len(consultants) // 8)
    Leave.objects.bulk_create(
        Leave(
            consultant=one,
            starts_at=midnight + dt.timedelta(days=start),
            ends_at=midnight + dt.timedelta(days=start + 7),
        )
        for one in away
        for start in [chance.randint(2, 20)]
    )
    new_year = dt.date(now.year + 1, 1, 1)
    Closure.objects.get_or_create(
        center=None,
        name="New Year’s Day",
        defaults={"first_day": new_year, "last_day": new_year},
    )


def _write_appointments(chance: random.Random, now: dt.datetime) -> None:
    """Give those who became patients a visit that was, and booked ones a time: some today, one to be confirmed, the rest to come."""
    visits = {visit.slug: visit for visit in AppointmentType.objects.all()}
    requests = ConsultationRequest.objects.filter(key__startswith="demo-", appointments=None).select_related("center")
    turns = itertools.count()
    for request in requests.order_by("received_at", "pk"):
        match COURSES[int(request.key.removeprefix("demo-"))]:
            case Course.PATIENT:
                _have_visited(request, visits["consultation" if request.center else "phone"], chance, now)
            case Course.BOOKED:
                _book(request, visits, next(turns), chance, now)


def _book(
    request: ConsultationRequest,
    visits: Mapping[str, AppointmentType],
    turn: int,
    chance: random.Random,
    now: dt.datetime,
) -> None:
    """Book the day before for today, by turns; or for one of the days to come, where each third books a video call itself."""
    itself, today = turn % 3 == 2, turn % 3 == 0
    visit = visits["video" if itself else "consultation" if request.center else "phone"]
    at = now - DAY if today else now
    offers = _offers(request, visit, now=at, days=10)
    ends = inbox.moment(User(), now).today_ends
    soon = [offer for offer in offers if ends - DAY <= offer.starts_at < ends and offer.ends_at > now] if today else []
    if offers:
        offer = chance.choice(soon or offers[:40])
        _take(request, visit, offer.starts_at, by=None if itself else request.assignee, now=at)


def _have_visited(
    request: ConsultationRequest, visit: AppointmentType, chance: random.Random, now: dt.datetime
) -> None:
    """Play back a visit booked when we spoke: who came became a patient, and one in six did not come."""
    spoke, by = request.first_contact_at, request.assignee
    if spoke is None or by is None:
        return
    offers = [
        offer for offer in _offers(request, visit, now=spoke, days=5) if offer.ends_at < now - dt.timedelta(hours=2)
    ]
    if not offers:
        return
    offer = chance.choice(offers[:40])
    appointment = _take(request, visit, offer.starts_at, by=by, now=spoke)
    came = chance.randrange(6) > 0
    outcome = AppointmentStatus.ATTENDED if came else AppointmentStatus.NO_SHOW
    appointments.record_outcome(appointment, outcome=outcome, by=by, now=offer.ends_at)
    request.refresh_from_db()
    to, reason = (Status.WON, "") if came else (Status.LOST, "Did not come, and did not answer two calls.")
    after = offer.ends_at + dt.timedelta(hours=1)
    moving.move(
        request, to=to, by=by, seen=Status(request.status), now=after, reason=reason, closed_for=ClosedFor.UNREACHABLE
    )


def _offers(request: ConsultationRequest, visit: AppointmentType, *, now: dt.datetime, days: int) -> list[Slot]:
    center = request.center if visit.channel == Channel.IN_PERSON else None
    return schedule.offers(visit, center=center, now=now, days=days)


def _take(
    request: ConsultationRequest, visit: AppointmentType, starts_at: dt.datetime, *, by: User | None, now: dt.datetime
) -> Appointment:
    """Book a time, and drop the mails and reminders before a worker sees them: nobody is there to read them."""
    center = request.center if visit.channel == Channel.IN_PERSON else None
    clinic = ClinicProfile.objects.first()
    zone = center.time_zone if center else clinic.time_zone if clinic else ""
    with transaction.atomic():
        booked = appointments.book(request, WantedSlot(visit, starts_at, center, visitor_zone=zone), by=by, now=now)
        booked.messages.all().delete()
    return booked
