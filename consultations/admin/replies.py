"""Writing to a visitor from the desk: canned replies, a preview as the visitor will see it, and the button that sends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Field
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from consultations.admin.addresses import addresses
from consultations.admin.forms import STALE
from consultations.admin.places import ForEveryCenter
from consultations.exceptions import NotAllowed
from consultations.mail import replies
from consultations.models import CannedReply, ConsultationRequest
from consultations.models.reply import BODY_LENGTH, SUBJECT_LENGTH
from consultations.statuses import LIVE
from content import form_fields
from content.admin.actor import actor
from content.numerals import number_in

PRIVATE = "/… their private link …"


class ReplyForm(forms.Form):
    """A mail, and how many the page showed."""

    subject = form_fields.LineField(
        max_length=SUBJECT_LENGTH,
        widget=forms.TextInput(attrs={"size": 40}),
        error_messages={"required": "Give the mail a subject."},
    )
    body = form_fields.WordsField(
        max_length=BODY_LENGTH,
        label="Text",
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": "Write a text."},
    )
    seen = forms.IntegerField(
        min_value=0,
        max_value=100_000,
        widget=forms.HiddenInput,
        error_messages={"invalid": STALE, "required": STALE},
    )


class CannedReplyForm(forms.ModelForm[CannedReply]):
    """A canned reply whose variables are known and whose claims may be made."""

    class Meta:
        model = CannedReply
        fields = ("name", "subject", "body", "active")

    def clean(self) -> dict[str, Any]:
        """Refuse what could not be sent."""
        data = super().clean() or {}
        if not self.errors:
            try:
                replies.refuse_unfit(data["subject"], data["body"])
            except NotAllowed as refusal:
                self.add_error("body", str(refusal))
        return data


@admin.register(CannedReply)
class CannedReplyAdmin(ForEveryCenter, admin.ModelAdmin[CannedReply]):
    """Replies that the desk begins with."""

    form = CannedReplyForm
    list_display = ["name", "subject", "active"]
    list_filter = ["active"]
    search_fields = ["name", "subject"]

    def formfield_for_dbfield(self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        """Say beside the text what can be filled in."""
        if db_field.name == "body":
            named = ", ".join(f"{{{{ {name} }}}}" for name in replies.VARIABLES)
            kwargs["help_text"] = f"Filled in: {named}."
        return super().formfield_for_dbfield(db_field, request, **kwargs)


def block(consultation: ConsultationRequest, request: HttpRequest, *, by: User, may_work: bool) -> dict[str, Any]:
    """Return what the request's page needs for writing: nothing where nobody can write to the visitor."""
    if not may_work or not consultation.email or consultation.status not in LIVE:
        return {}
    chosen = _chosen(request)
    begun: dict[str, Any] = {"seen": replies.count(consultation)}
    if chosen is not None:
        begun |= {
            name: replies.fill(getattr(chosen, name), request=consultation, by=by) for name in ("subject", "body")
        }
    typed = {name: request.POST[name] for name in ("subject", "body") if name in request.POST}
    return {
        "reply_form": ReplyForm(auto_id="reply_%s", initial=begun | typed),
        "canned": CannedReply.objects.filter(active=True).only("name"),
        "canned_chosen": chosen.pk if chosen else None,
        "reply_open": bool(chosen or typed),
    }


def _chosen(request: HttpRequest) -> CannedReply | None:
    pk = number_in(request.GET.get("canned", ""))
    return None if pk is None else CannedReply.objects.filter(active=True, pk=pk).first()


class ReplyButtons(admin.ModelAdmin[ConsultationRequest]):
    """Adds `…/reply/` to the requests' own addresses."""

    _act: Callable[..., HttpResponse]
    _answer: Callable[..., HttpResponse]

    def get_urls(self) -> list[Any]:
        """Add it."""
        return [*addresses(self, {"reply": self.reply_view}), *super().get_urls()]

    def reply_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show the mail as the visitor will get it, or send it."""
        if request.method == "POST" and request.POST.get("press") == "preview":
            return self._preview(request, object_id)
        return self._act(request, object_id, ReplyForm, _send, "The mail is on its way.")

    def _preview(self, request: HttpRequest, object_id: str) -> HttpResponse:
        def answer(consultation: ConsultationRequest, data: dict[str, Any]) -> HttpResponse:
            subject, by = data["subject"], actor(request)
            mail = replies.preview(consultation, subject=subject, body=data["body"], by=by, now=timezone.now())
            context = {
                **self.admin_site.each_context(request),
                "title": f"Mail to {consultation.name}",
                "opts": self.opts,
                "consultation": consultation,
                "mail": mail,
                "subject_left_out": replies.fill(subject, request=consultation, by=by) not in mail.subject,
                # Whoever has the link can act as the visitor.
                "body": mail.body.replace(consultation.get_private_url(), PRIVATE),
                "form": ReplyForm(request.POST),
            }
            return TemplateResponse(request, "admin/consultations/consultationrequest/reply.html", context)

        return self._answer(request, object_id, ReplyForm, answer)


def _send(request: ConsultationRequest, data: dict[str, Any], by: User, now: dt.datetime) -> None:
    replies.send(request, subject=data["subject"], body=data["body"], seen=data["seen"], by=by, now=now)
