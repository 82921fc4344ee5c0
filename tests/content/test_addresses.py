"""Mail goes to the domain that was typed (IDNA 2008)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from content import addresses
from content.form_fields import MailAddressField


@pytest.mark.parametrize(
    ("typed", "sent_to"),
    [
        ("ada@straße.example", "ada@xn--strae-oqa.example"),
        ("Ada@STRAẞE.example", "Ada@xn--strae-oqa.example"),
        ("ada@βόλος.example", "ada@xn--nxasmm1c.example"),
        ("ada@praxis-müller.example", "ada@xn--praxis-mller-klb.example"),
        ("ada@例え。example", "ada@xn--r8jz45g.example"),
        ("ada@EXAMPLE.org", "ada@EXAMPLE.org"),
    ],
)
def test_mail_address_leads_to_the_domain_that_was_typed(typed: str, sent_to: str) -> None:
    assert addresses.mail_address(typed) == sent_to
    assert MailAddressField().clean(typed) == sent_to


@pytest.mark.parametrize(
    "typed",
    ["ada@☃.example", "ada@-ü.example", "ada@ü..example", "ada@a\u0308 b.example", "ada@" + "ü" * 64 + ".example"],
)
def test_mail_address_no_domain_is_refused_in_words(typed: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        MailAddressField().clean(typed)

    assert refusal.value.messages == [addresses.NOT_A_DOMAIN]


@given(st.text(max_size=30))
def test_mail_address_is_ascii_and_settled_or_refused(domain: str) -> None:
    try:
        address = addresses.mail_address(f"ada@{domain}.example")
    except ValidationError:
        return

    assert address.isascii()
    assert addresses.mail_address(address) == address


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("ada+clinic@visitor.example", "mailto:ada+clinic@visitor.example"),
        ("o'brien@visitor.example", "mailto:o'brien@visitor.example"),
        ("a?bcc=spy&x=@visitor.example", "mailto:a%3Fbcc%3Dspy%26x%3D@visitor.example"),
        ("a%2Cspy@visitor.example", "mailto:a%252Cspy@visitor.example"),
        ("a,b#c/d@visitor.example", "mailto:a%2Cb%23c%2Fd@visitor.example"),
        ("a@b.example\r\nBcc: spy", "mailto:a@b.example%0D%0ABcc%3A%20spy"),
    ],
)
def test_mailto_keeps_an_address_one_recipient(address: str, link: str) -> None:
    assert addresses.mailto(address) == link


def written(folder: str, ending: str, links: str) -> set[str]:
    """Return what follows `mailto:` wherever a file writes it before a value of its own."""
    files = (Path(settings.BASE_DIR) / folder).rglob(f"*.{ending}")
    return {found for file in files for found in re.findall(links, file.read_text())}


def test_every_link_to_a_mail_address_is_encoded() -> None:
    in_templates = [written("templates", ending, r"mailto:\{\{\s*[\w.]+([^}]*?)\s*}}") for ending in ("html", "txt")]
    in_code = [written(app, "py", r"mailto:\{([^}]*)}") for app in ("clinic", "consultations")]

    assert in_templates == [{"|urlencode:'@'"}, set()]
    assert in_code == [set(), set()]
