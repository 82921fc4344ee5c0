"""POSTs of the private page: each checks its form, calls one verb and answers 303 back."""

from __future__ import annotations

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from consultations.evidence import consents
from consultations.exceptions import ConsultationError, Erased
from consultations.forms.private import CodeForm, ContactForm, EraseForm, NoteForm, WithdrawForm
from consultations.intake import receiving
from consultations.limits import counting, table
from consultations.models import ConsultationRequest
from consultations.privacy import codes, selfservice
from consultations.views import origin
from consultations.views.outage import View
from consultations.views.private import back_to_page, find, private, show

FROM_ELSEWHERE = "This was sent from another website, so nothing was changed. Open your own page by the link we sent you and send it from there."


def private_post(view: View) -> View:
    """Make `view(request, consultation)` out of a POST to an action of the private page.

    GET and HEAD, as after a reload by address, lead to the page and change nothing. See private.py for why there is no
    CSRF token.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, token: str) -> HttpResponse:
        consultation = find(token)
        if request.method != "POST":
            return HttpResponseRedirect(consultation.get_private_url())
        if is_from_elsewhere(request):
            raise PermissionDenied(FROM_ELSEWHERE)
        counting.hit(table.PRIVATE_POSTS, request=consultation.pk, address=origin.address(request), now=timezone.now())
        return view(request, consultation)

    guarded = require_http_methods(["GET", "HEAD", "POST"])(private(wrapped))
    return csrf_exempt(sensitive_post_parameters()(sensitive_variables()(guarded)))


def is_from_elsewhere(request: HttpRequest) -> bool:
    """Return whether the browser says that another website sent this.

    Our own pages are `no-referrer`, so their forms come with `Origin: null`. Browsers name the site in Sec-Fetch-Site
    over HTTPS; one that is too old for it, or comes by plain HTTP, at least names a foreign origin.
    """
    if request.headers.get("Sec-Fetch-Site", "none") not in {"same-origin", "none"}:
        return True
    return request.headers.get("Origin", "null") not in {"null", *origin.own_origins(request)}


@private_post
def add_note(request: HttpRequest, consultation: ConsultationRequest) -> HttpResponse:
    """Add a note."""
    now = timezone.now()
    form = NoteForm(consultation, request.POST, texts=receiving.current_texts(now))
    if not form.is_valid():
        return show(request, consultation, note_form=form)
    try:
        new = selfservice.add_note(consultation, text=form.cleaned_data["text"], agreed=form.agreed, now=now)
    except Erased:
        raise
    except ConsultationError as refusal:
        form.add_error("text", str(refusal))
        return show(request, consultation, note_form=form)
    return back_to_page(consultation, "note" if new else "note-again")


@private_post
def correct_contact(request: HttpRequest, consultation: ConsultationRequest) -> HttpResponse:
    """Correct contact details."""
    form = ContactForm(consultation, request.POST)
    if not form.is_valid():
        return show(request, consultation, contact_form=form)
    try:
        codes.refuse_by_phone(consultation, form.correction())
        if codes.needed(consultation, form.correction()):
            codes.start(consultation, wanted=form.correction(), now=timezone.now())
            return back_to_page(consultation, "code")
        changed = selfservice.correct_contact(consultation, form.correction(), now=timezone.now())
    except Erased:
        raise
    except ConsultationError as refusal:
        form.add_error("email", str(refusal))
        return show(request, consultation, contact_form=form)
    return back_to_page(consultation, "contact" if changed else "contact-same")


@private_post
def withdraw_consent(request: HttpRequest, consultation: ConsultationRequest) -> HttpResponse:
    """Take a consent back."""
    form = WithdrawForm(consultation, request.POST)
    if not form.is_valid():
        return show(request, consultation, withdraw_form=form)
    withdrawn = consents.withdraw(form.cleaned_data["consent"], now=timezone.now())
    return back_to_page(consultation, "consent" if withdrawn else "consent-again")


@private_post
def ask_for_erasure(request: HttpRequest, consultation: ConsultationRequest) -> HttpResponse:
    """Ask to be erased."""
    form = EraseForm(consultation, request.POST)
    if not form.is_valid():
        return show(request, consultation, erase_form=form)
    try:
        codes.refuse_by_phone(consultation)
        if codes.needed(consultation) and not consultation.erasure_asked_at:
            codes.start(consultation, now=timezone.now())
            return back_to_page(consultation, "code")
        asked = selfservice.ask_for_erasure(consultation, now=timezone.now())
    except Erased:
        raise
    except ConsultationError as refusal:
        form.add_error("sure", str(refusal))
        return show(request, consultation, erase_form=form)
    return back_to_page(consultation, "erasure" if asked else "erasure-again")


@private_post
def type_code(request: HttpRequest, consultation: ConsultationRequest) -> HttpResponse:
    """Carry out what a code was mailed for."""
    form = CodeForm(consultation, request.POST)
    try:
        done = codes.carry_out(consultation, typed=form.data.get("code", "")[:20], now=timezone.now())
    except Erased:
        raise
    except ConsultationError as refusal:
        form.full_clean()
        form.add_error("code", str(refusal))
        return show(request, consultation, code_form=form)
    return back_to_page(consultation, done)
