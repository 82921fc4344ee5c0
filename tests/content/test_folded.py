"""Words without case and accents: one table, and the same answer in Python and in either database."""

from __future__ import annotations

import unicodedata
from importlib import import_module
from typing import Literal

import pytest
from django.db.models import CharField, Value
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content import folded as folding
from content import text as words
from content.folded import Folded, folded, on_postgresql
from content.models import Contributor

MIGRATION = import_module("consultations.migrations.0010_search_by_folded_parts")
NAMES = {
    "Łukasik": "lukasik",
    "Hallgrímsson": "hallgrimsson",
    "MÜLLER": "muller",
    "Öz": "oz",
    "IŞIK İnönü": "isik inonu",
    "Straße": "strasse",
    "STRAẞE": "strasse",
    "Søren Ærø": "soren aero",
    "Þór Sigurðsson": "thor sigurdsson",
    "Nguyễn Thị Hương": "nguyen thi huong",
    "Đặng": "dang",
    "Dvořák": "dvorak",
    "Ľudovít Štúr": "ludovit stur",
    "Őry Győző": "ory gyozo",
    "Ștefan Țepeș": "stefan tepes",
    "Şahin Çağlar": "sahin caglar",
    "Əliyev": "aliyev",
    "Œuvré": "oeuvre",
    "Ŀluís": "lluis",
    "O’Brien-Smith": "o'brien-smith",
    "Mª José": "ma jose",
    "Ольга ЁЛКИНА": "ольга елкина",
    "Γιώργος ΠΑΠΑΔΌΠΟΥΛΟΣ": "γιωργοσ παπαδοπουλοσ",
    "Ա. Սարգսյան": "ա. սարգսյան",
    "王小明": "王小明",
    "محمد": "محمد",
}
LATIN = [chr(code) for low, high in ((0xC0, 0x24F), (0x1E00, 0x1EFF)) for code in range(low, high + 1)]
# Everything but controls, halves of characters, and what is put together when a text is normalised after a mark between was left out.
SIGNS = st.characters(
    exclude_categories=["Cs", "Cc", "M"], exclude_characters=[chr(code) for code in range(0x1100, 0x1200)]
)
KNOWN = st.sampled_from(sorted({*folding.TABLE, *folding.TWO, *folding.MARKS, *"aeinorst'%_\\"}))
WRITTEN = st.text(KNOWN | SIGNS, min_size=1, max_size=20)


def in_database(text: str) -> str:
    """Return what the database makes of a text."""
    found = Value(text, output_field=CharField())
    return str(Contributor.objects.annotate(found=Folded(found)).values_list("found", flat=True)[0])


@pytest.mark.parametrize("name", NAMES)
def test_name_is_folded(name: str) -> None:
    assert folded(name) == NAMES[name]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("name", NAMES)
def test_it_does_not_matter_whether_accents_are_part_of_their_letters(name: str, form: Literal["NFC", "NFD"]) -> None:
    assert folded(unicodedata.normalize(form, name)) == NAMES[name]


def test_every_latin_letter_with_accents_is_known() -> None:
    with_accents = [letter for letter in LATIN if unicodedata.normalize("NFD", letter)[0].isascii()]

    assert [letter for letter in with_accents if not folded(letter).isascii()] == []
    assert [letter for letter in LATIN if folded(unicodedata.normalize("NFD", letter)) != folded(letter)] == []


def test_every_letter_is_folded_to_one_thing() -> None:
    groups = folding.LETTERS.split()
    listed = [letter for group in groups for letter in group[1:]]
    leaders = {group[0] for group in groups}

    assert sorted(set(listed)) == sorted(listed)
    assert leaders & set(listed) == set()
    assert set(folding.OFTEN) & set(listed) == set()
    assert len(set(folding.OFTEN)) == len(folding.OFTEN)


@given(WRITTEN)
def test_folding_what_is_folded_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)


def test_index_is_built_on_what_is_searched() -> None:
    # A changed table needs a migration that builds the indexes anew: PostgreSQL would read none for another expression.
    assert MIGRATION.folded() == on_postgresql("name")


@pytest.mark.django_db
def test_database_folds_every_sign_as_python_does() -> None:
    Contributor.objects.create(name="Ada", slug="ada")
    signs = "".join(chr(code) for code in range(0x20, 0x1F000) if not 0xD800 <= code < 0xE000)
    parts = [signs[start : start + 4000] for start in range(0, len(signs), 4000)]

    assert [in_database(part) == folded(part) for part in parts] == [True] * len(parts)


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_database_folds_a_name_as_python_does(name: str) -> None:
    Contributor.objects.create(name="Ada", slug="ada")

    assert in_database(name) == NAMES[name]


@pytest.mark.django_db
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(WRITTEN, st.data())
def test_name_is_found_by_any_part_of_it_however_it_is_typed(written: str, data: st.DataObject) -> None:
    name = words.on_one_line(written)
    low = data.draw(st.integers(0, len(name)))
    part = name[low : data.draw(st.integers(low, len(name)))]
    row = Contributor.objects.create(name=name, slug="any")
    try:
        for typed in (part, folded(part), unicodedata.normalize("NFD", part)):
            if folded(typed):
                assert list(Contributor.objects.filter(name__has_part=typed)) == [row]
    finally:
        row.delete()


@pytest.mark.django_db
@pytest.mark.parametrize("name", [*NAMES, "김민수", "ज़ाकिर", "ガンジ"])
def test_name_is_found_however_its_accents_are_typed(name: str) -> None:
    row = Contributor.objects.create(name=name, slug="any")

    forms: tuple[Literal["NFC", "NFD"], ...] = ("NFC", "NFD")
    for form in forms:
        assert list(Contributor.objects.filter(name__has_part=unicodedata.normalize(form, name))) == [row]


@pytest.mark.django_db
def test_accent_alone_is_part_of_no_name() -> None:
    Contributor.objects.create(name="Ádá", slug="ada")

    assert list(Contributor.objects.filter(name__has_part="\u0301")) == []


@pytest.mark.django_db
def test_signs_of_patterns_mean_themselves() -> None:
    Contributor.objects.create(name="Ádá", slug="ada")

    assert [list(Contributor.objects.filter(name__has_part=sign)) for sign in ("%", "_", "\\", "'")] == [[], [], [], []]


@pytest.mark.django_db
def test_nothing_is_folded_to_nothing() -> None:
    Contributor.objects.create(name="Ada", slug="ada")
    found = Contributor.objects.annotate(found=Folded(Value(None, output_field=CharField())))

    assert found.get().found is None
