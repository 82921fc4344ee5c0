"""Every rule of the content that the database holds, tried past the forms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from content.choices import EventKind, RevisionState
from content.models import (
    ClinicProfile,
    ComparisonCriterion,
    ComparisonTherapy,
    ContentVersion,
    DeskMail,
    Image,
    ImageFile,
    OpeningPeriod,
    PreviewLink,
    Revision,
    RevisionComment,
    RevisionEvent,
)
from content.publishing import steps
from tests.factories import (
    IN_A_YEAR,
    NOW,
    TEN_DAYS_AGO,
    desk_account,
    make_article,
    make_center,
    make_clinic,
    make_comparison,
    make_contributor,
    make_country,
    make_criterion,
    make_decision_question,
    make_draft,
    make_finding,
    make_image,
    make_notice,
    make_question,
    make_reference,
    make_section,
    make_therapy,
)
from tests.refusals import refused_by

guards = import_module("content.migrations.0002_approved_revisions_never_change")

DAY = dt.date(2026, 11, 1)
DAY_BEFORE, LATER = TEN_DAYS_AGO - dt.timedelta(days=1), NOW + dt.timedelta(days=1)


def same_reviewer() -> None:
    person = make_contributor()
    make_article(author=person, medical_reviewer=person)


def change(revision: Revision, **columns: Any) -> None:
    Revision.objects.filter(pk=revision.pk).update(**columns)


def file_of(image: Image, kind: str) -> ImageFile:
    return ImageFile.objects.create(image=image, kind=kind, width=40, content=b"x")


def same_file_twice() -> None:
    image = make_image()
    file_of(image, "jpg")
    file_of(image, "jpg")


def unguarded() -> None:
    """Let the key itself refuse: the triggers come before it. They are back when the test's transaction ends."""
    connection.check_constraints()
    guards.lower(connection)


def copy(revision: Revision, **columns: Any) -> None:
    for name, value in ({"pk": None, "number": 2} | columns).items():
        setattr(revision, name, value)
    revision.save(force_insert=True)


def same_number() -> None:
    draft = make_draft()
    unguarded()
    copy(draft, number=1, state="withdrawn", withdrawn_at=NOW)


def same_anchor() -> None:
    draft = make_draft()
    make_section(draft, anchor="why")
    make_section(draft, anchor="why")


def cite(*numbers: int, same: bool = False) -> None:
    draft, source = make_draft(), make_reference()
    for number in numbers:
        draft.citations.create(reference=source if same else make_reference(), number=number)


def same_guide_twice() -> None:
    guide = make_draft()
    make_draft(related=[guide, guide])


def second_public() -> None:
    first = make_article()
    make_article(article=first.article, published_at=NOW)
    unguarded()
    change(first, withdrawn_at=None)


def published_later() -> None:
    draft = make_draft()
    approval = steps.Approval(
        desk_account("desk-reviewer"), make_contributor().pk, DAY, IN_A_YEAR, NOW, published_at=LATER
    )
    steps.go_live(draft, approval, seen=1, states=[RevisionState.DRAFT], now=NOW)


def comment(**columns: Any) -> None:
    RevisionComment.objects.create(revision=make_draft(), by=desk_account("a"), at=NOW, **columns)


def tell(told: RevisionEvent, **columns: Any) -> None:
    defaults = {"kind": "approved", "account": desk_account("a"), "article": told.revision.article, "event": told}
    DeskMail.objects.create(**defaults | {"created_at": NOW, "due_at": NOW} | columns)


def told_twice() -> None:
    started = make_draft().events.get()
    tell(started)
    tell(started)


def overdue_twice() -> None:
    started = make_draft().events.get()
    for name in "ab":
        tell(started, kind="overdue", event=None, due_on=DAY, account=desk_account(name))


def same_cell_twice() -> None:
    finding = make_finding()
    make_finding(therapy=finding.therapy, criterion=finding.criterion)


def same_column_twice() -> None:
    therapy = make_therapy()
    table = make_comparison(therapies=[therapy], criteria=[])
    ComparisonTherapy.objects.create(comparison=table, therapy=therapy)


def same_row_twice() -> None:
    criterion = make_criterion()
    table = make_comparison(therapies=[], criteria=[criterion])
    ComparisonCriterion.objects.create(comparison=table, criterion=criterion)


def two_standards() -> None:
    make_therapy(standard_care=True)
    make_therapy(standard_care=True)


def open_at(weekday: int, *hours: tuple[int, int]) -> None:
    center = make_center(hours=False)
    for opens, closes in hours:
        OpeningPeriod.objects.create(center=center, weekday=weekday, opens=dt.time(opens), closes=dt.time(closes))


def second_clinic() -> None:
    profile = make_clinic()
    profile.pk = 2
    ClinicProfile.objects.bulk_create([profile])


