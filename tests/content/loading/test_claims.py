"""The claim check reads what a library writes; what a reviewer approved since is left alone."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from content.models import Therapy
from content.publishing import changes
from tests.change_factories import make_change
from tests.content.library_builder import TinyLibrary, load
from tests.factories import NOW, make_claim_rule, make_reviewer

pytestmark = pytest.mark.django_db


def test_a_block_stops_the_load_with_file_and_sentence(library: TinyLibrary) -> None:
    make_claim_rule(patterns="soreness", severity="block", reason="Nobody may say so.")

    with pytest.raises(CommandError) as refusal:
        call_command("load_library", str(library.folder), verbosity=0)

    assert "therapies/prp.toml:24: " in str(refusal.value)
    assert "Nobody may say so." in str(refusal.value)
    assert Therapy.objects.count() == 0


def test_a_row_of_which_a_change_was_approved_is_left_alone(library: TinyLibrary) -> None:
    load(library)
    change = make_change(Therapy.objects.get(slug="prp"), summary="Approved words.")
    changes.approve(change, seen=1, by=make_reviewer()[0], now=NOW)

    load(library)

    assert Therapy.objects.get(slug="prp").summary == "Approved words."
