"""Cards in an article: care cards, standard care as the database has it, and an invitation that comes after urgent words."""

from __future__ import annotations

import pytest
from django.test import Client

from content.models import Revision
from content.publishing.checks import CHECKS, urgent_after_invitation
from tests.factories import (
    make_article,
    make_comparison,
    make_criterion,
    make_draft,
    make_finding,
    make_section,
    make_therapy,
    section_words,
)

pytestmark = pytest.mark.usefixtures("clinic")


def shown(client: Client, *sections: dict[str, object]) -> str:
    """Return the page of an article with these sections."""
    make_article(slug="x", sections=[section_words(**section) for section in sections])
    return client.get("/articles/x/").content.decode()


@pytest.mark.parametrize(
    ("card", "urgency"),
    [
        ("doctor", "See a doctor"),
        ("urgent", "Urgent: get medical help today"),
        ("emergency", "Emergency: call for help now"),
    ],
)
def test_heading_of_a_care_card_says_how_urgent_it_is(client: Client, card: str, urgency: str) -> None:
    text = shown(client, {"heading": "If you have a fever", "anchor": "fever", "card": card})

    assert f"<h2>{urgency}. If you have a fever</h2>" in text


def test_standard_care_is_drawn_as_the_database_has_it(client: Client) -> None:
    care = make_therapy(
        name="Standard care",
        short_name="Usual care",
        slug="care",
        standard_care=True,
        regulatory_status="not_applicable",
    )
    risks, cost = make_criterion(name="Risks", required=True), make_criterion(name="Cost")
    finding = make_finding(therapy=care, criterion=risks, value="Low", note="For exercise | walking")
    make_finding(therapy=care, criterion=cost, value="Covered")

    text = shown(client, {"card": "standard-care"})
    assert '<aside class="note" aria-label="Standard care">' in text
    assert "<dl><dt>Risks</dt><dd>Low. For exercise | walking</dd></dl>" in text
    assert '<span class="status not_applicable">Established care</span>' in text
    assert '<a href="/therapies/care/">All that is known of usual care, with sources</a>' in text

    finding.value, finding.note = "Very low", ""
    finding.save()
    assert "<dl><dt>Risks</dt><dd><i>Not reviewed yet</i></dd></dl>" in client.get("/articles/x/").content.decode()
    care.delete()
    assert 'aria-label="Standard care"' not in client.get("/articles/x/").content.decode()


def test_nobody_is_invited_above_urgent_words(client: Client) -> None:
    care, other = make_therapy(), make_therapy()
    table = make_comparison(therapies=[care, other], criteria=[make_criterion()])

    text = shown(client, {"comparison": table}, {"card": "emergency"}, {"comparison": table}, {"card": "consultation"})

    places = [text.index("Emergency: call for help now"), text.index("Not sure what this means")]
    assert (text.count("Not sure what this means"), sorted(places)) == (1, places)
    assert ">Ask for a free consultation</a></p>" in text


def test_invitation_above_an_urgent_card_blocks_the_draft() -> None:
    draft = make_draft()
    for card in ("urgent", "consultation", "doctor", "emergency"):
        make_section(draft, anchor=card, card=card)

    assert urgent_after_invitation in CHECKS
    assert [block.place for block in urgent_after_invitation(Revision.objects.get(pk=draft.pk))] == [
        "section emergency"
    ]
