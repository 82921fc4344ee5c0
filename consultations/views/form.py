"""The request form's view: shows it, checks it, hands it to intake, answers 303 to the private page."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
import secrets
from collections.abc import Callable, Mapping
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from consultations.exceptions import AlreadySent, OverTheLimit
from consultations.forms import known
from consultations.forms.request import MESSAGE_LENGTH, RequestForm
from consultations.intake import receiving, typed
from consultations.limits import counting, table
from consultations.models import ConsentText
from consultations.requests import promise
from consultations.statuses import ConsentPurpose
from consultations.views import origin
from consultations.views.outage import View, keeps_answers, remember_phone
from content import deciding, notices
from content.found.page import Page
from content.models import AnswerTimes, Center, Therapy
from content.site import SiteFacts, facts, kept, note, note_anew

# What the page for a database that is away repeats of the answers.
TYPED = ("name", "email", "phone", "best_time", "message")
# What pages of ours put into links to the form.
LINKED = frozenset({"center", "therapy", "source"})
# They stand in the kept form for what is each visitor's own; no text of a page can hold them, as each process makes up its own.
TOKEN, KEY, SOURCE = OWN = [secrets.token_hex(16) for _ in range(3)]
PLACES_OF_OWN = re.compile(f"({'|'.join(OWN)})")


def guarded(view: Callable[[HttpRequest], HttpResponse]) -> View:
    """Let nothing that was typed reach an error report or a cache, and give it back where the database is away."""

    @wraps(view)
    def unkept(request: HttpRequest) -> HttpResponse:
        response = view(request)
        response.headers["Cache-Control"] = "no-store"
        return response

    kept = keeps_answers("consultations/unavailable.html", TYPED)(unkept)
    return sensitive_post_parameters()(sensitive_variables()(kept))


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@guarded
def request_form(request: HttpRequest) -> HttpResponse:
    """Show the form, or receive it: 303 to the private page, or the form again with what is wrong.

    Exempt from Django's own check, which shuts out whoever keeps no cookie; origin.py makes sure that a form is ours.
    """
    if request.method != "POST":
        return _empty(request, timezone.now())
    if not origin.is_ours(request):
        # Whoever made that form may have filled it in for the visitor: nothing of it is shown.
        return _blank(request, HTTPStatus.FORBIDDEN, foreign=True)
    try:
        return _receive(request, timezone.now())
    except IntegrityError:
        # A center or therapy was deleted since this process asked last what has changed; nothing of the request is written.
        note_anew(request, timezone.now())
        return _receive(request, timezone.now())


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@guarded
def form_with_answers(request: HttpRequest) -> HttpResponse:
    """Show the empty form with the answers that a visitor posted from the decision aid as its message; nothing is kept.

    They come in the body of a post, so no address and no log holds them. The message is put together from the site's own
    words. Without answers from a page of ours it is the form as it always is.
    """
    if request.method != "POST":
        return HttpResponseRedirect(reverse("consultations:request"))
    if not origin.is_ours(request):
        return _blank(request, HTTPStatus.FORBIDDEN, foreign=True)
    words = deciding.in_words(deciding.read(request.POST.dict()))
    return _blank(request, HTTPStatus.OK, message=words[:MESSAGE_LENGTH], carried=bool(words))


def _receive(request: HttpRequest, now: dt.datetime) -> HttpResponse:
    note(request, now)
    address, browser = origin.address(request), receiving.browser_digest(request.META.get("CSRF_COOKIE", ""))
    clinic = facts(request).clinic
    language = typed.first_language(request.headers.get("Accept-Language", ""))
    choices = kept(request, "request form: known", lambda: known.read(_all_texts(request)))
    form = RequestForm(request.POST, now=now, language=language, browser=browser, known=choices)
    try:
        if form.refused_key() or not form.is_valid():
            counting.hit(table.FORM_POSTS, address=address, now=now)
            return _show(request, form, HTTPStatus.UNPROCESSABLE_ENTITY, expired=form.refused_key())
        received, _ = receiving.receive(
            _submission(request, form),
            key=form.identity(),
            now=now,
            address=address,
            signals=form.signals(),
            browser=browser,
            asked=form.has_asked(),
            clinic=clinic if clinic.pk else None,
        )
    except AlreadySent as refusal:
        form.ask_again()
        return _show(request, form, HTTPStatus.CONFLICT, changed=refusal)
    except OverTheLimit as refusal:
        status = HTTPStatus.SERVICE_UNAVAILABLE if refusal.everybody else HTTPStatus.TOO_MANY_REQUESTS
        response = _show(request, form, status, too_many=refusal)
        response.headers["Retry-After"] = str(refusal.seconds)
        return response
    return HttpResponseRedirect(received.get_private_url(), status=HTTPStatus.SEE_OTHER)


def _submission(request: HttpRequest, form: RequestForm) -> receiving.Submission:
    """Return what was typed, with the words, the notices and the promise that are shown now."""
    center: Center | None = form.cleaned_data["center"]
    now, version = form.now, facts(request).version
    # The form may have read what it offers, and the center, before they are asked for their words.
    words = ("form text", _texts(form.texts), version)
    submission = form.submission(
        kept(request, words, form.words),
        kept(request, ("notices of", center and notices.Place.of(center)), lambda: notices.for_center(center, now)),
    )
    clinic = facts(request).clinic
    promise_of = ("promise", center and center.pk, now.date(), version)
    promised = kept(request, promise_of, lambda: promise.of(center, now, clinic))
    return dataclasses.replace(submission, promised=promised if clinic.pk else None)


def _all_texts(request: HttpRequest) -> list[ConsentText]:
    return kept(request, "consent texts", receiving.all_texts)


def _texts(texts: Mapping[ConsentPurpose, ConsentText]) -> tuple[tuple[int, str], ...]:
    """Return what tells consent texts apart: a form that was shown earlier has those of then."""
    return tuple((text.pk, text.text) for text in texts.values())


def _empty(request: HttpRequest, now: dt.datetime) -> HttpResponse:
    """Return the empty form: drawn once for all who come by such a link, with this visitor's own values put in."""
    note(request, now)
    asked = typed.tidied(request.GET)
    center, therapies = asked.get("center", ""), tuple(asked.getlist("therapy"))
    if not (set(asked) <= LINKED and len(therapies) <= 1 and {center, *therapies} <= _choices(request)):
        return _blank(request, HTTPStatus.OK)
    key = receiving.new_key(now, _shown_to(request))
    own = {TOKEN: get_token(request), KEY: key, SOURCE: escape(asked.get("source", ""))}

    def draw() -> list[str]:
        initial = {"key": KEY, "center": center, "therapies": therapies, "source": SOURCE}
        form = RequestForm(initial=initial, now=now)
        page = _show(request, form, HTTPStatus.OK, delay=delay, csrf_token=TOKEN)
        return PLACES_OF_OWN.split(page.content.decode())

    clinic = facts(request).clinic
    remember_phone(clinic.phone)
    # What changes by the clock while parts are kept: the words beside the boxes, and which closed days are named.
    texts = receiving.current_texts(now, _all_texts(request))
    closed = kept(request, "closures", lambda: promise.closures_at(None, now.date() - dt.timedelta(days=1)))
    delay = promise.delay(clinic, None, now, closed)
    pieces = kept(request, ("request form", center, therapies, _texts(texts), delay), draw)
    return HttpResponse("".join(own.get(piece, piece) for piece in pieces))


