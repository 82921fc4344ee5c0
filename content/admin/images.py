"""Uploaded pictures: editors send one and choose it for a section. One that is there never changes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from content.admin.actor import actor
from content.media import reading, storing
from content.models import Image


class UploadForm(forms.ModelForm[Image]):
    """A file and how editors find it again."""

    file = forms.FileField(
        label="Picture",
        help_text=f"{reading.WANTED} At most {reading.MOST_BYTES // 1024**2} MB and {reading.MOST_PIXELS // 10**6} million "
        "pixels. We draw it anew: where and with what it was taken is not kept.",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/avif"}),
    )

    class Meta:
        model = Image
        fields = ["title"]

    def clean_file(self) -> bytes:
        """Return the file's bytes; one that is too large is not read."""
        sent: UploadedFile[bytes] = self.cleaned_data["file"]
        if (sent.size or 0) > reading.MOST_BYTES:
            raise ValidationError(reading.too_large(sent.size or 0), code="too_large")
        data: bytes = sent.read()
        return data

    def clean(self) -> dict[str, Any]:
        """Draw the picture anew, and say at the file why it cannot be taken."""
        data = super().clean() or self.cleaned_data
        if "file" in data:
            try:
                self.picture = reading.read(data["file"])
            except reading.Unusable as refusal:
                self.add_error("file", ValidationError(str(refusal), code="unusable"))
        return data


@admin.register(Image)
class ImageAdmin(admin.ModelAdmin[Image]):
    """The pictures that articles can show."""

    list_display = ["preview", "title", "size", "used", "uploaded_at"]
    list_display_links = ["title"]
    ordering = ["-uploaded_at", "-pk"]
    search_fields = ["title", "digest"]
    search_help_text = "Words of the title"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Image]:
        """Count the articles that show each."""
        return super().get_queryset(request).annotate(uses=Count("sections__revision__article", distinct=True))

    def get_form(self, request: HttpRequest, obj: Image | None = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002  Django's signature
        """Ask for a file where a picture is added."""
        return super().get_form(request, obj, change, **kwargs if obj else {"form": UploadForm, **kwargs})

    def get_fields(self, request: HttpRequest, obj: Image | None = None) -> Any:
        """Show what is known of one that is there."""
        return (
            ["preview", "title", "size", "used", "uploaded_by", "uploaded_at", "digest"] if obj else ["title", "file"]
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Image | None = None) -> list[str]:
        """All of them: a picture never changes."""
        return ["preview", "title", "size", "used", "uploaded_by", "uploaded_at", "digest"] if obj else []

    def has_change_permission(self, request: HttpRequest, obj: Image | None = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Image | None = None) -> bool:
        """Never: an approved article may have shown it."""
        return False

    def save_form(self, request: HttpRequest, form: UploadForm, change: bool) -> Image:  # noqa: FBT001
        """Hand it to the verb, which writes it; one that is there already is found instead."""
        image, new = storing.store(
            form.picture, title=form.cleaned_data["title"], by=actor(request), now=timezone.now()
        )
        if not new:
            messages.info(request, f"This picture was there already, as “{image}”. Nothing was added.")
        return image

    def save_model(self, request: HttpRequest, obj: Image, form: Any, change: bool) -> None:  # noqa: FBT001
        """Write nothing more."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001
        """Write nothing more: a picture has its files by now, and no form asks for anything beside it."""

    @admin.display(description="picture")
    def preview(self, image: Image) -> SafeString:
        """Draw it small."""
        return format_html('<img src="{}" alt="" width="120" loading="lazy">', image.smallest())

    @admin.display(description="pixels")
    def size(self, image: Image) -> str:
        """Say how large it is."""
        return f"{image.width} × {image.height}"

    @admin.display(description="articles that show it", ordering="uses")
    def used(self, image: Image) -> int:
        """Count the articles, drafts too."""
        return int(getattr(image, "uses", 0))