REFUSED: dict[str, Callable[[], object]] = {
    "content_reference_can_be_found": lambda: make_reference(url="", doi=""),
    "content_reference_year_plausible": lambda: make_reference(year=24),
    "content_therapy_slug_without_vs": lambda: make_therapy(slug="a-vs-b"),
    "content_therapy_regulatory_status_known": lambda: make_therapy(regulatory_status="cured"),
    "content_therapy_source_kind_known": lambda: make_therapy(source_kind="moon"),
    "content_therapy_one_standard_care": two_standards,
    "content_finding_one_per_cell": same_cell_twice,
    "content_finding_value_not_empty": lambda: make_finding(value=""),
    "content_decisionanswer_slug_once_per_question": lambda: make_decision_question("a", "a"),
    "content_finding_tone_known": lambda: make_finding(tone="loud"),
    "content_finding_grade_known": lambda: make_finding(grade="certain"),
    "content_comparisontherapy_once_per_table": same_column_twice,
    "content_comparisoncriterion_once_per_table": same_row_twice,
    "content_revision_number_once": same_number,
    "content_revision_one_open": lambda: copy(make_draft()),
    "content_revision_one_without_end": second_public,
    "content_revision_state_known": lambda: change(make_draft(), state="public", withdrawn_at=NOW),
    "content_revision_open_is_unapproved": lambda: change(make_draft(), go_live_at=NOW),
    "content_revision_approved_has_approver": lambda: change(make_draft(), state="approved"),
    "content_revision_withdrawn_has_moment": lambda: change(make_draft(), state="withdrawn"),
    "content_revision_approver_is_not_editor": lambda: make_article(edited_by=desk_account("desk-reviewer")),
    "content_revision_reviewer_is_not_author": same_reviewer,
    "content_revision_ends_after_it_goes_live": lambda: change(make_article(), withdrawn_at=DAY_BEFORE),
    "content_revision_published_with_the_first": published_later,
    "content_revision_next_review_after_review": lambda: make_article(reviewed_on=DAY, next_review_on=DAY),
    "content_revisionevent_what_known": lambda: steps.note(make_draft(), "read", by=desk_account("a"), now=NOW),  # type: ignore[arg-type]
    "content_revisionevent_sent_back_with_words": lambda: steps.note(
        make_draft(), EventKind.SENT_BACK, by=desk_account("a"), now=NOW
    ),
    "content_previewlink_ends_after_made": lambda: PreviewLink.objects.create(
        revision=make_draft(), link_id="a" * 16, made_by=desk_account("a"), made_at=NOW, expires_at=NOW
    ),
    "content_revisioncomment_says_something": lambda: comment(words=""),
    "content_revisioncomment_resolved_by_somebody": lambda: comment(words="Cite this.", resolved_at=NOW),
    "content_deskmail_once_per_event": told_twice,
    "content_deskmail_once_per_review": overdue_twice,
    "content_deskmail_of_event_or_day": lambda: tell(make_draft().events.get(), due_on=DAY),
    "content_deskmail_kind_known": lambda: tell(make_draft().events.get(), kind="read"),
    "content_clinicprofile_review_grace_plausible": lambda: make_clinic(review_grace_months=61),
    "content_section_anchor_unique_in_revision": same_anchor,
    "content_section_anchor_not_reserved": lambda: make_section(make_draft(), anchor="references"),
    "content_question_slug_not_reserved": lambda: make_question(slug="Notice-a"),
    "content_section_card_known": lambda: make_section(make_draft(), card="advert"),
    "content_section_figure_has_caption": lambda: make_section(make_draft(), figure="how-prp-is-made"),
    "content_section_image_described": lambda: make_section(make_draft(), image=make_image()),
    "content_section_one_figure": lambda: make_section(
        make_draft(), image=make_image(), image_decorative=True, figure="how-prp-is-made", figure_caption="Made"
    ),
    "content_image_digest_is_sha256": lambda: make_image(digest="A" * 64),
    "content_image_has_a_size": lambda: make_image(height=0),
    "content_imagefile_once": same_file_twice,
    "content_imagefile_kind_known": lambda: file_of(make_image(), "svg"),
    "content_articlereference_number_unique": lambda: cite(1, 1),
    "content_articlereference_listed_once": lambda: cite(1, 2, same=True),
    "content_articlereference_number_from_one": lambda: cite(0),
    "content_relatedarticle_once": same_guide_twice,
    "content_country_code_two_letters": lambda: make_country("us", "Lower States"),
    "content_center_latitude_on_earth": lambda: make_center(latitude="90.0001"),
    "content_center_longitude_on_earth": lambda: make_center(longitude="-180.0001"),
    "content_center_has_time_zone": lambda: make_center(time_zone=""),
    "content_openingperiod_closes_after_it_opens": lambda: open_at(0, (9, 9)),
    "content_openingperiod_weekday_known": lambda: open_at(7, (9, 17)),
    "content_openingperiod_once": lambda: open_at(0, (9, 12), (9, 17)),
    "content_clinicprofile_single": second_clinic,
    "content_clinicprofile_response_hours_plausible": lambda: make_clinic(response_hours=0),
    "content_notice_ends_after_it_starts": lambda: make_notice(starts_on=DAY, ends_on=DAY - dt.timedelta(days=1)),
    "content_version_single": lambda: ContentVersion.objects.create(pk=2),
}


@pytest.mark.parametrize("table", ["content_image", "content_imagefile"])
def test_database_refuses_to_change_a_picture(db: None, table: str) -> None:
    file_of(make_image(), "jpg")

    with pytest.raises(IntegrityError) as refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET width = 2")  # noqa: S608  a name of our own

    assert "A picture never changes: upload another one." in str(refusal.value)


@pytest.mark.parametrize("name", REFUSED)
def test_database_refuses(db: None, name: str) -> None:
    with refused_by(name):
        REFUSED[name]()


def test_database_refuses_a_finding_of_spaces(db: None) -> None:
    with refused_by("content_finding_value_not_empty"):
        make_finding(value="  ")


@pytest.mark.parametrize(("opens", "closes"), [(22, 0), (22, 1), (0, 0), (12, 0)])
def test_database_takes_hours_until_midnight_and_past_it(db: None, opens: int, closes: int) -> None:
    open_at(0, (opens, closes))

    assert [str(period) for period in OpeningPeriod.objects.all()] == [f"Monday {opens:02}:00–{closes or 24:02}:00"]


@pytest.mark.parametrize(("opens", "closes"), [(12, 9), (12, 1), (9, 9)])
def test_database_refuses_hours_in_the_wrong_order(db: None, opens: int, closes: int) -> None:
    with refused_by("content_openingperiod_closes_after_it_opens"):
        open_at(0, (opens, closes))
