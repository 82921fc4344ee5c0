"""Consultation requests: columns, constraints, and the queries of the desk, such as which are overdue."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.urls import reverse

from consultations.links import private_link
from consultations.models import references
from consultations.models.fields import EncryptedMappingField, EncryptedTextField
from consultations.models.person import Person
from consultations.models.place import Viewer, of_requests_of
from consultations.models.proof import ShownText
from consultations.statuses import LIVE, WAITING, ActivityKind, ClosedFor, ContactBy, NextStep, Status
from consultations.visitor_words import STATUS_WORDS, shown_status
from content.fields import MailAddressField

# What tells who may see a request.
WHOSE = ("center", "visits_elsewhere")


class RequestQuerySet(models.QuerySet["ConsultationRequest"]):
    """Requests as the desk asks for them."""

    def visible_to(self, user: Viewer) -> Self:
        """Requests that a member of staff may see: see `place.of_requests_of`."""
        return self.filter(of_requests_of(user))

    def live(self) -> Self:
        """Requests that somebody still has to do something about."""
        return self.filter(status__in=LIVE, erased_at=None)

    def untriaged(self) -> Self:
        """Live requests nobody has."""
        return self.live().filter(assignee=None)

    def to_answer(self) -> Self:
        """Requests whose visitor nobody has spoken with: the promised time is running."""
        return self.filter(status__in=WAITING, first_contact_at=None, erased_at=None)

    def due_soon(self, now: dt.datetime, until: dt.datetime) -> Self:
        """Requests to answer between `now` and `until`."""
        return self.to_answer().filter(respond_by__gte=now, respond_by__lt=until)

    def to_call(self, until: dt.datetime) -> Self:
        """Live requests whose next step is a call before `until`."""
        return self.live().filter(next_step=NextStep.CALL, next_at__lt=until)

    def waiting_for_visitor(self) -> Self:
        """Live requests about which we wait for the visitor."""
        return self.live().filter(next_step=NextStep.VISITOR)

    def booked(self) -> Self:
        """Requests with an appointment."""
        return self.filter(status=Status.BOOKED, erased_at=None)

    def spam(self) -> Self:
        """Requests that were taken for spam."""
        return self.filter(status=Status.SPAM, erased_at=None)

    def lapsed(self, now: dt.datetime) -> Self:
        """Requests whose holder has not tried to reach the visitor in time."""
        return self.filter(claim_until__lte=now)

    def overdue(self, now: dt.datetime) -> Self:
        """Requests whose promised answer was due before `now` and who have not been reached."""
        return self.to_answer().filter(respond_by__lt=now)

    def with_mail_trouble(self) -> Self:
        """Add `mail_trouble`: whether a mail about the request could not be sent, finally or so far."""
        messages = apps.get_model("consultations", "Message").objects.troubled()
        return self.annotate(mail_trouble=Exists(messages.filter(request=OuterRef("pk"), request__erased_at=None)))

    def with_asked_again(self) -> Self:
        """Add `asked_again`: whether the person had asked before when the request was theirs."""
        again = apps.get_model("consultations", "Activity").objects.filter(kind=ActivityKind.AGAIN)
        return self.annotate(asked_again=Exists(again.filter(request=OuterRef("pk"))))


class ConsultationRequest(models.Model):
    """A request for a free consultation; staff say "lead".

    Status and assignee are changed by the verbs in requests/moving.py only: each change is compare-and-set and leaves an
    immutable `Activity` in the same transaction.
    """

    reference = models.CharField(max_length=12, unique=True, default=references.new, editable=False)
    key = models.CharField("idempotency key", max_length=64, unique=True, editable=False)
    link_id = models.CharField(max_length=32, unique=True, default=private_link.new_id, editable=False)
    name = models.CharField(max_length=200)
    email = MailAddressField(blank=True)
    phone = models.CharField(max_length=60, blank=True, help_text="As the visitor typed it.")
    phone_e164 = models.CharField("phone, normalised", max_length=20, blank=True)
    contact_by = models.CharField("contact by", max_length=6, choices=ContactBy, default=ContactBy.EITHER)
    # Free words: "not on Tuesdays, I have my infusion".
    best_time = EncryptedTextField("best time", blank=True)
    center = models.ForeignKey("content.Center", models.PROTECT, null=True, blank=True, related_name="requests")
    therapies = models.ManyToManyField("content.Therapy", blank=True, related_name="requests")
    message = EncryptedTextField(blank=True)
    # Which page somebody read before they asked can say what they suffer from: encrypted, as what they wrote themselves.
    source = EncryptedTextField(blank=True, help_text="The page and place that led here.")
    status = models.CharField(max_length=10, choices=Status, default=Status.NEW)
    closed_for = models.CharField("closed for", max_length=12, choices=ClosedFor, blank=True, editable=False)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="assigned_requests"
    )
    claim_until = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="Whoever has it loses it then, unless they try to reach the visitor.",
    )
    next_step = models.CharField(max_length=12, choices=NextStep, blank=True, default=NextStep.ANSWER)
    next_at = models.DateTimeField(null=True, blank=True, help_text="When the next step is due.")
    received_at = models.DateTimeField()
    respond_by = models.DateTimeField(help_text="When the promised answer is due.")
    clock_from = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="Since when the promised time counts, or from when it goes on; empty: since it was received.",
    )
    clock_left = models.DurationField(
        null=True, blank=True, editable=False, help_text="How much business time was left then; empty: all of it."
    )
    first_contact_at = models.DateTimeField(null=True, blank=True)
    answer_took = models.DurationField(
        null=True, blank=True, editable=False, help_text="Business time until then, as it was measured soon after."
    )
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="requests")
    body_digest = models.CharField(max_length=64, blank=True, editable=False, help_text="Keyed, of what the form held.")
    attribution = EncryptedMappingField(default=dict, blank=True, editable=False)
    language = EncryptedTextField(blank=True, help_text="The visitor's language, as the browser names it.")
    # By these the desk filters what is encrypted: see links/coarse.py.
    language_digest = models.CharField(max_length=16, blank=True, editable=False)
    source_digest = models.CharField(max_length=16, blank=True, editable=False)
    spam_score = models.PositiveSmallIntegerField(default=0)
    spam_reasons = models.CharField(max_length=300, blank=True)
    email_confirmed_at = models.DateTimeField(null=True, blank=True, help_text="By a button in a mail to it.")
    phone_confirmed_at = models.DateTimeField(null=True, blank=True, help_text="By staff who spoke with the visitor.")
    pending_email = models.EmailField("new email", blank=True, help_text="Takes the place of the other once confirmed.")
    contact_version = models.PositiveIntegerField(default=0, editable=False, help_text="Links in mails name it.")
    former_link_id = models.CharField(max_length=32, blank=True, db_index=True, editable=False)
    erasure_asked_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    legal_hold = models.BooleanField(default=False, help_text="Kept past its time because the law asks for it.")
    # By this the desk finds them among a million. A trigger sets it (migration 0008), and nothing takes it back.
    visits_elsewhere = models.BooleanField(
        default=False,
        db_default=False,
        editable=False,
        help_text="An appointment is, or was, at a center that the request does not name.",
    )
    shown = models.ManyToManyField(ShownText, blank=True, related_name="requests", editable=False)

    objects = RequestQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at", "-id"]
        verbose_name = "consultation request"
        permissions = [
            ("erase_consultationrequest", "Can erase consultation request"),
            ("export_consultationrequest", "Can export consultation requests"),
            ("hold_consultationrequest", "Can put consultation requests on legal hold"),
        ]
        indexes = [
            # Center and `visits_elsewhere` tell whose a request is: what is counted is counted in the index alone.
            models.Index(fields=["-received_at", "-id", *WHOSE], name="consultations_request_newest"),
            models.Index(fields=["center", "-received_at", "-id"], name="consultations_request_center"),
            models.Index(fields=["center", "status", "-received_at", "-id"], name="consultations_request_statuses"),
            models.Index(
                fields=["center", "id"], condition=Q(visits_elsewhere=True), name="consultations_request_guest"
            ),
            models.Index(fields=["status", "respond_by"], name="consultations_request_due"),
            models.Index(fields=["assignee", "status"], name="consultations_request_mine"),
            # The desk asks about open requests only, which are few: these stay small however many were ever received.
            models.Index(
                fields=["respond_by", "id", *WHOSE],
                condition=Q(status__in=sorted(WAITING), first_contact_at=None, erased_at=None),
                name="consultations_request_answer",
            ),
            models.Index(
                fields=["next_at", "id", "status", "next_step", "assignee", *WHOSE],
                condition=Q(status__in=sorted(LIVE), erased_at=None),
                name="consultations_request_next",
            ),
            models.Index(
                fields=["assignee", "next_at", *WHOSE],
                condition=Q(status__in=sorted(LIVE), erased_at=None),
                name="consultations_request_held",
            ),
            models.Index(
                fields=["-received_at", "-id", *WHOSE],
                condition=Q(status=Status.SPAM, erased_at=None),
                name="consultations_request_spam",
            ),
            models.Index(
                fields=["claim_until"], condition=Q(claim_until__isnull=False), name="consultations_request_claimed"
            ),
            models.Index(
                fields=["received_at"],
                condition=Q(first_contact_at__isnull=False, answer_took=None),
                name="consultations_request_measure",
            ),
            models.Index(
                fields=["language_digest", "-received_at", "-id", *WHOSE],
                condition=Q(erased_at=None),
                name="consultations_request_language",
            ),
            models.Index(
                fields=["source_digest", "-received_at", "-id", *WHOSE],
                condition=Q(erased_at=None),
                name="consultations_request_source",
            ),
            # For the numbers: how soon people were answered, and why requests were closed.
            models.Index(
                fields=["-received_at", "-id", "first_contact_at", *WHOSE],
                condition=Q(first_contact_at__isnull=False),
                name="consultations_request_answered",
            ),
            models.Index(
                fields=["received_at", "closed_for", *WHOSE],
                condition=~Q(closed_for=""),
                name="consultations_request_closed",
            ),
            # By these, likely duplicates are looked for.
            models.Index(fields=["phone_e164"], name="consultations_request_phone"),
            models.Index(Lower("email"), name="consultations_request_email"),
            models.Index(Lower("name"), name="consultations_request_name"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(email="") | ~Q(phone="") | Q(erased_at__isnull=False),
                name="consultations_request_can_be_answered",
                violation_error_message="Give an email address or a phone number.",
            ),
            models.CheckConstraint(
                condition=Q(email_confirmed_at=None) | ~Q(email=""),
                name="consultations_request_confirmed_email_is_there",
            ),
            models.CheckConstraint(
                condition=Q(phone_confirmed_at=None) | ~Q(phone=""),
                name="consultations_request_confirmed_phone_is_there",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=sorted(LIVE))
                | Q(erased_at__isnull=False)
                | ~Q(next_step="") & Q(next_at__isnull=False),
                name="consultations_request_live_has_next_step",
            ),
            models.CheckConstraint(
                condition=Q(next_step__in=["", *NextStep.values]), name="consultations_request_next_step_known"
            ),
            models.CheckConstraint(
                condition=Q(closed_for="") | Q(status=Status.LOST, closed_for__in=ClosedFor.values),
                name="consultations_request_closed_for_known",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="consultations_request_has_name"),
            models.CheckConstraint(condition=~Q(key=""), name="consultations_request_has_key"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="consultations_request_status_known"),
            models.CheckConstraint(
                condition=Q(contact_by__in=ContactBy.values), name="consultations_request_contact_by_known"
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_private_url(self) -> str:
        """The path of the visitor's own page; whoever has it can read and change the request."""
        return reverse("consultations:private", args=[private_link.token_for(self.link_id)])

    @property
    def is_confirmed(self) -> bool:
        """Whether the visitor has confirmed the address, or staff the number."""
        return self.email_confirmed_at is not None or self.phone_confirmed_at is not None

    @property
    def visitor_status(self) -> str:
        """The status in words for the visitor."""
        return STATUS_WORDS[shown_status(self.status)]
