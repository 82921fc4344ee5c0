"""What the claim check finds, beside the field it stands in: the sentence, what is wrong with it, better words, and the source."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from content.models import ProposedChange, Revision
from content.proofreading.reading import Found
from content.publishing.rights import APPROVE

WORDS = {"block": "Not allowed", "warn": "Look again", "hint": "Hint"}

type Link = Callable[[Found], str]


def sentence(found: Found) -> SafeString:
    """Return a finding in words."""
    rule = found.finding.rule
    return format_html(
        "<b>{}:</b> “{}”: {}{} <small>{}</small>",
        WORDS[str(found.finding.severity)],
        found.finding.sentence.strip(),
        rule.reason,
        f" Better: {rule.wording}" if rule.wording else "",
        rule.source,
    )


def listed(found: Iterable[Found], link: Link | None = None) -> SafeString:
    """Return findings as a list; nothing where there are none. `link` leads to where a block can be let pass."""
    items = [
        format_html(
            "<li>{}{}</li>",
            sentence(each),
            format_html(' <a href="{}">Let it pass …</a>', link(each)) if link is not None and each.blocks else "",
        )
        for each in found
    ]
    return (
        format_html('<ul class="claims">{}</ul>', format_html_join("", "{}", ((item,) for item in items)))
        if items
        else SafeString("")
    )


def placed(found: Iterable[Found], link: Link | None = None) -> list[tuple[str, SafeString]]:
    """Return findings by the place they stand in, each place with its list."""
    by_place: dict[str, list[Found]] = {}
    for each in found:
        by_place.setdefault(each.where, []).append(each)
    return [(where, listed(claims, link)) for where, claims in by_place.items()]


def link_for(text: Revision | ProposedChange, user: User | AnonymousUser) -> Link | None:
    """Return where this person can let a finding in `text` pass; nothing where they cannot."""
    if not user.has_perm(APPROVE) or not text.is_open:
        return None
    kind = "revision" if isinstance(text, Revision) else "change"

    def link(found: Found) -> str:
        about: dict[str, int | str] = {
            kind: text.pk,
            "rule": found.finding.rule.slug,
            "sentence": found.finding.sentence,
        }
        return f"{reverse('admin:content_claimoverride_add')}?{urlencode(about)}"

    return link


def show(context: dict[str, Any], found: Iterable[Found], link: Link | None = None) -> None:
    """Put findings beside the inputs of a change page: of its own form and of its inlines."""
    by_place: dict[tuple[Any, str], list[Found]] = {}
    for each in found:
        by_place.setdefault(((type(each.row), each.row.pk), each.field), []).append(each)
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += inline.formset.forms
    for form in forms:
        row = (type(form.instance), form.instance.pk)
        for name, field in form.fields.items():
            if claims := by_place.get((row, name)):
                field.help_text = format_html("{} {}", field.help_text, listed(claims, link))
