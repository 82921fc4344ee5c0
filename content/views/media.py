"""Files of uploaded pictures, at addresses that never say anything else, and social cards of articles."""

from __future__ import annotations

import logging
from http import HTTPStatus

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from content.caching import FOR_NGINX
from content.choices import PictureKind
from content.found import cards
from content.media import keeping
from content.models import ClinicProfile, ImageFile, Revision
from content.views.base import read_only

logger = logging.getLogger(__name__)

# What an address names never changes, so nobody has to ask again (RFC 8246).
FOR_GOOD = "public, max-age=31536000, immutable"
# Our own proxy asks again after so many seconds, so that a picture that was deleted is gone there soon.
FOR_NGINX_SECONDS = "60"
# A card goes when its article is withdrawn.
FOR_A_DAY = "public, max-age=86400"
CARD_KEPT = 30 * 24 * 60 * 60


@read_only
def media(request: HttpRequest, digest: str, width: str, kind: str) -> HttpResponse:
    """Send a file; an address that names none is a plain 404, and 503 says that it is in a storage that does not give it now."""
    if kind not in PictureKind.values:
        raise Http404("There is no such picture.")
    found = ImageFile.objects.filter(image__digest=digest, width=int(width), kind=kind)
    file = found.first()
    if file is None:
        raise Http404("There is no such picture.")
    try:
        content = keeping.bytes_of(file)
    except keeping.Missing as error:
        logger.error("A picture cannot be sent: %s", error)
        later = {"Retry-After": "10", "Cache-Control": "no-store"}
        return HttpResponse(status=HTTPStatus.SERVICE_UNAVAILABLE, headers=later, content_type="text/plain")
    # It comes first: before nginx 1.23, a Cache-Control above it would win.
    first = {FOR_NGINX: FOR_NGINX_SECONDS}
    return _picture(content, PictureKind(kind), f"{digest}-{width}-{kind}", first | {"Cache-Control": FOR_GOOD})


@read_only
def card(request: HttpRequest, slug: str, digest: str) -> HttpResponse:
    """Send the card of the article's public revision, drawn when it is first asked for.

    An address of other words, those of an earlier or a later revision, leads to it. An article that is not public, and one
    whose card cannot be drawn, has none.
    """
    public = Revision.objects.public(timezone.now()).select_related("article")
    revision, clinic = public.filter(article__slug=slug).first(), ClinicProfile.objects.only("name").first()
    words = cards.words_of(revision, clinic.name) if revision and clinic else None
    if revision is None or words is None:
        raise Http404("There is no such picture.")
    address = cards.address(revision, words)
    if address != request.path:
        return HttpResponseRedirect(address, headers={"Cache-Control": "no-cache"})
    drawn = cache.get(f"card:{digest}")
    # What a server of its own gives out may be anything.
    if not isinstance(drawn, bytes):
        drawn = cards.draw(words)
        cache.set(f"card:{digest}", drawn, CARD_KEPT)
    return _picture(drawn, PictureKind.PNG, digest, {"Cache-Control": FOR_A_DAY})


def _picture(content: bytes, kind: PictureKind, tag: str, kept: dict[str, str]) -> HttpResponse:
    response = HttpResponse(content, content_type=kind.media_type, headers=kept)
    response.headers["ETag"] = f'"{tag}"'
    # Nothing in it could run, and opened by itself it may load nothing either.
    response.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    response.headers["Content-Disposition"] = "inline"
    return response
