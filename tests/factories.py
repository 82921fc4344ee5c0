"""Rows for tests: each function writes one boring, valid row and takes whatever the test is about as keywords."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from importlib import import_module
from typing import Any

from django.contrib.auth.models import Group, User
from django.db import connection, transaction

from consultations.intake import receiving
from consultations.models import ConsultationRequest, PlaceRight
from consultations.requests import people
from consultations.statuses import PlaceScope
from content.choices import PolicyKind, RegulatoryStatus, SourceKind
from content.models import (
    Center,
    ClaimRule,
    ClinicProfile,
    Comparison,
    Country,
    Criterion,
    DecisionQuestion,
    Finding,
    Image,
    Notice,
    OpeningPeriod,
    Policy,
    Question,
    Term,
    Therapy,
)
from tests.article_factories import (
    IN_A_YEAR,
    NOW,
    TEN_DAYS_AGO,
    desk_account,
    make_article,
    make_contributor,
    make_draft,
    make_reference,
    make_reviewer,
    make_section,
    make_topic,
    number,
    publish,
    section_words,
)

# Those of articles are found here too.
__all__ = [
    "IN_A_YEAR",
    "NOW",
    "TEN_DAYS_AGO",
    "desk_account",
    "make_article",
    "make_contributor",
    "make_draft",
    "make_reference",
    "make_reviewer",
    "make_section",
    "make_topic",
    "number",
    "publish",
    "section_words",
]
guards = import_module("consultations.migrations.0005_history_never_changes")
EVERYWHERE = (PlaceScope.ALL, PlaceScope.POOL)


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


def make_term(**kwargs: Any) -> Term:
    """Write a term of the glossary."""
    n = number()
    return Term.objects.create(**{"slug": f"term-{n}", "name": f"Term {n}", "definition": "A word."} | kwargs)


def make_decision_question(*answers: str, **kwargs: Any) -> DecisionQuestion:
    """Write a question of the decision aid with an answer for each slug in `answers`; "pain" says "Answer pain"."""
    n = number()
    defaults = {"slug": f"asked-{n}", "question": f"Asked {n}?", "position": n}
    question = DecisionQuestion.objects.create(**defaults | kwargs)
    for position, slug in enumerate(answers, start=1):
        question.answers.create(
            slug=slug, answer=f"Answer {slug}", matters=f"Weigh {slug}.", ask=f"Ask about {slug}?", position=position
        )
    return question


def make_claim_rule(**kwargs: Any) -> ClaimRule:
    """Write a rule against one word."""
    n = number()
    defaults = {"slug": f"rule-{n}", "name": f"Rule {n}", "family": "miracle", "patterns": "wow", "reason": "Why."}
    return ClaimRule.objects.create(**defaults | {"source": "A law"} | kwargs)


def make_image(**kwargs: Any) -> Image:
    """Write the row of an uploaded picture, without its files."""
    defaults: dict[str, Any] = {"title": "A joint", "width": 40, "height": 30, "kinds": "avif webp jpg"}
    defaults |= {"digest": f"{number():064x}", "uploaded_by": desk_account("desk-editor"), "uploaded_at": NOW}
    return Image.objects.create(**defaults | kwargs)


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


def delete_past_the_guards(request: ConsultationRequest) -> None:
    """Delete a request with its history, which triggers keep: they are lowered for the rest of the transaction."""
    connection.check_constraints()
    guards.lower(connection)
    ConsultationRequest.objects.filter(pk=request.pk).delete()


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
