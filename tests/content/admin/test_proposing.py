"""Forms of public words: what needs a reviewer waits, whichever screen sends it; the rest is public unless the claim check objects."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from content.models import (
    ClinicProfile,
    Contributor,
    DecisionQuestion,
    Finding,
    Notice,
    ProposedChange,
    Question,
    Reference,
    Therapy,
    Topic,
)
from tests import factories
from tests.content.admin.screens import form_of, login, page
from tests.desk import told

pytestmark = pytest.mark.django_db


def send(client: Client, address: str, **values: Any) -> Any:
    """Send a page's form back with other values."""
    data = form_of(client.get(address)) | values
    return client.post(address, {name: value for name, value in data.items() if value is not None}, follow=True)


def waiting() -> list[tuple[str, str, dict[str, Any]]]:
    """Return what waits for a reviewer."""
    return list(ProposedChange.objects.values_list("kind", "model", "after"))


@pytest.mark.parametrize("group", ["Editors", "Medical reviewers", "superuser"])
def test_a_therapy_is_not_changed_by_who_edits_it(client: Client, group: str) -> None:
    therapy = factories.make_therapy(summary="Old words.", position=10)
    login(client, *([] if group == "superuser" else [group]), is_superuser=group == "superuser")

    response = send(client, page(Therapy, "change", therapy.pk), summary="New words.", position=20)

    assert Therapy.objects.values_list("summary", "position").get() == ("Old words.", 20)
    assert waiting() == [("change", "therapy", {"summary": "New words."})]
    assert "Your change waits for a reviewer" in told(response)
    assert "What needs no reviewer is public now." in told(response)


def test_text_that_refers_to_a_page_is_not_proposed_where_nobody_touched_it(client: Client) -> None:
    target = factories.make_article(slug="target").article
    therapy = factories.make_therapy(
        summary="Old words.", description=f'<p>See <a href="ref:article/{target.pk}">it</a>.</p>'
    )
    login(client, "Editors")

    send(client, page(Therapy, "change", therapy.pk), summary="New words.")

    assert waiting() == [("change", "therapy", {"summary": "New words."})]


def test_who_proposed_a_change_goes_on_with_their_words_and_others_see_the_public_ones(client: Client) -> None:
    therapy = factories.make_therapy(summary="Old words.")
    login(client, "Editors")
    address = page(Therapy, "change", therapy.pk)
    send(client, address, summary="My words.")

    mine = form_of(client.get(address))["summary"]
    send(client, address, regulatory_note="Only in our studies.")
    login(client, "Editors")
    theirs = client.get(address)

    assert (mine, form_of(theirs)["summary"]) == ("My words.", "Old words.")
    assert waiting() == [
        ("change", "therapy", {"summary": "My words.", "regulatory_note": "Only in our studies."}),
    ]
    assert "Waiting for a reviewer" in theirs.content.decode()


def test_what_is_only_proposed_is_not_logged_as_done(client: Client) -> None:
    therapy = factories.make_therapy()
    login(client, "Editors")

    send(client, page(Therapy, "change", therapy.pk), summary="New words.")

    assert LogEntry.objects.count() == 0


def test_a_cell_changed_on_its_therapy_keeps_value_and_date_until_it_is_approved(client: Client) -> None:
    finding = factories.make_finding(value="Old", reviewed_on=dt.date(2026, 1, 1))
    gone = factories.make_finding(therapy=finding.therapy, value="Stays")
    login(client, "Editors")
    address = page(Therapy, "change", finding.therapy.pk)
    data = form_of(client.get(address))
    number = next(name[9] for name, value in data.items() if value == "Old")
    other = next(name[9] for name, value in data.items() if value == "Stays")

    data |= {f"findings-{number}-value": "New", f"findings-{number}-reviewed_on": "2026-11-16"}
    client.post(address, data | {f"findings-{other}-DELETE": "on"})

    assert list(Finding.objects.order_by("pk").values_list("value", "reviewed_on")) == [
        ("Old", dt.date(2026, 1, 1)),
        ("Stays", gone.reviewed_on),
    ]
    assert sorted(waiting()) == [("change", "finding", {"value": "New"}), ("remove", "finding", {})]


def test_a_review_date_is_not_typed(client: Client) -> None:
    finding = factories.make_finding(value="Old", reviewed_on=None)
    login(client, "Editors")

    send(client, page(Finding, "change", finding.pk), reviewed_on="2026-11-16")

    assert (Finding.objects.get().reviewed_on, waiting()) == (None, [])


def test_a_new_question_waits(client: Client) -> None:
    login(client, "Editors")

    send(client, page(Question, "add"), question="Why?", slug="why", answer="<p>So.</p>", group="Basics")

    assert Question.objects.count() == 0
    assert [(kind, after["question"], after["answer"]) for kind, _, after in waiting()] == [
        ("add", "Why?", "<p>So.</p>")
    ]


def test_a_notice_keeps_the_therapies_that_it_is_for(client: Client) -> None:
    therapy, notice = factories.make_therapy(), factories.make_notice()
    login(client, "Editors")

    send(client, page(Notice, "change", notice.pk), therapies=[therapy.pk])

    assert (list(notice.therapies.all()), waiting()) == ([], [("change", "notice", {"therapies": [therapy.pk]})])


