"""JSON-LD repeats what the page shows, and nothing in it can leave its block."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client

from content.found import structured_data
from tests.factories import make_article, make_center, make_contributor, make_country, make_therapy, make_topic

pytestmark = pytest.mark.usefixtures("clinic")


def graph(client: Client, path: str) -> dict[str, dict[str, Any]]:
    """Return the page's objects by their type."""
    found = re.findall(
        r'<script type="application/ld\+json">(.*?)</script>', client.get(path).content.decode(), re.DOTALL
    )
    assert len(found) == 1
    return {item["@type"]: item for item in json.loads(found[0])}


def test_article_is_a_medical_web_page_with_its_people_and_dates(client: Client) -> None:
    article = make_article(medical_reviewer=make_contributor(name="Ada Reviewer"))

    page = graph(client, article.get_absolute_url())["MedicalWebPage"]

    assert page["name"] == article.title
    assert page["url"] == f"http://localhost:8000{article.get_absolute_url()}"
    assert page["author"]["name"] == article.author.name
    assert page["reviewedBy"]["name"] == "Ada Reviewer"
    assert page["lastReviewed"] == str(article.reviewed_on)


def test_breadcrumbs_lead_from_the_home_page_to_the_page_itself(client: Client) -> None:
    therapy = make_therapy(name="Therapy of hope")

    items = graph(client, therapy.get_absolute_url())["BreadcrumbList"]["itemListElement"]

    assert [item["name"] for item in items] == ["Home", "Therapies", "Therapy of hope"]
    assert [item["position"] for item in items] == [1, 2, 3]
    assert items[-1]["item"] == f"http://localhost:8000{therapy.get_absolute_url()}"


def test_article_s_breadcrumbs_are_those_of_the_page(client: Client) -> None:
    article = make_article(topic=make_topic(slug="joints", name="Joints"))

    page = client.get(article.get_absolute_url()).content.decode()

    items = graph(client, article.get_absolute_url())["BreadcrumbList"]["itemListElement"]
    assert [item["name"] for item in items] == ["Home", "Guides", "Joints", article.title]
    assert '<a href="/articles/?topic=joints">Joints</a>' in page


def test_center_is_a_clinic_with_its_place_and_hours(client: Client) -> None:
    center = make_center(
        country=make_country("GB", "United Kingdom"), city="Leeds", latitude="53.8008", longitude="-1.5491"
    )

    clinic = graph(client, center.get_absolute_url())["MedicalClinic"]

    assert clinic["address"]["addressCountry"] == "GB"
    assert clinic["geo"] == {"@type": "GeoCoordinates", "latitude": 53.8008, "longitude": -1.5491}
    assert [hours["dayOfWeek"] for hours in clinic["openingHoursSpecification"]] == [
        "Monday", "Tuesday", "Wednesday", "Thursday", "Friday",
    ]  # fmt: skip


def test_home_page_names_the_organization(client: Client) -> None:
    organization = graph(client, "/")["MedicalOrganization"]

    assert (organization["name"], organization["telephone"]) == ("Fern Clinics", "+12025550143")


def test_text_cannot_close_the_block(client: Client) -> None:
    hostile = "</script><script>alert(1)</script> & <!--"

    block = structured_data.script([{"name": hostile}])

    inside = block.removeprefix('<script type="application/ld+json">').removesuffix("</script>")
    assert "<" not in inside
    assert json.loads(inside) == [{"name": hostile}]
