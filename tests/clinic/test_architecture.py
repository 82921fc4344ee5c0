"""Imports go one way, and only verbs write requests: read from the source, not from what happens to be loaded."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from django.conf import settings

APPS = {
    "clinic": {"clinic", "content", "consultations"},
    "content": {"content"},
    "consultations": {"consultations", "content"},
}
# What a module's docstring says where it asks no database.
SAYS_PURE = re.compile(r"\bPure\b|\b[Aa] leaf\b(?! of)|\bNo models\b")
# The top of an app: nothing below may import it. Forms are for these alone.
TOP = {"views", "admin", "urls", "apps", "management", "templatetags"}
# The wings from the lowest to the highest; those in one line do not import each other. A wing imports only from lines below.
WINGS = {
    "content": [
        {
            "choices",
            "hours",
            "attribution",
            "stylesheets",
            "text",
            "addresses",
            "anchors",
            "tokens",
            "triggers",
            "outages",
            "numerals",
            "operations",
            "release",
            "time_limit",
            "folded",
        },
        {"links", "claims"},
        {"richtext", "page_links", "identifiers"},
        {"form_fields"},
        {"fields"},
        {"models"},
        {"versions", "tidying", "targets", "notices"},
        {"drawing", "facts_row", "at_once"},
        {"site", "comparison", "deciding", "publishing", "media"},
        {"proofreading", "linking", "search"},
        {"caching", "replica", "found", "loading"},
        {"views", "admin", "management"},
        {"urls", "templatetags", "apps"},
    ],
    "consultations": [
        {"statuses", "groups", "links", "clocks", "sheets", "database"},
        {"visitor_words"},
        {"models"},
        {"exceptions"},
        {"requests", "evidence", "limits", "access"},
        {"mail"},
        {"intake", "booking"},
        {"privacy", "demo", "reports"},
        {"forms"},
        {"views", "admin", "management", "templatetags"},
        {"urls", "apps"},
    ],
}
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


def rooms(app: str) -> dict[str, set[str]]:
    """Return which rooms (modules and packages of the app) each room imports, itself left out."""
    graph: dict[str, set[str]] = {}
    for path in sources(app):
        room = path.relative_to(settings.BASE_DIR / app).parts[0].removesuffix(".py")
        others = {dotted.split(".")[1] for _, dotted in imported(at_run_time(path)) if dotted.startswith(f"{app}.")}
        graph.setdefault(room, set()).update(others - {room})
    return graph


def modules(app: str) -> dict[str, set[str]]:
    """Return which modules of the app each module imports; Django's own registration of admin and apps is left out."""
    names = {".".join(path.relative_to(settings.BASE_DIR).with_suffix("").parts): path for path in sources(app)}
    names = {name.removesuffix(".__init__"): path for name, path in names.items()}
    graph: dict[str, set[str]] = {}
    for name, path in names.items():
        found = {dotted if dotted in names else dotted.rpartition(".")[0] for _, dotted in imported(at_run_time(path))}
        graph[name] = {other for other in found if other in names} - {name}
    return graph


def at_run_time(path: Path) -> ast.AST:
    """Return the module's tree without what is imported for types only."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            node.body = []
    return tree


@pytest.mark.parametrize("app", APPS)
def test_imports_go_one_way(app: str) -> None:
    wrong = [
        f"{name_of(path)}:{line} imports {dotted}"
        for path in sources(app)
        for line, dotted in imported(ast.parse(path.read_text(encoding="utf-8")))
        if dotted.partition(".")[0] in APPS.keys() - APPS[app]
    ]

    assert wrong == []


@pytest.mark.parametrize("app", WINGS)
def test_every_wing_has_its_line(app: str) -> None:
    known = [room for line in WINGS[app] for room in line]

    assert sorted(known) == sorted(rooms(app).keys() - {"__init__"})


@pytest.mark.parametrize("app", WINGS)
def test_wings_import_only_from_lines_below(app: str) -> None:
    line_of = {room: number for number, line in enumerate(WINGS[app]) for room in line}

    up = {
        room: found
        for room, others in rooms(app).items()
        if (found := {other for other in others if line_of.get(other, 99) >= line_of.get(room, -1)})
    }

    assert up == {}


@pytest.mark.parametrize("app", WINGS)
def test_modules_import_in_no_circle(app: str) -> None:
    TopologicalSorter(modules(app)).prepare()


@pytest.mark.parametrize("app", WINGS)
def test_every_wing_says_what_it_is_for_and_what_it_may_import(app: str) -> None:
    packages = [path for path in sources(app) if path.name == "__init__.py" and path.parent.name in rooms(app)]
    said = {name_of(path): ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "" for path in packages}

    assert [
        name for name, text in said.items() if not re.search(r"\b[Ii]mport", text) and "management" not in name
    ] == []


def pure_modules() -> list[str]:
    """Return the modules that say of themselves that they ask no database."""
    return [
        name_of(path)
        for app in APPS
        for path in sources(app)
        if SAYS_PURE.search(ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "")
    ]


def test_modules_that_others_rely_on_say_that_they_are_pure() -> None:
    wanted = {
        "content/comparison/tables.py",
        "content/richtext.py",
        "content/choices.py",
        "consultations/booking/availability.py",
        "consultations/clocks/business_hours.py",
        "consultations/statuses.py",
        "consultations/exceptions.py",
        "consultations/intake/spam.py",
    }

    assert wanted - set(pure_modules()) == set()


@pytest.mark.parametrize("name", pure_modules())
def test_module_that_says_it_is_pure_asks_no_database(name: str) -> None:
    names = [dotted for _, dotted in imported(at_run_time(settings.BASE_DIR / name))]

    ours = [dotted for dotted in names if "models" in dotted.split(".") and dotted.split(".")[0] in APPS]
    assert ours == []
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
    doors = [path for path in sources("consultations") if {"views", "admin", "forms"} & {*path.parts}]
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
