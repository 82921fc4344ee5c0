"""`manage.py load_demo`: staff to log in as and invented requests, so that the desk is not empty. For demo runs only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, User
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.crypto import get_random_string

from consultations import groups
from consultations.demo import booking, replies, visitors
from consultations.models import PlaceRight
from consultations.statuses import PlaceScope
from content.models import Center, Contributor

# Who sees one center only; everybody else who works on requests sees everything.
OF_ONE_CENTER = {"triage2"}
# Whom readers know under the name that the sample site gives them; without it, nobody could approve an article.
BYLINES = {"editor": "ines-marlow", "reviewer": "dr-amara-lindqvist"}
PEOPLE = (
    ("admin", "Robin", "Ashdown", None),
    ("triage", "Jordan", "Hale", groups.TRIAGE),
    ("triage2", "Sam", "Whitlow", groups.TRIAGE),
    ("editor", "Ines", "Marlow", groups.EDITORS),
    ("reviewer", "Amara", "Lindqvist", groups.REVIEWERS),
    ("manager", "Alex", "Fenn", groups.MANAGERS),
)


class Command(BaseCommand):
    help = "Create demo staff, with one random password kept in a file only you can read, and invented requests."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file that keeps the demo staff's password."""
        parser.add_argument(
            "--password-file", type=Path, required=True, help="Made on the first run, read on later ones."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Create what is missing, then print how to log in."""
        if settings.HTTPS:
            raise CommandError(
                "This loads invented people and requests; it does not run on a site with an https SITE_URL."
            )
        password = self._password(options["password_file"])
        # One hash for all: making one is slow on purpose, and they share the password anyway.
        hashed = make_password(password)
        staff = [self._person(*person, password=password, hashed=hashed) for person in PEOPLE]
        now = timezone.now()
        self.stdout.write(f"Demo requests: {visitors.load(staff[1:3], now=now)} new")
        self.stdout.write(f"Demo consultants: {booking.load(now)} new")
        self.stdout.write(f"Demo replies: {replies.load()} new")
        names = ", ".join(person[0] for person in PEOPLE)
        self.stdout.write(f"Staff login: {settings.SITE_URL}/admin/  user: admin  password: {password}")
        self.stdout.write(f"The same password opens: {names} (triage2 sees one center only)")

    def _password(self, path: Path) -> str:
        if path.exists():
            return path.read_text(encoding="utf-8").strip()
        password = get_random_string(20)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(password + "\n", encoding="utf-8")
        return password

    def _person(self, username: str, first: str, last: str, group: str | None, *, password: str, hashed: str) -> User:
        user, created = User.objects.get_or_create(
            username=username,
            defaults={
                "first_name": first,
                "last_name": last,
                # Colleagues are told by mail who has a request; these addresses lead nowhere.
                "email": f"{username}@example.com",
                "is_staff": True,
                "is_superuser": group is None,
                "password": hashed,
            },
        )
        if not (created or user.check_password(password)):
            user.password = hashed
            user.save()
        if group:
            user.groups.add(Group.objects.get(name=group))
        if group in {groups.TRIAGE, groups.MANAGERS}:
            self._place(user)
        give_byline(user)
        return user

    def _place(self, user: User) -> None:
        first = Center.objects.order_by("slug").first()
        if user.username in OF_ONE_CENTER and first is not None:
            PlaceRight.objects.get_or_create(user=user, scope=PlaceScope.CENTER, center=first)
        else:
            for scope in (PlaceScope.ALL, PlaceScope.POOL):
                PlaceRight.objects.get_or_create(user=user, scope=scope, center=None)


def give_byline(user: User) -> None:
    """Let readers know one of the demo's staff by the sample site's name, unless somebody else has it."""
    byline = Contributor.objects.filter(slug=BYLINES.get(user.username, ""), account=None).first()
    if byline is not None:
        byline.account = user
        byline.save()
