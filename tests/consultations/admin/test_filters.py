"""Filters of the request list: each alone, all together, in saved views, and by what is encrypted."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import parse_qsl

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from consultations.intake import receiving
from consultations.links import coarse
from consultations.models import ConsultationRequest, SavedView
from consultations.privacy import keys, retention
from consultations.requests import moving
from content.models import FormerSlug
from tests import factories
from tests.factories import NOW, make_request, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]

LIST = reverse("admin:consultations_consultationrequest_changelist")
DAY = dt.timedelta(days=1)


def listed(client: Client, **query: Any) -> list[str]:
    """Return the names of the list."""
    return sorted(row.name for row in client.get(LIST, query).context["cl"].result_list)


@pytest.mark.parametrize(
    ("language", "names"),
    [("de", ["Austria", "Germany"]), ("en", ["England"]), ("fr", []), ("unknown", ["Nowhere"]), ("klingon", None)],
)
def test_language_is_found_without_its_region(client: Client, language: str, names: list[str] | None) -> None:
    spoken = {"Austria": "de-AT", "Germany": "DE", "England": "en_GB", "Nowhere": ""}
    for name, words in spoken.items():
        make_request(name=name, email=f"{name}@visitor.example", language=words)
    client.force_login(make_staff("Triage"))

    assert listed(client, language=language) == (sorted(spoken) if names is None else names)


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("/articles/prp/", ["End", "Top"]),
        ("/therapies/prp/", ["Therapy"]),
        ("/centers/", ["Center", "Centers"]),
        ("/", ["Home"]),
        ("unknown", ["Forged", "None"]),
    ],
)
def test_page_is_found_without_the_place_on_it(client: Client, asked: str, names: list[str]) -> None:
    factories.make_therapy(slug="prp", short_name="PRP")
    factories.make_article(slug="prp", title="What PRP is")
    sources = {
        "Top": "/articles/prp/, top of the page",
        "End": "/articles/prp/, end of the page",
        "Therapy": "/therapies/prp/, below a table",
        "Center": "/centers/miami/, beside the address",
        "Centers": "/centers/, top of the page",
        "Home": "/, button in the header",
        "Forged": "unknown",
        "None": "",
    }
    for name, source in sources.items():
        make_request(name=name, email=f"{name}@visitor.example", source=source)
    client.force_login(make_staff("Triage"))

    assert listed(client, source=asked) == names


def test_page_is_found_by_the_address_it_had_before(client: Client) -> None:
    therapy = factories.make_therapy(slug="prp")
    FormerSlug.objects.create(kind="therapy", slug="plasma", therapy=therapy)
    make_request(name="Then", source="/therapies/plasma/, end of the page")
    client.force_login(make_staff("Triage"))

    assert listed(client, source="/therapies/prp/") == ["Then"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"received": "1"}, ["0"]),
        ({"received": "7"}, ["0", "1", "6"]),
        ({"received": "30"}, ["0", "1", "29", "6", "7"]),
        ({"since": "2026-11-09", "until": "2026-11-10"}, ["6", "7"]),
        ({"since": "2026-11-10"}, ["0", "1", "6"]),
        ({"until": "2026-10-18"}, ["29"]),
        ({"received": "7", "until": "2026-11-15"}, ["1", "6"]),
        ({"received": "x", "since": "soon", "until": "2026-13-41"}, ["0", "1", "29", "6", "7"]),
    ],
)
def test_days_are_the_clinics_own(client: Client, query: dict[str, str], names: list[str]) -> None:
    # NOW is Monday the 16th at seven in New York; received at midnight there, each so many days ago.
    midnight = dt.datetime(2026, 11, 16, 5, tzinfo=dt.UTC)
    for days in (0, 1, 6, 7, 29):
        # Clocks were set back on the first of November.
        at = midnight - days * DAY - dt.timedelta(hours=days > 15)
        make_request(name=str(days), email=f"{days}@visitor.example", now=at)
    client.force_login(make_staff("Triage"))

    assert listed(client, **query) == names


def make_eight() -> tuple[dict[str, str], Any]:
    """Write a request that all filters mean, and one for each that differs in one of them; return the filters and the staff."""
    center, therapy, staff = factories.make_center(), factories.make_therapy(slug="prp"), make_staff("Triage")
    wanted: dict[str, Any] = {
        "center": center,
        "therapies": [therapy],
        "language": "de-AT",
        "source": "/therapies/prp/, end of the page",
        "now": NOW - DAY,
    }
    changes: dict[str, Any] = {
        "center": factories.make_center(),
        "therapies": [],
        "language": "en",
        "source": "",
        "now": NOW - 9 * DAY,
    }
    rows = {"wanted": wanted, "assignee": wanted} | {name: wanted | {name: value} for name, value in changes.items()}
    for name, kwargs in rows.items():
        request = make_request(name=name, email=f"{name}@visitor.example", **kwargs)
        if name != "assignee":
            moving.assign(request, to=staff, by=staff, seen=None, now=NOW)
    filters = {
        "due": "live",
        "status__exact": "new",
        "assignee": str(staff.pk),
        "center": str(center.pk),
        "therapies": str(therapy.pk),
        "language": "de",
        "source": "/therapies/prp/",
        "received": "7",
    }
    return filters, staff


def test_all_filters_narrow_together_and_each_of_them_does(client: Client) -> None:
    filters, staff = make_eight()
    client.force_login(staff)

    assert listed(client, **filters, q="visitor.example") == []
    assert listed(client, **filters) == ["wanted"]
    without = {name: listed(client, **{key: filters[key] for key in filters if key != name}) for name in filters}
    assert {name: [row for row in rows if row != "wanted"] for name, rows in without.items()} == {
        "due": [],
        "status__exact": [],
        "assignee": ["assignee"],
        "center": ["center"],
        "therapies": ["therapies"],
        "language": ["language"],
        "source": ["source"],
        "received": ["now"],
    }


@pytest.mark.parametrize("shared", ["", "on"])
def test_all_filters_are_saved_and_open_the_same_list(client: Client, shared: str) -> None:
    filters, staff = make_eight()
    client.force_login(staff)
    query = client.get(LIST, filters).context["filters"]

    client.post(f"{LIST}save-view/", {"name": "Mine", "query": query, "shared": shared})
    view = SavedView.objects.get()

    assert dict(parse_qsl(view.query)) == filters
    assert listed(client, **dict(parse_qsl(view.query))) == ["wanted"]
    # Who works at another center opens the same view of their own rows: a center that is not theirs is no choice.
    elsewhere = ConsultationRequest.objects.get(name="center").center
    client.force_login(make_staff("Triage", places=[elsewhere] if elsewhere else []))
    assert listed(client, **dict(parse_qsl(view.query)) | {"assignee": ""}) == ["center"]


def test_digests_say_nothing_without_the_key_and_go_with_the_person(settings: Settings) -> None:
    request = make_request(language="de-AT", source="/articles/prp/, end of the page")
    before = (request.language_digest, request.source_digest)
    settings.SECRET_KEY = "another " * 10

    assert before != (coarse.digest(coarse.LANGUAGE, "de"), coarse.digest(coarse.SOURCE, "/articles/prp/"))
    assert [len(one) for one in before] == [16, 16]
    retention.erase(request, by=None, now=NOW)
    assert (request.language_digest, request.source_digest) == ("", "")


def test_requests_are_found_while_the_key_changes_and_after_it(client: Client, settings: Settings) -> None:
    make_request(name="Before", language="de")
    staff = make_staff("Triage")
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another " * 10
    client.force_login(staff)

    assert listed(client, language="de") == ["Before"]
    assert [keys.renew_digests(batch=1), keys.renew_digests(batch=1)] == [1, 0]
    settings.SECRET_KEY_FALLBACKS = []
    client.force_login(staff)
    assert listed(client, language="de") == ["Before"]


def test_language_and_page_of_a_form_are_digested_as_it_comes_in() -> None:
    submission = factories.make_submission(language="pt-BR", source="/compare/prp-vs-exosomes/, below a table")

    request, _ = receiving.receive(submission, key="k", now=NOW)

    assert (request.language_digest, request.source_digest) == (
        coarse.digest(coarse.LANGUAGE, "pt"),
        coarse.digest(coarse.SOURCE, "/compare/"),
    )
