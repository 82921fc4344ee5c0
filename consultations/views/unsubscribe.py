"""One-click unsubscribe from mail programs (RFC 8058)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from consultations.evidence import consents
from consultations.exceptions import OverTheLimit
from consultations.limits import counting, table
from consultations.views import origin
from consultations.views.private import find, private


# A mail program has neither cookie nor form: whoever has the address may unsubscribe, and can do nothing else here.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@private
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """POST takes the newsletter consent back; GET changes nothing and leads to the private page."""
    found = find(token)
    if request.method != "POST":
        return HttpResponseRedirect(found.get_private_url())
    try:
        counting.hit(table.UNSUBSCRIBES, request=found.pk, address=origin.address(request), now=timezone.now())
    except OverTheLimit as refusal:
        headers = {"Retry-After": str(refusal.seconds)}
        return HttpResponse(f"{refusal}\n", content_type="text/plain; charset=utf-8", status=429, headers=headers)
    consents.unsubscribe(found, now=timezone.now())
    return HttpResponse("You are unsubscribed.\n", content_type="text/plain; charset=utf-8")
