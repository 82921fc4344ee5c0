"""The request form: shown, checked, handed to intake."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from consultations import intake
from consultations.forms import RequestForm
from content.views.base import Page


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@sensitive_variables()
def request_form(request: HttpRequest) -> HttpResponse:
    """Show the form, or receive it: 303 to the private page, or the form again with what is wrong."""
    now = timezone.now()
    if request.method != "POST":
        form = RequestForm.blank(request.GET, now=now)
        return _show_form(request, form, HTTPStatus.OK)
    form = RequestForm(request.POST, now=now)
    if not form.is_valid():
        return _show_form(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    received, _ = intake.receive(form.submission(), key=form.identity(), now=now)
    response = HttpResponseRedirect(received.get_private_url(), status=HTTPStatus.SEE_OTHER)
    response.headers["Cache-Control"] = "no-store"
    return response


def _show_form(request: HttpRequest, form: RequestForm, status: HTTPStatus) -> HttpResponse:
    page = Page(
        f"{'Error: ' if form.is_bound else ''}Ask for a free consultation",
        "Leave a request in two minutes. You choose how we reach you, and you can change or withdraw it at any time.",
        "/consultation/",
        crumbs=[("Home", "/")],
    )
    response = render(request, "consultations/request.html", {"form": form, "page": page}, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response
