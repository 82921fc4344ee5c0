"""The content screens, as tests ask for them and send their forms back."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from tests import factories


def page(model: type[Model], which: str, *args: Any) -> str:
    """Return the address of a model's admin page."""
    return reverse(f"admin:content_{model._meta.model_name}_{which}", args=args)


def login(client: Client, *groups: str, **kwargs: Any) -> User:
    """Log a new member of staff in."""
    user = factories.make_staff(*groups, **kwargs)
    client.force_login(user)
    return user


def form_of(response: Any) -> dict[str, Any]:
    """Return what a browser would send back if nobody touched the page."""
    fields: dict[str, Any] = {}
    forms = [response.context["adminform"].form]
    for inline in response.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    for form in forms:
        for bound in form:
            value = bound.value()
            widget = bound.field.widget
            if hasattr(widget, "decompress"):
                fields |= {f"{bound.html_name}_{n}": part or "" for n, part in enumerate(widget.decompress(value))}
            elif value is not None and value is not False:
                fields[bound.html_name] = value
    return fields
