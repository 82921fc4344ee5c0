"""What was shown with a request, kept word for word whatever is edited later."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import reverse

from consultations.evidence import consents, form_text, shown
from consultations.forms.request import RequestForm
from consultations.intake import receiving
from consultations.models import ConsultationRequest, ShownText
from consultations.statuses import ConsentPurpose, ShownKind
from content import attribution
from content.models import ClinicProfile
from tests.factories import (
    NOW,
    make_article,
    make_center,
    make_comparison,
    make_country,
    make_criterion,
    make_finding,
    make_notice,
    make_request,
    make_staff,
    make_therapy,
    section_words,
)

pytestmark = pytest.mark.django_db


def texts(request: ConsultationRequest, kind: ShownKind) -> list[tuple[str, str]]:
    return [(text.title, text.text) for text in shown.of(request).shown if text.kind == kind]


def send(client: Client, **answers: Any) -> ConsultationRequest:
    client.post("/consultation/", {"name": "Ada", "email": "ada@visitor.example"} | answers)
    return ConsultationRequest.objects.get()


def test_form_text_has_headings_labels_hints_and_choices_but_no_centers() -> None:
    center, therapy = make_center(name="Fern Lisbon"), make_therapy(name="Platelets")
    form = RequestForm(now=NOW)

    words = form_text.plain(form, form.helper.layout)

    assert "# About you\nFull name\nEmail address\n" in words
    assert therapy.name in words
    assert "  ( ) Phone\n" in words
    assert str(form.fields["message"].help_text) in words
    assert all(str(form.fields[f"agree_{purpose}"].label) in words for purpose in ConsentPurpose)
    assert center.name not in words
    assert "motto" not in words


def test_form_is_kept_with_the_request_it_brought(client: Client, clinic: ClinicProfile) -> None:
    request = send(client)

    [(title, words)] = texts(request, ShownKind.FORM)
    assert title == shown.FORM_TITLE
    assert words.splitlines()[1:3] == ["# About you", "Full name"]


def test_consent_texts_are_kept_also_where_no_box_was_ticked() -> None:
    request = make_request(agreed={ConsentPurpose.CALLS})

    ticked = {answer.text: answer.given_at for answer in shown.of(request).answers}
    current = receiving.current_texts(NOW)
    assert ticked == {text.text: NOW if purpose == ConsentPurpose.CALLS else None for purpose, text in current.items()}


def test_same_words_shown_to_many_are_one_row() -> None:
    make_request()
    before = ShownText.objects.count()
    again = make_request()

    assert ShownText.objects.count() == before
    assert again.shown.count() == before


def test_other_words_are_another_row_and_the_old_request_keeps_its_own() -> None:
    first = make_request()
    consents.reword(ConsentPurpose.HEALTH, text="New words.", active_from=NOW)
    second = make_request()

    said = [{text for _, text in texts(request, ShownKind.CONSENT)} for request in (first, second)]
    assert "New words." not in said[0]
    assert "New words." in said[1]


def test_digest_tells_kinds_titles_and_texts_apart() -> None:
    one = shown.Text(ShownKind.FORM, "a", "b")

    others = [
        shown.Text(ShownKind.NOTICE, "a", "b"),
        shown.Text(ShownKind.FORM, "b", "b"),
        shown.Text(ShownKind.FORM, "a", "c"),
    ]
    assert one.digest not in {other.digest for other in others}
    assert one.digest == shown.Text(ShownKind.FORM, "a", "b").digest


def test_notices_are_those_of_the_place_and_the_day_whatever_was_chosen() -> None:
    prp, other = make_therapy(), make_therapy()
    center = make_center(country=make_country("US"), region="US-WA")
    make_notice(title="Everywhere")
    make_notice(title="Washington", regions="US-WA, US-UT")
    make_notice(title="Utah", regions="US-UT")
    make_notice(title="Over", ends_on=NOW.date() - dt.timedelta(days=1))
    make_notice(title="About it").therapies.add(prp)
    make_notice(title="About another").therapies.add(other)

    request = make_request(center=center, therapies=[prp])

    assert [title for title, _ in texts(request, ShownKind.NOTICE)] == [
        "About another",
        "About it",
        "Everywhere",
        "Washington",
    ]


def test_article_is_kept_as_it_read_with_its_table(client: Client, clinic: ClinicProfile) -> None:
    criterion, therapy = make_criterion(name="Contains live cells?"), make_therapy(short_name="PRP")
    make_finding(therapy=therapy, criterion=criterion, value="Yes, platelets")
    table = make_comparison(therapies=[therapy], criteria=[criterion], caption="Side by side")
    section = section_words(heading="Cells", body="<p>Old <em>words</em>.</p>", comparison=table)
    article = make_article(title="What PRP is", slug="what-is-prp", lead="<p>First words.</p>", sections=[section])
    day = dt.datetime.now(tz=dt.UTC).date()
    token = attribution.token("/articles/what-is-prp/", "end", {}, day)

    request = send(client, source=token)
    make_article(article=article.article, lead="<p>New words.</p>", published_at=NOW)

    [(title, words)] = texts(request, ShownKind.ARTICLE)
    assert title == "What PRP is (/articles/what-is-prp/)"
    assert f"Reviewed on {article.reviewed_on:%Y-%m-%d}" in words
    assert "Cells\nOld words" in words
    assert "Contains live cells? | PRP: Yes, platelets" in words
    assert "New words" not in words


def test_unknown_source_keeps_no_article() -> None:
    make_article(slug="what-is-prp")

    for page in ("", "/articles/", "/articles/gone/", "/centers/what-is-prp/"):
        assert texts(make_request(attribution={"page": page}), ShownKind.ARTICLE) == []


def test_shown_text_cannot_be_changed() -> None:
    make_request()
    text = ShownText.objects.all()[0]
    text.text = "Other"

    with pytest.raises(ImproperlyConfigured):
        text.save()


def test_proof_page_and_download_say_the_same_to_who_may_see_the_request(client: Client, clinic: ClinicProfile) -> None:
    request = make_request(agreed={ConsentPurpose.HEALTH})
    client.force_login(make_staff("Triage"))

    page = client.get(reverse("admin:consultations_consultationrequest_proof", args=[request.pk])).content.decode()
    data = json.loads(
        client.get(reverse("admin:consultations_consultationrequest_proof_json", args=[request.pk])).content
    )

    assert data["reference"] == request.reference
    assert {text["sha256"] for text in data["shown"]} == set(request.shown.values_list("digest", flat=True))
    assert all(text["sha256"] in page for text in data["shown"])
    assert page.count("<b>Ticked</b>") == 1
    assert page.count("<b>Not ticked</b>") == 2


def test_proof_is_closed_to_editors_and_strangers(client: Client, clinic: ClinicProfile) -> None:
    request = make_request()
    path = reverse("admin:consultations_consultationrequest_proof", args=[request.pk])
    stranger = client.get(path)
    client.force_login(make_staff("Editors"))

    assert stranger.status_code == 302
    assert client.get(path).status_code == 403
    assert client.get(path.replace("/proof/", "/proof.json")).status_code == 403


def test_proof_of_an_unknown_request_is_a_404(client: Client, clinic: ClinicProfile) -> None:
    client.force_login(make_staff("Triage"))

    assert client.get(reverse("admin:consultations_consultationrequest_proof", args=[0])).status_code == 404
