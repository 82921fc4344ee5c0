"""Rows for tests: each function writes one boring, valid row and takes whatever the test is about as keywords."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Group, User
from django.db import transaction

from consultations.intake import receiving
from consultations.models import ConsultationRequest, PlaceRight
from consultations.requests import people
from consultations.statuses import PlaceScope
from content.choices import PolicyKind, RegulatoryStatus, SourceKind
from content.models import (
    Article,
    Center,
    ClaimRule,
    ClinicProfile,
    Comparison,
    Contributor,
    Country,
    Criterion,
    Finding,
    Notice,
    OpeningPeriod,
    Policy,
    Question,
    Reference,
    Section,
    Therapy,
    Topic,
)

# A Monday noon, UTC; tests that are about time say their own.
NOW = dt.datetime(2026, 11, 16, 12, tzinfo=dt.UTC)
EVERYWHERE = (PlaceScope.ALL, PlaceScope.POOL)
_numbers = itertools.count(1)


def number() -> int:
    """Return a number that no other row of this run has."""
    return next(_numbers)


def make_clinic(**kwargs: Any) -> ClinicProfile:
    """Write the clinic's profile, or change it where it is there already."""
    defaults: dict[str, Any] = {
        "name": "Fern Clinics",
        "short_name": "Fern",
        "tagline": "Careful words about care",
        "legal_name": "Fern Clinics Ltd",
        "phone": "+12025550143",
        "email": "hello@fern.example",
        "address": "1 Quiet Street, Springfield",
        "banner_text": "Questions? Call us",
        "hours_text": "Monday to Friday, 9 to 5",
        "disclaimer": "Information, not advice.",
        "emergency_text": "Call your emergency number.",
        "consultation_text": "A free talk about your options.",
        "about": "<p>About us.</p>",
        "response_promise": "within one working day",
        "response_hours": 8,
        "time_zone": "America/New_York",
        "hours": "Mo-Fr 09:00-17:00",
    }
    return ClinicProfile.objects.update_or_create(pk=1, defaults=defaults | kwargs)[0]


def make_topic(**kwargs: Any) -> Topic:
    """Write a topic."""
    n = number()
    return Topic.objects.create(**{"slug": f"topic-{n}", "name": f"Topic {n}"} | kwargs)


def make_contributor(**kwargs: Any) -> Contributor:
    """Write a person who writes or reviews."""
    n = number()
    return Contributor.objects.create(**{"slug": f"person-{n}", "name": f"Person {n}", "role": "Writer"} | kwargs)


def make_reference(**kwargs: Any) -> Reference:
    """Write a source."""
    n = number()
    defaults = {"key": f"source-{n}", "title": f"Source {n}", "publisher": "Journal", "year": 2024}
    return Reference.objects.create(**defaults | {"url": f"https://journal.example/{n}"} | kwargs)


def make_therapy(**kwargs: Any) -> Therapy:
    """Write a therapy."""
    n = number()
    defaults = {
        "name": f"Therapy {n}",
        "short_name": f"T{n}",
        "slug": f"therapy-{n}",
        "summary": f"What therapy {n} is.",
        "description": "<p>How it works.</p>",
        "source_kind": SourceKind.AUTOLOGOUS,
        "regulatory_status": RegulatoryStatus.INVESTIGATIONAL,
        "regulatory_note": "Only in studies.",
    }
    return Therapy.objects.create(**defaults | kwargs)


def make_criterion(**kwargs: Any) -> Criterion:
    """Write a row of the comparison."""
    n = number()
    return Criterion.objects.create(**{"slug": f"criterion-{n}", "name": f"Criterion {n}", "group": "Basics"} | kwargs)


def make_finding(**kwargs: Any) -> Finding:
    """Write a cell that was reviewed; therapy and criterion are made where they are not given."""
    defaults: dict[str, Any] = {"value": f"Value {number()}", "reviewed_on": dt.date(2026, 11, 1)}
    defaults |= kwargs
    defaults.setdefault("therapy", None)
    defaults.setdefault("criterion", None)
    defaults["therapy"] = defaults["therapy"] or make_therapy()
    defaults["criterion"] = defaults["criterion"] or make_criterion()
    return Finding.objects.create(**defaults)


def make_comparison(*, therapies: list[Therapy], criteria: list[Criterion], **kwargs: Any) -> Comparison:
    """Write a named table of the given columns and rows."""
    n = number()
    defaults = {"slug": f"table-{n}", "title": f"Table {n}", "caption": f"Caption {n}"}
    comparison = Comparison.objects.create(**defaults | kwargs)
    for position, therapy in enumerate(therapies):
        comparison.columns.create(therapy=therapy, position=position)
    for position, criterion in enumerate(criteria):
        comparison.rows.create(criterion=criterion, position=position)
    return comparison


