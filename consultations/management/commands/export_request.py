"""`manage.py export_request R-7K2M-9QXD`: everything held about a request, for the person who asks for it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.serializers.json import DjangoJSONEncoder

from consultations.models import ConsultationRequest, references
from consultations.privacy import exporting


class Command(BaseCommand):
    help = (
        "Print everything the site holds about a request as JSON, its words in the clear. Handle the output with care."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Which request, and where to."""
        parser.add_argument(
            "reference", help="The request's reference, such as R-7K2M-9QXD, as people write or say it."
        )
        parser.add_argument("--output", type=Path, help="A new file, readable by you alone, in place of the terminal.")

    def handle(self, *args: Any, reference: str, output: Path | None, **options: Any) -> None:
        """Write the export; an unknown reference or an existing file is refused."""
        found = ConsultationRequest.objects.filter(reference=references.normalise(reference)).first()
        if found is None:
            raise CommandError(f"There is no request {reference}. It may have been erased.")
        text = json.dumps(exporting.everything(found), cls=DjangoJSONEncoder, indent=2, ensure_ascii=False)
        if output is None:
            self.stdout.write(text)
            return
        try:
            output.touch(mode=0o600, exist_ok=False)
        except OSError as error:
            raise CommandError(f"{output} cannot be written: {error.strerror}.") from None
        output.write_text(text + "\n", encoding="utf-8")
        self.stdout.write(f"Written to {output}.")
