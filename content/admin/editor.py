"""Rich text editor in the admin; it offers exactly the markup that `richtext.clean` keeps.

The editor puts one `<style>` into the page. Only pages with the editor allow it, by its hash; whatever else is inline
stays forbidden there too.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.csp import csp_override
from django_prose_editor.fields import ProseEditorFormField
from django_prose_editor.widgets import AdminProseEditorWidget
from js_asset import Media, Script

from content import links, page_links, richtext, targets
from content.admin.fields import PlainInputs
from content.fields import RichTextField

# About sixty printed pages in one field: more is a slip of the clipboard.
LONGEST_TEXT = 200_000
# The style that Tiptap injects; it changes with the release of django-prose-editor, and a browser test notices.
EDITOR_STYLE = "'sha256-PlumsSlvJ7vvWzjqibGAYKq92O3y/4JTxWWsWJvyUYA='"
EDITOR_POLICY = {name: [str(source) for source in sources] for name, sources in settings.SECURE_CSP.items()}
EDITOR_POLICY["style-src"].append(EDITOR_STYLE)

EXTENSIONS: dict[str, Any] = {
    "Bold": True,
    "Italic": True,
    "Superscript": True,
    "Subscript": True,
    "Heading": {"levels": [3, 4]},
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "HardBreak": True,
    "Link": {"enableTarget": False},
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
    "History": True,
    "HTML": False,
    # The browser's spelling check helps those who write.
    "NoSpellCheck": False,
}


# django-prose-editor ships no types.
class EditorWidget(AdminProseEditorWidget):  # type: ignore[misc]
    """The editor, with scripts that give it the name of its label and offer our pages where a link is written."""

    @property
    def media(self) -> Media:
        """Add our scripts to the editor's own."""
        offers = Script("js/admin-links.js", **{"data-pages": reverse("admin:content_article_offers")})
        return super().media + Media(js=["js/admin-editor.js", offers])


class EditorField(ProseEditorFormField):  # type: ignore[misc]
    """Sanitises before it checks, so that markup without words counts as empty; the length that counts is the cleaned one."""

    def to_python(self, value: Any) -> str:
        """Return sanitised HTML, "" where it holds no word.

        Raises:
            ValidationError: with a sentence for each link that leads nowhere, or for a text that is too long.
        """
        typed = page_links.with_paths(super().to_python(value) or "", settings.SITE_URL)
        if wrong := links.faults(typed):
            raise ValidationError(wrong, code="link")
        # Whether headings keep their ids is for the column to say.
        html = richtext.clean(typed, headings_named=True)
        if len(html) > LONGEST_TEXT:
            raise ValidationError(
                f"This text has {len(html):,} characters with its markup; at most {LONGEST_TEXT:,} can be kept. "
                "Spread it over several sections or articles.",
                code="too_long",
            )
        return html if richtext.to_text(html) else ""

    def prepare_value(self, value: Any) -> Any:
        """Show addresses where the text has references: who writes reads, copies and pastes those."""
        return addressed(value) if isinstance(value, str) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Return whether something was written; the address of a page is no change of the reference to it."""
        return bool(super().has_changed(self.prepare_value(initial), data))


def addressed(html: str) -> str:
    """Return a text with the present addresses of the pages that it refers to, whether readers see them or not."""
    slugs = targets.slugs_of(page_links.pages_in([html]))
    return page_links.draw(html, slugs.get, for_readers=False)


class RichTextFields(PlainInputs):
    """For screens and inlines: rich text is edited in the editor, and read as text by those who may only read."""

    formfield_overrides = {
        RichTextField: {"form_class": EditorField, "widget": EditorWidget, "config": {"extensions": EXTENSIONS}}
    }

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """Show rich text as a reader sees it where it cannot be changed."""
        swapped = {name: _readable(name) for name in self._only_read(request, obj)}

        def swap(line: Any) -> Any:
            return [swap(each) for each in line] if isinstance(line, list | tuple) else swapped.get(line, line)

        fieldsets = super().get_fieldsets(request, obj)
        return [(name, {**options, "fields": swap(options["fields"])}) for name, options in fieldsets]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """Tell the form that what is drawn so is no field of it."""
        drawn = [_readable(name) for name in self._only_read(request, obj)]
        return [*super().get_readonly_fields(request, obj), *drawn]

    def _only_read(self, request: HttpRequest, obj: Model | None) -> list[str]:
        if obj is None or self.has_change_permission(request, obj):
            return []
        return [field.name for field in self.opts.get_fields() if isinstance(field, RichTextField)]


class RichTextPages(RichTextFields, admin.ModelAdmin[Any]):
    """A model's screens whose add and change pages hold the editor."""

    @method_decorator(csp_override(EDITOR_POLICY))
    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Allow the editor's style on these pages."""
        return super().changeform_view(request, *args, **kwargs)


@cache
def _readable(name: str) -> Callable[[Model], SafeString]:
    """Return a read-only column that draws the rich text `name` of a row."""

    def shown(obj: Model) -> SafeString:
        # Sanitised on every save; once more here costs little and trusts no other writer.
        html = addressed(richtext.clean(getattr(obj, name)))
        return format_html('<div class="as-read">{}</div>', mark_safe(html))  # noqa: S308  sanitised above

    shown.__name__ = f"{name}_as_read"
    return admin.display(description=name.replace("_", " "))(shown)