def test_a_notice_stays_until_its_removal_is_approved(client: Client) -> None:
    notice = factories.make_notice()
    login(client, "Editors")

    asked = client.get(page(Notice, "delete", notice.pk)).content.decode()
    client.post(page(Notice, "delete", notice.pk), {"post": "yes"})

    assert ("Readers see it until somebody else approves its removal" in asked, "will be deleted" in asked) == (
        True,
        False,
    )
    assert (Notice.objects.count(), waiting()) == (1, [("remove", "notice", {})])
    assert LogEntry.objects.count() == 0


def test_several_notices_cannot_be_removed_at_once(client: Client) -> None:
    notice = factories.make_notice()
    login(client, "Editors")

    client.post(
        page(Notice, "changelist"), {"action": "delete_selected", "_selected_action": [notice.pk], "post": "yes"}
    )

    assert (Notice.objects.count(), waiting()) == (1, [])


def test_an_answer_of_the_decision_aid_waits(client: Client) -> None:
    question = factories.make_decision_question("a")
    login(client, "Editors")
    address = page(DecisionQuestion, "change", question.pk)
    old = question.answers.get().matters

    send(client, address, **{"answers-0-matters": "Something else."})

    assert (question.answers.get().matters, waiting()) == (
        old,
        [("change", "decisionanswer", {"matters": "Something else."})],
    )


def test_a_byline_and_a_cited_source_wait_and_new_ones_do_not(client: Client) -> None:
    public = factories.make_article(author=factories.make_contributor(name="Ada"))
    source = factories.make_reference(title="A trial")
    factories.make_finding(reference=source)
    login(client, "Editors")

    send(client, page(Contributor, "change", public.author.pk), name="Dr. Ada")
    send(client, page(Reference, "change", source.pk), title="Another trial")
    send(client, page(Contributor, "add"), name="Bo", slug="bo", role="Writer")

    assert (public.author.__class__.objects.get(pk=public.author.pk).name, Reference.objects.get().title) == (
        "Ada",
        "A trial",
    )
    assert [(kind, model) for kind, model, _ in waiting()] == [("change", "contributor"), ("change", "reference")]
    assert Contributor.objects.filter(name="Bo").exists()


def test_what_is_public_at_once_is_refused_beside_its_field_where_the_claim_check_blocks_it(client: Client) -> None:
    factories.make_claim_rule(patterns="cure+", severity="block")
    topic = factories.make_topic(name="Joints")
    login(client, "Editors")

    response = send(client, page(Topic, "change", topic.pk), description="We cu\u00adre joints.")

    assert Topic.objects.get().description == ""
    assert "Not allowed" in str(response.context["adminform"].form.errors["description"])


def test_what_is_public_at_once_is_told_where_the_claim_check_warns(client: Client) -> None:
    factories.make_claim_rule(patterns="cure+", severity="warn")
    topic = factories.make_topic(name="Joints")
    login(client, "Editors")

    response = send(client, page(Topic, "change", topic.pk), description="We cure joints.")

    assert (Topic.objects.get().description, "We cure joints" in told(response)) == ("We cure joints.", True)


def test_clinic_profile_goes_both_ways(client: Client) -> None:
    profile = factories.make_clinic(disclaimer="Old words.", hours_text="Nine to five")
    login(client, "Managers")

    send(client, page(ClinicProfile, "change", 1), disclaimer="New words.", hours_text="Ten to five")

    profile.refresh_from_db()
    assert (profile.disclaimer, profile.hours_text) == ("Old words.", "Ten to five")
    assert waiting() == [("change", "clinicprofile", {"disclaimer": "New words."})]


def test_each_field_says_which_way_it_goes(client: Client) -> None:
    factories.make_clinic()
    login(client, "Managers")

    fields = client.get(page(ClinicProfile, "change", 1)).context["adminform"].form.fields

    assert "A reviewer approves this" in fields["disclaimer"].help_text
    assert "Public at once" in fields["hours_text"].help_text
    assert "Public at once" not in fields["response_hours"].help_text


def test_what_is_found_in_a_proposed_change_stands_beside_its_field(client: Client) -> None:
    factories.make_claim_rule(patterns="cure+", severity="block", reason="Nobody may say so.")
    therapy = factories.make_therapy()
    login(client, "Editors")
    address = page(Therapy, "change", therapy.pk)

    response = send(client, address, summary="It cures joints.")

    assert "Nobody may say so." in response.content.decode()
    assert "Nobody may say so." in client.get(address).context["adminform"].form.fields["summary"].help_text


def test_findings_are_confirmed_by_reviewers_alone(client: Client) -> None:
    finding = factories.make_finding(reviewed_on=None)
    address = page(Finding, "changelist")
    data = {"action": "confirm", "_selected_action": [finding.pk]}
    dates = []
    for group in ("Editors", "Medical reviewers"):
        login(client, group)
        client.post(address, data)
        dates.append(Finding.objects.get().reviewed_on)

    assert dates[0] is None
    assert dates[1] is not None


def test_a_forged_form_of_a_stranger_changes_nothing(client: Client) -> None:
    therapy = factories.make_therapy(summary="Old words.")
    login(client, "Triage")

    response = client.post(page(Therapy, "change", therapy.pk), {"summary": "Forged"})

    assert (response.status_code, Therapy.objects.get().summary, waiting()) == (403, "Old words.", [])
    assert client.get(reverse("admin:content_proposedchange_changelist")).status_code == 403
