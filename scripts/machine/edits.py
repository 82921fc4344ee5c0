"""Changes what readers see as the desk does, from a process of its own. Imported once the environment is that of the site."""

from __future__ import annotations

import io
import os
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")
django.setup()

from django.contrib.auth.models import User  # noqa: E402  the settings have to be read first
from django.utils import timezone  # noqa: E402
from PIL import Image as Picture  # noqa: E402

from content.media import reading, storing  # noqa: E402
from content.models import ClinicProfile, Revision  # noqa: E402
from content.publishing import steps  # noqa: E402

ARTICLE = "/articles/exosomes-vs-prp/"


def say(words: str) -> float:
    """Put words into the banner of every page; return when that was done, in Unix seconds."""
    clinic = ClinicProfile.objects.get()
    clinic.banner_text = words
    clinic.save()
    return time.time()


def upload() -> str:
    """Upload a picture; return where it is."""
    file = io.BytesIO()
    Picture.new("RGB", (900, 300), (200, 90, 60)).save(file, format="PNG")
    editor, _ = User.objects.get_or_create(username="editor-of-this-run", is_superuser=True)
    image, _ = storing.store(reading.read(file.getvalue()), title="A joint", by=editor, now=timezone.now())
    return image.everyones()


def withdraw(slug: str = ARTICLE.split("/")[2]) -> float:
    """Withdraw an article; return when that was done, in Unix seconds."""
    editor, _ = User.objects.get_or_create(username="editor-of-this-run", is_superuser=True)
    revision = Revision.objects.public(timezone.now()).get(article__slug=slug)
    now = timezone.now()
    steps.end(revision, seen=revision.version, at=now, by=editor, now=now)
    return time.time()
