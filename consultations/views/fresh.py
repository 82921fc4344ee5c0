"""A new link by mail, to the address on file: the private page's own, or the one that confirms an address."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from consultations.models import ConsultationRequest
from consultations.privacy import fresh_link, selfservice
from consultations.views.private import back_to_page, private
from consultations.views.private_posts import FROM_ELSEWHERE, is_from_elsewhere, private_post
from consultations.visitor_words import FRESH


@csrf_exempt
@require_POST
@private
def send_fresh_link(request: HttpRequest, token: str) -> HttpResponse:
    """Mail the newest link; the answer is the same whether there is such a request or not."""
    if is_from_elsewhere(request):
        raise PermissionDenied(FROM_ELSEWHERE)
    fresh_link.send(token, now=timezone.now())
    return render(request, "consultations/no_link.html", {"reason": FRESH, "sent": True})


@private_post
def ask_to_confirm(request: HttpRequest, consultation: ConsultationRequest) -> HttpResponse:
    """Mail the button that confirms the address once more."""
    selfservice.ask_to_confirm(consultation, now=timezone.now())
    return back_to_page(consultation, "asked")
