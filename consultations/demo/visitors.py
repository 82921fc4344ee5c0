"""Demo data: invented visitors and their requests, with phone numbers reserved for fiction."""

from __future__ import annotations

import datetime as dt
import random

from django.contrib.auth.models import User
from django.db import transaction

from consultations.booking import unconfirmed
from consultations.demo import courses
from consultations.intake import receiving
from consultations.models import ConsultationRequest
from consultations.statuses import ConsentPurpose, ContactBy
from content.models import Center, Therapy

# Who stands here twice asked twice, from two addresses: the desk may merge them.
NAMES = (
    "Aline Duarte", "Mateusz Kowal", "Priya Raman", "Jon Hallgrímsson", "Thandiwe Mbeki-Cole", "李晓梅", "Noor El-Amin",
    "Síle Ní Bhriain", "Kaito Morisaki", "Ewa Łukasik", "Samuel O'Dare", "Nguyễn Thị Hoa", "Rosa Ibáñez", "Hamish Orr",
    "Leila Farahmand", "Tobias Krüger", "Amina Wanjiru", "Giulia Ferrante", "Peter Vale", "Maya Goldwater", "Σοφία Νικολάου",
    "Arjun Thapa", "Clara Lindqvist-Roe", "Diego Armenta", "Hana Dvorak", "Isaac Penhallow", "Joana Teles", "Kofi Mensah",
    "Lucia Brandt", "Marek Zeman", "Nadia Haddad", "Oskar Berg", "Paula Quint", "Lucia Brandt", "Ruth Alder", "Sana Mirza",
)  # fmt: skip
MESSAGES = (
    "",
    "My knee hurts when I climb stairs. I would like to know what my options are before anybody talks about surgery.",
    "",
    "A friend told me about exosomes and I read that they are not approved. Can you explain what that means?",
    "I have had tennis elbow for a year and physiotherapy helped a little.",
    "",
    "How long is a consultation and can my daughter join by phone?",
)
TIMES = ("", "weekday mornings", "after 5 pm", "", "Tuesday or Thursday, lunch time", "any time at weekends")
AGREED = frozenset({ConsentPurpose.HEALTH})
KEYS = "demo-"


def load(staff: list[User], *, now: dt.datetime) -> int:
    """Receive the invented requests over the last three weeks and play back how each went; return how many are new."""
    chance = random.Random(20261012)  # noqa: S311  the same demo everywhere, nothing secret
    centers = list(Center.objects.order_by("slug"))
    therapies = list(Therapy.objects.filter(standard_care=False))
    wanted = [_center(number, centers, chance) for number in range(len(NAMES))]
    arrivals = courses.received(chance, wanted, now)
    # Not by what they say: it would be of another center or therapy once somebody has tried out the desk of these.
    known = set(ConsultationRequest.objects.filter(key__startswith=KEYS).values_list("key", flat=True))
    new = 0
    for number, (name, at) in enumerate(zip(NAMES, arrivals, strict=True)):
        message = MESSAGES[number % len(MESSAGES)]
        submission = receiving.Submission(
            name=name,
            email=f"visitor{number}@example.com" if number % 5 else "",
            phone=f"+1 202-555-01{number:02d}" if number % 3 or not number % 5 else "",
            phone_e164=f"+120255501{number:02d}" if number % 3 or not number % 5 else "",
            contact_by=ContactBy.EITHER,
            best_time=TIMES[number % len(TIMES)],
            center=wanted[number],
            therapies=chance.sample(therapies, k=min(len(therapies), number % 3)),
            message=message,
            source=("/articles/exosomes-vs-prp/, end of the page", "", "/articles/what-is-prp/, top of the page", "")[
                number % 4
            ],
            language=("en-US", "es-ES", "en-GB", "pt-BR", "")[number % 5],
            agreed=AGREED if message else frozenset(),
        )
        if f"{KEYS}{number}" in known:
            continue
        # Together or not at all: a run that is stopped here must leave no mail to a person who does not exist.
        with transaction.atomic():
            request, created = receiving.receive(submission, key=f"{KEYS}{number}", now=at)
            if created:
                new += 1
                if number % 2 or courses.COURSES[number] is not courses.Course.DUE:
                    # Some new ones have yet to press the button.
                    _confirm(request, staff[number % len(staff)], at)
                request.messages.all().delete()
                courses.play(courses.Played(request, number, _who_sees(request, staff, number), now))
    return new


def _center(number: int, centers: list[Center], chance: random.Random) -> Center | None:
    """Return what a visitor asks for: every sixth the first center, where one of the staff works, every fourth none."""
    if not centers or number % 4 == 0:
        return None
    return centers[0] if number % 6 == 1 else chance.choice(centers)


def _who_sees(request: ConsultationRequest, staff: list[User], number: int) -> User:
    """Return one of the staff who may see the request, by turns."""
    able = [one for one in staff if ConsultationRequest.objects.visible_to(one).filter(pk=request.pk).exists()]
    return able[number % len(able)]


def _confirm(request: ConsultationRequest, by: User, at: dt.datetime) -> None:
    """Have an address confirmed by its visitor, and a number without an address by staff."""
    if request.email:
        unconfirmed.confirm_email(request, version=request.contact_version, now=at)
    elif request.phone_e164:
        unconfirmed.confirm_phone(request, by=by, now=at)
