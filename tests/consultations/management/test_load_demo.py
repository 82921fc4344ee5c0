"""The demo's staff: who can approve an article at the desk, and under which name."""

from __future__ import annotations

import tomllib

from django.conf import settings
from django.contrib.auth.models import User

from consultations.management.commands.load_demo import BYLINES, give_byline
from content.models import Contributor
from tests.factories import make_contributor


def test_demo_staff_have_bylines_of_the_sample_site() -> None:
    told = tomllib.loads((settings.BASE_DIR / "content/library/contributors.toml").read_text(encoding="utf-8"))

    assert set(BYLINES.values()) - {person["slug"] for person in told["contributor"]} == set()


def test_demo_reviewer_gets_the_byline_that_nobody_else_has(db: None) -> None:
    reviewer, editor, somebody = (User.objects.create_user(name) for name in ("reviewer", "editor", "somebody"))
    person = make_contributor(slug=BYLINES["reviewer"])
    taken = make_contributor(slug=BYLINES["editor"], account=somebody)

    for user in (reviewer, editor, reviewer):
        give_byline(user)

    assert list(Contributor.objects.filter(account__isnull=False).order_by("pk").values_list("pk", "account")) == [
        (person.pk, reviewer.pk),
        (taken.pk, somebody.pk),
    ]
