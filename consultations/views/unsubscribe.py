"""The one click with which a mail program unsubscribes a visitor (RFC 8058)."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from consultations import consents, links
from consultations.models import ConsultationRequest
from consultations.views.private import private


# A mail program has neither cookie nor form: whoever has the address may unsubscribe, and can do nothing else here.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@private
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """POST takes the newsletter consent back; GET changes nothing and leads to the private page."""
    link_id = links.link_id_from(token)
    found = ConsultationRequest.objects.defer("message").filter(link_id=link_id or "", erased_at=None).first()
    if found is None or link_id is None:
        raise Http404("This link does not open a request. Please use the newest link we sent you, or call us.")
    if request.method != "POST":
        return HttpResponseRedirect(found.get_private_url())
    consents.unsubscribe(found, now=timezone.now())
    return HttpResponse("You are unsubscribed.\n", content_type="text/plain; charset=utf-8")