def _choices(request: HttpRequest) -> frozenset[str]:
    """Return the slugs of centers and therapies that a link may choose, and "" for none."""

    def read() -> frozenset[str]:
        slugs = [model.objects.values_list("slug", flat=True) for model in (Center, Therapy)]
        return frozenset(["", *slugs[0], *slugs[1]])

    return kept(request, "request form: choices", read)


def _blank(request: HttpRequest, status: HTTPStatus, *, message: str = "", **why: Any) -> HttpResponse:
    form = RequestForm.blank(request.GET, now=timezone.now(), browser=_shown_to(request))
    form.initial["message"] = message
    return _show(request, form, status, **why)


def _shown_to(request: HttpRequest) -> str:
    """Return the digest of the browser that an answer goes to; one without the form's cookie is given it."""
    get_token(request)
    return receiving.browser_digest(request.META.get("CSRF_COOKIE", ""))


def _show(
    request: HttpRequest, form: RequestForm, status: HTTPStatus, *, delay: str | None = None, **why: Any
) -> HttpResponse:
    page = Page(
        f"{'Error: ' if form.is_bound or 'foreign' in why else ''}Ask for a free consultation",
        "Leave a request in two minutes. You choose how we reach you, and you can change or withdraw it at any time.",
        "/consultation/",
        crumbs=[("Home", "/")],
    )
    if form.is_bound:
        form.show_to(_shown_to(request))
    site, now, center = facts(request), timezone.now(), form.chosen_center()
    remember_phone(site.clinic.phone)
    context = {
        "form": form,
        "page": page,
        "delay": promise.delay(site.clinic, None, now) if delay is None else delay,
        "answered": AnswerTimes.objects.said(center, promised=site.clinic.response_hours, today=now.date()),
        **_notices(center, site, now),
        **why,
    }
    return render(request, "consultations/request.html", context, status=status)


def _notices(center: Center | None, site: SiteFacts, now: dt.datetime) -> dict[str, Any]:
    """Return the notices of the place that is chosen so far, and those of all others: the choice is made on this page."""
    everything, therapies = notices.all_near(now), list(Therapy.objects.all())
    place = notices.Place.of(center) if center else notices.Place.unknown(site.clinic.time_zone)
    here = notices.shown_at(place, now, everything, therapies)
    anywhere = notices.shown_anywhere(site.places, now, everything, therapies)
    return {
        "chosen": center,
        "notices": here,
        "notices_elsewhere": [notice for notice in anywhere if notice not in here],
    }