def make_article(**kwargs: Any) -> Article:
    """Write a published article; topic, author and reviewer are made where they are not given."""
    n = number()
    people = {"topic": make_topic, "author": make_contributor, "medical_reviewer": make_contributor}
    defaults = {
        "title": f"Article {n}",
        "slug": f"article-{n}",
        "summary": f"What article {n} says.",
        "lead": "<p>First of all.</p>",
        "published_at": NOW - dt.timedelta(days=10),
        "reviewed_on": NOW.date() - dt.timedelta(days=10),
        "next_review_on": NOW.date() + dt.timedelta(days=355),
    }
    made = {name: make() for name, make in people.items() if name not in kwargs}
    return Article.objects.create(**defaults | made | kwargs)


def make_section(article: Article, **kwargs: Any) -> Section:
    """Write a section of an article."""
    n = number()
    defaults = {"heading": f"Section {n}", "anchor": f"section-{n}", "body": "<p>Some words.</p>", "position": n}
    return Section.objects.create(article=article, **defaults | kwargs)


def make_country(code: str = "US", name: str = "United States") -> Country:
    """Return a country, written where it was not there."""
    return Country.objects.get_or_create(code=code, defaults={"name": name})[0]


def make_center(*, hours: bool = True, **kwargs: Any) -> Center:
    """Write a center that is open on weekdays from nine to five."""
    n = number()
    defaults: dict[str, Any] = {
        "slug": f"center-{n}",
        "name": f"Center {n}",
        "country": kwargs.get("country") or make_country(),
        "city": "Springfield",
        "address": f"{n} Main Street",
        "time_zone": "America/New_York",
        "latitude": "40.7128",
        "longitude": "-74.0060",
    }
    center = Center.objects.create(**defaults | kwargs)
    if hours:
        for weekday in range(5):
            OpeningPeriod.objects.create(center=center, weekday=weekday, opens=dt.time(9), closes=dt.time(17))
    return center


def make_notice(**kwargs: Any) -> Notice:
    """Write a notice that is shown everywhere from long ago on."""
    n = number()
    defaults = {
        "slug": f"notice-{n}",
        "title": f"Notice {n}",
        "text": f"<p>Notice text {n}.</p>",
        "basis": "House rule",
    }
    return Notice.objects.create(**defaults | {"starts_on": dt.date(2026, 1, 1)} | kwargs)


def make_question(**kwargs: Any) -> Question:
    """Write a question with its answer."""
    n = number()
    defaults = {"slug": f"question-{n}", "question": f"Question {n}?", "answer": "<p>Yes.</p>", "group": "Basics"}
    return Question.objects.create(**defaults | kwargs)


def make_claim_rule(**kwargs: Any) -> ClaimRule:
    """Write a rule against one word."""
    n = number()
    defaults = {"slug": f"rule-{n}", "name": f"Rule {n}", "family": "miracle", "patterns": "wow", "reason": "Why."}
    return ClaimRule.objects.create(**defaults | {"source": "A law"} | kwargs)


def make_policy(**kwargs: Any) -> Policy:
    """Write a legal text."""
    defaults = {
        "kind": PolicyKind.PRIVACY,
        "title": "Privacy notice",
        "summary": "What we keep and why.",
        "version": "1",
        "effective_on": dt.date(2026, 1, 1),
        "body": "<p>We keep little.</p>",
    }
    return Policy.objects.create(**defaults | kwargs)


def make_submission(**kwargs: Any) -> receiving.Submission:
    """Return what a visitor left, as the form would hand it over."""
    return receiving.Submission(**{"name": "Ada Visitor", "email": "ada@visitor.example"} | kwargs)


def make_request(
    *, key: str = "", now: dt.datetime = NOW, confirmed: bool = True, **kwargs: Any
) -> ConsultationRequest:
    """Receive a request through intake and return it, its contact confirmed; keywords are those of a submission."""
    request = receiving.receive(make_submission(**kwargs), key=key or f"key-{number()}", now=now)[0]
    return confirm(request, now=now) if confirmed else request


def confirm(request: ConsultationRequest, *, now: dt.datetime = NOW) -> ConsultationRequest:
    """Confirm address and number round the verbs: no mail, no history, the same private link."""
    with transaction.atomic():
        person = people.match_or_create(email=request.email, phone_e164=request.phone_e164, now=now, own=request.person)
        ConsultationRequest.objects.filter(pk=request.pk).update(
            person=person,
            email_confirmed_at=now if request.email else None,
            phone_confirmed_at=now if request.phone else None,
        )
    request.refresh_from_db()
    return request


def make_staff(*groups: str, places: Iterable[Center | PlaceScope] = EVERYWHERE, **kwargs: Any) -> User:
    """Write a member of staff in the named groups (see consultations/groups.py); the password is "correct horse".

    They see the given places: centers, or a scope of `PlaceScope`; everything, unless the test says otherwise.
    """
    user = User.objects.create_user(f"staff-{number()}", password="correct horse", is_staff=True, **kwargs)
    user.groups.set(Group.objects.filter(name__in=groups))
    for place in places:
        give_place(user, place)
    return user


def give_place(user: User, place: Center | PlaceScope) -> PlaceRight:
    """Write a right to a center, or to one of the scopes, round the verbs."""
    named = {"scope": PlaceScope.CENTER, "center": place} if isinstance(place, Center) else {"scope": place}
    return PlaceRight.objects.create(user=user, **named)
