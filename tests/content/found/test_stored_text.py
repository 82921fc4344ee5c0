"""What stands in the database, whoever put it there, breaks no format."""

from __future__ import annotations

import json
import re
from io import StringIO
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.db.models import CharField, Model, TextField
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from content.found import structured_data
from content.found.feeds import PrintableAtom
from content.models import Center, ClinicProfile, Contributor, Revision
from content.text import UNPRINTABLE, printable
from tests.factories import make_article, make_center, make_contributor, make_draft, publish

pytestmark = pytest.mark.django_db
SIGNS = ["\x0b", "\x0c", "\x01", "\x1b", "\x85", "\ufffe", "\uffff", "\ufdd0", "\u2028", "\n", "\r"]
# Any text that Python can hold, with what formats refuse more often than chance would have it.
anything = st.lists(st.one_of(st.text(), st.sampled_from([*SIGNS, "\0", "\ud800", "\udfff", "]]>", "</script>"]))).map(
    "".join
)


def spoil(row: Model, sign: str) -> None:
    """Put a sign into every text of a row that is neither key, choice nor format, past every form and signal."""
    texts = {
        column.attname: f"{getattr(row, column.attname)[:1]}{sign}{getattr(row, column.attname)[1:]}"
        for column in row._meta.concrete_fields
        if type(column) in {CharField, TextField}
        and not column.choices
        and column.attname not in {"time_zone", "hours", "region"}
    }
    assert type(row)._default_manager.filter(pk=row.pk).update(**texts) == 1


def data_blocks(html: str) -> list[Any]:
    """Return what the JSON-LD of a page says."""
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    return [item for block in found for item in json.loads(block)]


def words(value: Any) -> list[str]:
    """Return every text in parsed JSON."""
    if isinstance(value, dict | list):
        return [word for part in (value.values() if isinstance(value, dict) else value) for word in words(part)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize("sign", SIGNS)
def test_feed_is_well_formed_with_any_stored_title(client: Client, sign: str) -> None:
    draft = make_draft()
    Revision.objects.filter(pk=draft.pk).update(title=f"What{sign}PRP is", summary=f"A{sign}B")
    publish(draft)

    response = client.get("/feed/")

    assert response.status_code == 200
    titles = [one.text or "" for one in ET.fromstring(response.content).iter("{http://www.w3.org/2005/Atom}title")]  # noqa: S314  written by this site
    assert titles[1].replace("\n", "") == "WhatPRP is"


@pytest.mark.parametrize("sign", SIGNS)
def test_pages_their_data_and_the_sitemap_can_be_read_with_any_stored_text(
    client: Client, clinic: ClinicProfile, sign: str
) -> None:
    article, center, reviewer = make_draft(), make_center(), make_contributor()
    for row in (article, center, article.author, reviewer, clinic):
        spoil(row, sign)
    publish(article, reviewer=reviewer)

    pages = [client.get(path) for path in ("/", article.get_absolute_url(), center.get_absolute_url())]
    sitemap = client.get("/sitemap.xml")

    assert [page.status_code for page in pages] == [200] * 3
    assert [bool(data_blocks(page.content.decode())) for page in pages] == [True] * 3
    assert [
        word for page in pages for word in words(data_blocks(page.content.decode())) if UNPRINTABLE.search(word)
    ] == []
    ET.fromstring(sitemap.content)  # noqa: S314  written by this site


@given(anything, anything)
def test_feed_is_well_formed_with_any_text(title: str, author: str) -> None:
    feed = PrintableAtom("Guides", "https://clinic.example/", "")
    feed.add_item(title, "https://clinic.example/a/", title, author_name=author, categories=(title,))
    out = StringIO()

    feed.write(out, "utf-8")

    ET.fromstring(out.getvalue().encode())  # noqa: S314  written here


@given(anything)
def test_data_block_is_json_and_is_not_closed_by_any_text(text: str) -> None:
    block = structured_data.script([{"name": text}])

    assert block.count("</") == 1
    assert data_blocks(block) == [{"name": printable(text)}]
    block.encode()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("What\x0bPRP is", "What PRP is"), ("A\ud800\ufffeB", "AB"), ("A\0B", "AB"), ("A\r\nB", "A B"), ("Ä B", "Ä B")],
)
def test_text_is_tidied_whoever_saves_it(typed: str, kept: str) -> None:
    article, center = make_article(title=typed, key_points=f"{typed}\nC"), make_center(name=typed)
    person = Contributor(slug="ada", name=typed, role=typed)
    person.save()
    person.bio = typed
    person.save(update_fields=["bio"])

    article.refresh_from_db()
    assert article.title == kept
    assert article.key_points.splitlines()[-1] == "C"
    assert Center.objects.get(pk=center.pk).name == kept
    assert list(Contributor.objects.filter(pk=person.pk).values_list("name", "role", "bio")) == [(kept, kept, kept)]
