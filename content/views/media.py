"""Files of uploaded pictures, at addresses that never say anything else."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from content.choices import PictureKind
from content.models import ImageFile
from content.views.base import read_only

# What an address names never changes, so nobody has to ask again (RFC 8246).
FOR_GOOD = "public, max-age=31536000, immutable"


@read_only
def media(request: HttpRequest, digest: str, width: str, kind: str) -> HttpResponse:
    """Send a file; an address that names none is a plain 404."""
    if kind not in PictureKind.values:
        raise Http404("There is no such picture.")
    found = ImageFile.objects.filter(image__digest=digest, width=int(width), kind=kind)
    content = found.values_list("content", flat=True).first()
    if content is None:
        raise Http404("There is no such picture.")
    response = HttpResponse(bytes(content), content_type=PictureKind(kind).media_type)
    response.headers["Cache-Control"] = FOR_GOOD
    response.headers["ETag"] = f'"{digest}-{width}-{kind}"'
    # Nothing in it could run, and opened by itself it may load nothing either.
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Content-Disposition"] = "inline"
    return response
