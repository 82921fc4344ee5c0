"""The way to the request that is due next."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from consultations.admin.addresses import list_of_requests, page_of
from consultations.models import ConsultationRequest
from consultations.requests import inbox
from content.numerals import number_in


@require_safe
def next_due(request: HttpRequest) -> HttpResponse:
    """Lead to the request whose next step is due first, after the one named by `after`; to the list where nothing is due.

    It changes nothing: whoever comes there claims it or not.
    """
    if not request.user.has_perm("consultations.view_consultationrequest"):
        raise PermissionDenied
    pk, after = number_in(request.GET.get("after", "")), None
    if pk is not None:
        after = ConsultationRequest.objects.visible_to(request.user).only("next_at").filter(pk=pk).first()
    found = inbox.next_due(inbox.moment(request.user, timezone.now()), after=after)
    if found is None:
        messages.info(request, "Nothing more is due today.")
        return HttpResponseRedirect(list_of_requests())
    return HttpResponseRedirect(page_of(found.pk))
