"""Releases of this project for a rehearsal: this one, the next one with a migration, and one that breaks the rule."""

from __future__ import annotations

import shutil
from pathlib import Path

from scripts.faulting.site import BASE_DIR

PARTS = ("clinic", "content", "consultations", "templates", "static", "scripts", "manage.py", "requirements.txt")
MODEL = Path("consultations", "models", "request.py")
BEFORE = "    reference = models.CharField(max_length=12, unique=True, default=references.new, editable=False)\n"
# In what the new code writes, and what the database puts where the old code leaves the column out.
NEW, OLD = "new", "old"
COLUMN, INDEX = "rehearsed", "consultations_rehearsed"
FIELD = f'models.CharField(max_length=8, default="{NEW}", db_default="{OLD}", editable=False)'
# Django fills this one alone: the old code does not know it, and writes a row without it.
CARELESS = f'models.CharField(max_length=8, default="{NEW}", editable=False)'
MARK = '<meta name="release" content="next">'
MIGRATION = """\
from django.db import migrations, models

from content.operations import AddIndexConcurrently


class Migration(migrations.Migration):
    atomic = {atomic}
    dependencies = [("consultations", "{before}")]
    operations = [{operation}]
"""


def this(folder: Path) -> Path:
    """Copy what a site runs of this project; return where."""
    folder.mkdir()
    for part in PARTS:
        source = BASE_DIR / part
        if source.is_dir():
            shutil.copytree(source, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / part)
    return folder


def following(folder: Path) -> Path:
    """Make the next release: a column that its code writes, an index on it, other words on every page, another style sheet."""
    this(folder)
    add_column(folder, FIELD)
    index = f'AddIndexConcurrently("ConsultationRequest", models.Index(fields=["{COLUMN}"], name="{INDEX}"))'
    add_migration(folder, index, atomic=False)
    base, style = folder / "templates" / "base.html", folder / "static" / "css" / "site.css"
    base.write_text(base.read_text(encoding="utf-8").replace("</head>", f"{MARK}</head>"), encoding="utf-8")
    style.write_text(style.read_text(encoding="utf-8") + "\nbody { orphans: 3; }\n", encoding="utf-8")
    return folder


def careless(folder: Path) -> Path:
    """Make a release whose migration the one before it cannot live with."""
    this(folder)
    add_column(folder, CARELESS)
    return folder


def add_column(folder: Path, field: str) -> None:
    """Add a column to requests, in the model and by a migration."""
    model = folder / MODEL
    text = model.read_text(encoding="utf-8")
    if BEFORE not in text:
        raise SystemExit(f"{MODEL} has another first field than the rehearsal knows.")
    model.write_text(text.replace(BEFORE, f"{BEFORE}    {COLUMN} = {field}\n"), encoding="utf-8")
    add_migration(folder, f'migrations.AddField("ConsultationRequest", "{COLUMN}", {field})', atomic=True)


def add_migration(folder: Path, operation: str, *, atomic: bool) -> None:
    """Write a migration after the last one."""
    migrations = folder / "consultations" / "migrations"
    last = max(path.stem for path in migrations.glob("[0-9]*.py"))
    name = f"{int(last[:4]) + 1:04}_rehearsed.py"
    (migrations / name).write_text(MIGRATION.format(atomic=atomic, before=last, operation=operation), encoding="utf-8")
