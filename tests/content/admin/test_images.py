"""Editors upload pictures, show them in articles, and never change them."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse

from content.models import Image, ImageFile, Section
from content.publishing import steps
from tests import factories
from tests.content.media.pictures import picture
from tests.factories import NOW, desk_account, make_article, make_section, make_staff, section_words

pytestmark = pytest.mark.django_db
NOT_DESCRIBED = "Say what the picture shows, or tick that it is only decoration; not both."
ADD = reverse("admin:content_image_add")


def upload(client: Client, data: bytes, name: str = "joint.png", title: str = "A joint") -> str:
    """Send a file and return the page that follows."""
    sent = SimpleUploadedFile(name, data, content_type="image/png")
    return client.post(ADD, {"title": title, "file": sent}, follow=True).content.decode()


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(make_staff("Editors"))
    return client


@pytest.fixture
def image(editor: Client) -> Image:
    upload(editor, picture(size=(1000, 500)))
    return Image.objects.get()


def test_editor_uploads_a_picture_and_finds_it_in_the_list(editor: Client) -> None:
    page = upload(editor, picture(size=(1000, 500)))

    image = Image.objects.get()
    assert (image.title, image.width, image.height, image.kinds) == ("A joint", 1000, 500, "avif webp jpg")
    assert "was added successfully" in page
    assert f'src="{image.smallest()}"' in page
    assert ImageFile.objects.count() == 6


def test_same_picture_sent_twice_is_kept_once(editor: Client) -> None:
    upload(editor, picture())
    page = upload(editor, picture(), title="Another name")

    assert "This picture was there already, as “A joint”." in page
    assert [image.title for image in Image.objects.all()] == ["A joint"]


def test_file_that_cannot_be_taken_is_refused_beside_its_field_and_the_title_stays(editor: Client) -> None:
    page = upload(editor, b"<svg/>", "joint.svg")

    assert "An SVG can carry programs, so it is not taken." in page
    assert 'value="A joint"' in page
    assert Image.objects.count() == 0


def test_nobody_but_editors_uploads(client: Client) -> None:
    for group in ("Medical reviewers", "Managers", "Triage"):
        client.force_login(make_staff(group))
        assert client.post(ADD, {"title": "x", "file": SimpleUploadedFile("a.png", picture())}).status_code == 403
    client.logout()
    assert client.post(ADD, {"title": "x"}).status_code == 302
    assert Image.objects.count() == 0


@pytest.mark.parametrize("what", ["change", "delete"])
def test_picture_that_is_there_is_not_changed_or_deleted(editor: Client, image: Image, what: str) -> None:
    address = reverse(f"admin:content_image_{what}", args=[image.pk])

    assert editor.post(address, {"title": "Other", "post": "yes"}).status_code == 403
    assert Image.objects.get().title == "A joint"
    with pytest.raises(ImproperlyConfigured):
        image.save()


@pytest.mark.parametrize(
    ("said", "refusals"),
    [
        ({"image_alt": "A knee joint"}, []),
        ({"image_decorative": True}, []),
        ({}, [NOT_DESCRIBED]),
        ({"image_alt": "A knee joint", "image_decorative": True}, [NOT_DESCRIBED]),
        (
            {"image_alt": "A knee joint", "figure": "how-prp-is-made", "figure_caption": "Made"},
            ["Choose a drawing or a picture, not both."],
        ),
    ],
)
def test_picture_of_a_section_says_what_it_shows_or_that_it_is_decoration(
    image: Image, said: dict[str, Any], refusals: list[str]
) -> None:
    section = Section(revision=factories.make_draft(), heading="One", anchor="one", image=image, **said)

    assert [str(sentence) for sentence in _refusals(section)] == refusals


def _refusals(section: Section) -> list[str]:
    try:
        section.full_clean()
    except ValidationError as error:
        return error.messages
    return []


def test_article_shows_the_picture_with_its_size_and_words(client: Client, image: Image) -> None:
    factories.make_clinic()
    words = section_words(image=image, image_alt="A <knee> joint", figure_caption="Seen from the side")
    article = make_article(sections=[words])

    page = client.get(article.get_absolute_url()).content.decode()

    name = f"/media/{image.digest}"
    small_and_large = f"{name}-720.avif 720w, {name}-1000.avif 1000w"
    assert f'<source type="image/avif" srcset="{small_and_large}"' in page
    assert f'<img src="{name}-1000.jpg" alt="A &lt;knee&gt; joint" width="1000" height="500"' in page
    assert "<figcaption>Seen from the side</figcaption>" in page


def test_new_draft_keeps_the_picture(image: Image) -> None:
    article = make_article(sections=[section_words(image=image, image_alt="A joint")])

    draft = steps.copy(article, by=desk_account("desk-editor"), now=NOW)

    section = draft.sections.get()
    assert (section.image, section.image_alt, section.image_decorative) == (image, "A joint", False)


def test_picture_in_an_article_cannot_be_taken_from_the_database(image: Image) -> None:
    make_section(factories.make_draft(), image=image, image_decorative=True)

    with pytest.raises(ProtectedError):
        image.delete()
