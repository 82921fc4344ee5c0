"""Imports go one way, and only verbs write requests: read from the source, not from what happens to be loaded."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

APPS = {
    "clinic": {"clinic", "content", "consultations"},
    "content": {"content"},
    "consultations": {"consultations", "content"},
}
PURE = [
    "content/comparison.py",
    "content/hours.py",
    "content/richtext.py",
    "content/choices.py",
    "consultations/clock.py",
    "consultations/statuses.py",
    "consultations/exceptions.py",
    "consultations/references.py",
    "consultations/phones.py",
]
# Rooms of consultations from the ground up: a module may import from its own floor and from those below.
FLOORS = [
    {"statuses", "exceptions", "clock", "links", "phones", "references", "fields"},
    {"querysets", "models"},
    {"messages", "intake", "triage", "delivery", "groups", "demo"},
    {"forms"},
    {"views", "admin", "urls", "apps", "management"},
]
WRITES = {"save", "create", "update", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}


def sources(app: str) -> list[Path]:
    """Return the app's modules without its migrations."""
    return [path for path in sorted((settings.BASE_DIR / app).rglob("*.py")) if "migrations" not in path.parts]


def name_of(path: Path) -> str:
    """Return a path as a test shows it."""
    return str(path.relative_to(settings.BASE_DIR))


def imported(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield (line, dotted name) of every import; `from a import b` yields a.b."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def floor_of(dotted: str) -> int | None:
    """Return on which floor of consultations a dotted name lives; None for what is elsewhere."""
    parts = dotted.split(".")
    if parts[0] != "consultations" or len(parts) < 2:
        return None
    found = [number for number, rooms in enumerate(FLOORS) if parts[1] in rooms]
    assert found, f"consultations.{parts[1]} stands on no floor: name it in FLOORS"
    return found[0]


@pytest.mark.parametrize("app", APPS)
def test_imports_go_one_way(app: str) -> None:
    wrong = [
        f"{name_of(path)}:{line} imports {dotted}"
        for path in sources(app)
        for line, dotted in imported(ast.parse(path.read_text(encoding="utf-8")))
        if dotted.partition(".")[0] in APPS.keys() - APPS[app]
    ]

    assert wrong == []


def test_imports_stay_within_floors() -> None:
    wrong = []
    for path in sources("consultations"):
        dotted = ".".join(path.relative_to(settings.BASE_DIR).with_suffix("").parts)
        if dotted == "consultations.__init__":
            continue
        own = floor_of(dotted)
        for line, other in imported(ast.parse(path.read_text(encoding="utf-8"))):
            floor = floor_of(other)
            if own is not None and floor is not None and floor > own:
                wrong.append(f"{name_of(path)}:{line} imports {other}")

    assert wrong == []


@pytest.mark.parametrize("name", PURE)
def test_pure_module_asks_no_database(name: str) -> None:
    tree = ast.parse((settings.BASE_DIR / name).read_text(encoding="utf-8"))
    # What is imported for types only is not there when the program runs.
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            node.body = []

    names = [dotted for _, dotted in imported(tree)]

    assert [dotted for dotted in names if ".models." in dotted and not dotted.endswith("Choices")] == []
    assert [dotted for dotted in names if dotted.startswith("django.db.") and not dotted.endswith("Choices")] == []


@pytest.mark.parametrize("app", [*APPS, "tests", "scripts"])
def test_imports_stand_at_the_top(app: str) -> None:
    wrong = []
    for path in sources(app):
        text = path.read_text(encoding="utf-8")
        lines = text.splitlines()
        functions = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef))
        for line, dotted in {found for function in functions for found in imported(function)}:
            if not (path.name == "apps.py" and "PLC0415" in lines[line - 1]):
                wrong.append(f"{name_of(path)}:{line} imports {dotted} inside a function")

    assert wrong == []


def test_only_verbs_write() -> None:
    doors = [path for path in sources("consultations") if {"views", "forms", "admin"} & {path.stem, *path.parts}]
    # An admin class that is asked to save may refuse or hand over; it may not call Django's own `save_model`.
    wrong = [
        f"{name_of(path)}:{node.lineno} calls .{node.func.attr}("
        for path in doors
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and (node.func.attr in WRITES or node.func.attr == "save_model")
        and not is_plain_collection(node.func.value)
    ]

    assert len(doors) >= 2
    assert wrong == []


def is_plain_collection(node: ast.expr) -> bool:
    """Return whether `.update(` is called on something that is surely a dictionary."""
    return isinstance(node, ast.Dict) or (isinstance(node, ast.Name) and node.id in {"context", "extra", "attrs"})
