"""`manage.py rotate_field_keys`: seal every encrypted text with the newest key."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from consultations.privacy import keys


class Command(BaseCommand):
    help = (
        "Seal every encrypted text with the first key in FIELD_KEYS, and make the digests of languages and pages anew with SECRET_KEY. Put the new key first, keep the old ones behind it, "
        "restart the site, run this, and only then take the old keys away. Safe while the site runs; a run that was "
        "stopped goes on where it was."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """How many texts at a time."""
        parser.add_argument(
            "--batch", type=int, default=keys.BATCH, help="Texts per transaction (default %(default)s)."
        )

    def handle(self, *args: Any, batch: int, **options: Any) -> None:
        """Rotate column by column with progress; exit 1 where a text opens with no key."""
        if batch < 1:
            raise CommandError("--batch must be 1 or more.")
        unreadable: list[str] = []
        for model, name in keys.columns():
            for tally in keys.rotate(model, name, batch=batch):
                self.stdout.write(f"{tally.column}: {tally.seen} of {tally.total} seen, {tally.rotated} sealed anew")
            unreadable += [f"{tally.column} of row {pk}" for pk in tally.unreadable]
        if unreadable:
            named = ", ".join(unreadable[:10]) + (" and others" if len(unreadable) > 10 else "")
            raise CommandError(
                f"{len(unreadable)} texts open with none of the keys in FIELD_KEYS: {named}. They were left as they are. "
                "Add the key they were sealed with behind the newest one and run this again."
            )
        self.stdout.write(f"Digests made anew: of {keys.renew_digests(batch=batch)} requests")
        self.stdout.write(
            "Every text is sealed with the newest key. The older keys in FIELD_KEYS are no longer needed."
        )
