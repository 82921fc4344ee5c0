"""For every field that public pages show: does a reviewer approve it, or is it public at once?

What may hold a medical statement, what stands on every page as advice, and what decides where a legal notice is shown needs a
reviewer. The rest is public at once where the claim check finds nothing to block. A test walks the models and names each field
that this table forgets.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from django.db.models import Model, Q

from content.models import (
    AnswerTimes,
    Article,
    ArticleReference,
    Center,
    ClaimOverride,
    ClaimRule,
    ClaimRuleVersion,
    ClinicProfile,
    Comparison,
    ComparisonCriterion,
    ComparisonTherapy,
    ContentVersion,
    Contributor,
    Country,
    Criterion,
    DecisionAnswer,
    DecisionQuestion,
    DeskMail,
    Finding,
    FormerSlug,
    Image,
    ImageFile,
    Notice,
    OpeningPeriod,
    Policy,
    PreviewLink,
    ProposedChange,
    ProposedChangeEvent,
    Question,
    Reference,
    RelatedArticle,
    Revision,
    RevisionComment,
    RevisionEvent,
    SearchEntry,
    SearchMiss,
    SearchSynonym,
    Section,
    TableVersion,
    Term,
    Therapy,
    Topic,
    UnsavedWords,
)
from content.models.revision import EDITABLE


class Way(StrEnum):
    """How what is typed into a field reaches readers."""

    REVIEWED = "A reviewer approves this"
    AT_ONCE = "Public at once"
    # No words: numbers, choices of pictures, addresses.
    PLAIN = "Public at once, holds no words"


def _ways(reviewed: str = "", at_once: str = "", plain: str = "") -> dict[str, Way]:
    return (
        dict.fromkeys(reviewed.split(), Way.REVIEWED)
        | dict.fromkeys(at_once.split(), Way.AT_ONCE)
        | dict.fromkeys(plain.split(), Way.PLAIN)
    )


TABLE: dict[type[Model], dict[str, Way]] = {
    Therapy: _ways(
        reviewed="name short_name summary description source_kind regulatory_status regulatory_note regulatory_reference "
        "standard_care",
        plain="slug illustration position",
    ),
    Finding: _ways(reviewed="therapy criterion value note tone grade reference", plain="reviewed_on"),
    # Without `required`, a therapy would be shown whose risks nobody wrote down.
    Criterion: _ways(reviewed="name help group required", plain="slug position"),
    Question: _ways(reviewed="question answer therapy", at_once="group", plain="slug position"),
    Notice: _ways(
        reviewed="title text therapies regions is_default starts_on ends_on basis source",
        plain="slug counsel_confirmed",
    ),
    Policy: _ways(reviewed="title summary version effective_on body", plain="kind"),
    DecisionQuestion: _ways(reviewed="question help ask", plain="slug position"),
    DecisionAnswer: _ways(reviewed="question answer matters ask", plain="slug position"),
    ClinicProfile: _ways(
        reviewed="tagline disclaimer emergency_text about",
        at_once="name short_name legal_name address banner_text hours_text consultation_text response_promise",
        plain="phone email response_hours time_zone hours discreet_mail review_grace_months claim_minutes waiting_pauses",
    ),
    Contributor: _ways(reviewed="name credentials role bio", plain="slug account"),
    Reference: _ways(reviewed="title authors publisher year url doi pmid", plain="key"),
    Center: _ways(
        at_once="name city address",
        plain="slug country region postal_code time_zone phone latitude longitude open_to_requests",
    ),
    Country: _ways(at_once="name", plain="code"),
    OpeningPeriod: _ways(plain="center weekday opens closes"),
    Term: _ways(reviewed="name spellings definition", plain="slug"),
    Topic: _ways(at_once="name description", plain="slug position"),
    # What the cells say is approved cell by cell; which of them stand side by side holds no statement of its own.
    Comparison: _ways(at_once="title caption", plain="slug therapies criteria"),
    ComparisonTherapy: _ways(plain="comparison therapy position"),
    ComparisonCriterion: _ways(plain="comparison criterion position"),
}
# Not in the table: words that are approved as revisions, numbers that are counted, and what readers never see.
ELSEWHERE: set[type[Model]] = {
    AnswerTimes,
    Article,
    Revision,
    Section,
    ArticleReference,
    RelatedArticle,
    RevisionEvent,
    RevisionComment,
    PreviewLink,
    DeskMail,
    ClaimRule,
    ClaimRuleVersion,
    FormerSlug,
    Image,
    ImageFile,
    ClaimOverride,
    ProposedChange,
    ProposedChangeEvent,
    SearchEntry,
    SearchMiss,
    SearchSynonym,
    ContentVersion,
    TableVersion,
    UnsavedWords,
}


def of_model(model: type[Model], way: Way) -> list[str]:
    """Return the names of a model's fields that go this way; none for a model that the table does not hold."""
    return [name for name, each in TABLE.get(model, {}).items() if each == way]


def needs_review(row: Model) -> bool:
    """Return whether a change of this row's reviewed fields, or this new row, waits for a reviewer.

    People and sources reach readers through what is approved; until an article that left its editor, a finding, or a change that
    waits for a reviewer names them, they are no more public than a draft. Whoever has an account may be named at any moment: by the
    approval of an article, on whose draft their words do not stand. The first profile of the clinic waits for nobody: no page
    has a name before it, and whoever sets a site up is alone.
    """
    if not of_model(type(row), Way.REVIEWED):
        return False
    is_named = _NAMED.get(type(row))
    return is_named is None or (row.pk is not None and is_named(row.pk))


def _profile_is_there(pk: int) -> bool:
    return ClinicProfile.objects.filter(pk=pk).exists()


def _contributor_is_named(pk: int) -> bool:
    shown = Revision.objects.exclude(state__in=EDITABLE)
    return (
        shown.filter(author=pk).exists()
        or shown.filter(medical_reviewer=pk).exists()
        or Contributor.objects.filter(pk=pk, account__isnull=False).exists()
    )


def _reference_is_named(pk: int) -> bool:
    return (
        ArticleReference.objects.filter(reference=pk).exclude(revision__state__in=EDITABLE).exists()
        or Finding.objects.filter(reference=pk).exists()
        or Therapy.objects.filter(regulatory_reference=pk).exists()
        or ProposedChange.objects.open().filter(Q(after__reference=pk) | Q(after__regulatory_reference=pk)).exists()
    )


_NAMED: dict[type[Model], Callable[[int], bool]] = {
    Contributor: _contributor_is_named,
    Reference: _reference_is_named,
    ClinicProfile: _profile_is_there,
}
