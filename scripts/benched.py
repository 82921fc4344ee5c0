"""What `make bench` serves: the site as it is, the same with an empty page cache, after an edit elsewhere or with nothing kept at all,
and views that do as little as can be done: answer its bytes, or write one row."""

from __future__ import annotations

import itertools
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from functools import cache as once
from pathlib import Path
from typing import Any

import brotli
from django import forms
from django.apps import apps
from django.core.cache import cache, caches
from django.core.handlers.wsgi import WSGIHandler
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.test import override_settings
from django.urls import path
from django.utils import timezone

from clinic.wsgi import application as site
from content.choices import RevisionState
from content.models import (
    Article,
    Center,
    Finding,
    Notice,
    Policy,
    Question,
    Reference,
    Revision,
    Term,
    Therapy,
    Topic,
)
from content.site import memory

BARE, ROW, PLAIN, COLD, STALE = "/bench/bare/", "/bench/row/", "/bench/plain/", "/bench/cold", "/bench/stale"
SLUG = "exosomes-vs-prp"
# Saves a row that the article's page shows nothing of.
EDIT = "/bench/edit/"

type Environ = dict[str, Any]


@once
def body() -> bytes:
    """Return the bytes that the article page was answered with."""
    return Path(os.environ["BENCH_BODY"]).read_bytes()


@once
def html() -> bytes:
    """Return the same before it was compressed."""
    return bytes(brotli.decompress(body()))


def bare(request: HttpRequest) -> HttpResponse:
    """Answer what the page answered, and do nothing for it."""
    return HttpResponse(body(), headers={"Content-Encoding": "br", "Content-Length": str(len(body()))})


def plain(request: HttpRequest) -> HttpResponse:
    """Answer the page's HTML, to be compressed on the way out; keep the page cache out of it."""
    return HttpResponse(html(), headers={"Cache-Control": "private"})


class Small(forms.Form):
    """Two fields."""

    name = forms.CharField(max_length=200)
    email = forms.EmailField()


def row(request: HttpRequest) -> HttpResponse:
    """Check a small form and write one row."""
    form = Small(request.POST)
    if not form.is_valid():
        return HttpResponse(status=422)
    kept = str(form.cleaned_data)
    sessions = apps.get_model("sessions", "Session").objects
    sessions.create(session_key=secrets.token_hex(16), session_data=kept, expire_date=timezone.now())
    return HttpResponseRedirect("/", status=303)


@once
def elsewhere() -> Iterator[Model]:
    """Return rows of the kinds that editors write, in turns: none is shown by the article, many are read for its page."""
    article = Revision.objects.get(article__slug=SLUG, state=RevisionState.APPROVED)
    tables = article.sections.exclude(comparison=None).values("comparison")
    shown = Therapy.objects.filter(comparisons__in=tables)
    cited = [*article.references.values_list("pk", flat=True), *shown.values_list("findings__reference", flat=True)]
    others = [
        Center.objects.all(),
        Question.objects.all(),
        Therapy.objects.exclude(pk__in=shown),
        Finding.objects.exclude(therapy__in=shown),
        Notice.objects.all(),
        Term.objects.all(),
        Reference.objects.exclude(pk__in=cited),
        Policy.objects.all(),
        Article.objects.exclude(slug=SLUG),
        Topic.objects.exclude(pk=article.topic.pk),
    ]
    return itertools.cycle([row for rows in others if (row := rows.order_by("pk").first())])


def edit(request: HttpRequest) -> HttpResponse:
    """Save a row elsewhere."""
    row = next(elsewhere())
    # As it is: that it might have changed is all that anybody knows.
    row.save()
    return HttpResponse(row._meta.label)  # noqa: SLF001  for whoever asks which


VIEWS = {BARE: bare, ROW: row, PLAIN: plain, EDIT: edit}
urlpatterns = [path(address.removeprefix("/"), view) for address, view in VIEWS.items()]


class Handler(WSGIHandler):
    """Django with the addresses above."""

    def get_response(self, request: HttpRequest) -> HttpResponseBase:
        """Answer by this module's addresses."""
        request.urlconf = __name__
        return super().get_response(request)


# No middleware, few addresses: as little as Django can do.
with override_settings(MIDDLEWARE=[]):
    bare_django = Handler()
plain_django = Handler()


def application(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer by what the path asks for."""
    if environ["PATH_INFO"] in {BARE, ROW, EDIT}:
        return bare_django(environ, start_response)
    if environ["PATH_INFO"] == PLAIN:
        return plain_django(environ, start_response)
    if environ["PATH_INFO"].startswith(COLD):
        environ["PATH_INFO"] = environ["PATH_INFO"].removeprefix(COLD)
        cache.clear()
    if environ["PATH_INFO"].startswith(STALE):
        environ["PATH_INFO"] = environ["PATH_INFO"].removeprefix(STALE)
        for each in caches.all():
            each.clear()
        memory.forget()
    return site(environ, start_response)
