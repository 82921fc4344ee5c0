"""How mistakes in a library are reported: all at once, in order, and without touching the database."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from content import models
from tests.content.library_builder import TinyLibrary, mistakes

pytestmark = pytest.mark.django_db

ARTICLE = "articles/what-is-prp.md"
POLICY = "policies/privacy.md"


def test_all_mistakes_are_reported_at_once_in_order(library: TinyLibrary) -> None:
    library.change("topics.toml", 'name = "Platelets"', "name = 5")
    library.change("centers.csv", "47.6062", "north")
    library.change(ARTICLE, 'author = "ada"', 'author = "zoe"')
    library.change(ARTICLE, "## Risks {#risks}", "## Risks")

    assert mistakes(library.folder) == [
        'articles/what-is-prp.md:5: the contributor "zoe" is unknown',
        "articles/what-is-prp.md:24: the section needs an anchor: write ## Risks {#short-name}",
        'centers.csv:3: "latitude" must be a number, not "north"',
        "therapies/prp.toml:14: articles/what-is-prp.md has no section #risks",
        'topics.toml:5: "name" must be text in quotes, not "5"',
    ]


def test_a_key_that_another_file_has_is_reported(library: TinyLibrary) -> None:
    library.write(
        "references/more.toml",
        '[[reference]]\nkey = "trial-2021"\ntitle = "A"\npublisher = "B"\nyear = 2020\ndoi = "10.1000/other"\n',
    )

    assert mistakes(library.folder) == [
        'references/sources.toml:8: the reference "trial-2021" stands already in references/more.toml:1'
    ]


def test_a_file_that_cannot_be_read_does_not_make_its_rows_unknown_elsewhere(library: TinyLibrary) -> None:
    library.change("therapies/prp.toml", 'short_name = "PRP"', "short_name = PRP")

    assert mistakes(library.folder) == ["therapies/prp.toml:2: this is not valid TOML: Invalid value"]


def test_a_file_in_another_encoding_is_named_with_its_line(library: TinyLibrary) -> None:
    library.write("topics.toml", '[[topic]]\nslug = "a"\nname = "Zürich"\n'.encode("latin-1"))

    assert mistakes(library.folder) == ["topics.toml:3: the file is not UTF-8 text; save it in that encoding"]


def test_a_nul_character_is_refused_also_when_it_is_escaped(library: TinyLibrary) -> None:
    library.write(POLICY, "+++\n+++\n\0")
    library.change("topics.toml", '"Platelets"', r'"Plate\u0000lets"')

    assert mistakes(library.folder) == [
        "policies/privacy.md:3: the file holds a NUL character",
        'topics.toml:5: "name" holds a NUL character',
    ]


def test_a_misspelt_file_name_is_reported(library: TinyLibrary) -> None:
    library.write("topic.toml", "")
    library.write("articles/notes.txt", "")
    library.write("articles/.hidden", "")
    library.write("README.md", "For people.")

    assert mistakes(library.folder) == [
        'articles/notes.txt:1: this file is no part of a library; did you mean "articles/*.md"?',
        'topic.toml:1: this file is no part of a library; did you mean "topics.toml"?',
    ]


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    assert mistakes(tmp_path / "nowhere") == [f"{tmp_path}/nowhere: there is no such folder"]


def test_a_folder_without_a_library_is_named(tmp_path: Path) -> None:
    assert mistakes(tmp_path) == [f"{tmp_path}: the folder holds no file of a library"]


def test_a_file_in_place_of_the_folder_is_named(library: TinyLibrary) -> None:
    file = library.folder / "topics.toml"

    assert mistakes(file) == [f"{file}: there is no such folder"]


def test_a_mistake_leaves_what_was_loaded_before(library: TinyLibrary) -> None:
    call_command("load_library", str(library.folder), verbosity=0)
    library.change("topics.toml", 'name = "Platelets"', 'name = "Thrombocytes"')
    library.change("centers.csv", "47.6062", "north")

    with pytest.raises(CommandError):
        call_command("load_library", str(library.folder))

    assert models.Topic.objects.get(slug="prp").name == "Platelets"
