"""The project as a whole: migrations are written, templates compile and hold nothing inline."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.template.loader import get_template

TEMPLATES = settings.BASE_DIR / "templates"
NAMES = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.*"))
PAGES = [name for name in NAMES if name.endswith((".html", ".svg")) and "/mail/" not in name]
CONSTRAINTS = [
    constraint.name
    for app in ("content", "consultations")
    for model in apps.get_app_config(app).get_models()
    for constraint in model._meta.constraints
]
# A data block (JSON-LD) is built in structured_data.py; a template has only <script src="…">.
TEMPLATE_CODE = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}")
INLINE = re.compile(r"<style|\sstyle\s*=|<script(?![^>]*\ssrc=)|\son[a-z]+\s*=|javascript:", re.IGNORECASE)


def test_migrations_none_pending(db: None) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize("name", NAMES)
def test_template_compiles(name: str) -> None:
    get_template(name)


@pytest.mark.parametrize("name", PAGES)
def test_template_holds_nothing_inline(name: str) -> None:
    text = Path(TEMPLATES, name).read_text(encoding="utf-8")

    assert INLINE.findall(TEMPLATE_CODE.sub("", text)) == []


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_constraint_is_tried_past_the_forms(name: str) -> None:
    tests = (settings.BASE_DIR / "tests").rglob("test_*.py")

    assert any(f'"{name}"' in path.read_text(encoding="utf-8") for path in tests)
