"""Staff button that sends a failed mail again."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib.auth.models import User

from consultations.admin.forms import STALE
from consultations.exceptions import NotAllowed
from consultations.mail.messages import resend
from consultations.models import ConsultationRequest


class ResendForm(forms.Form):
    """Which of the request's mails."""

    mail = forms.IntegerField(error_messages={"invalid": STALE, "required": STALE})


def resend_mail(request: ConsultationRequest, data: dict[str, Any], by: User, now: dt.datetime) -> None:
    """Send it again, if it is one of this request's.

    Raises:
        NotAllowed: it is another request's.
        ChangedMeanwhile: it needs no second try.
    """
    mail = request.messages.filter(pk=data["mail"]).first()
    if mail is None:
        raise NotAllowed(STALE)
    resend(mail, by=by, now=now)
