"""The licence of each locked package, which ones we take, and docs/licences.md with both.

`python -m scripts.supply.licences` writes the file anew after the lock has changed; `make check` says when it is not current.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from importlib import metadata

from license_expression import LicenseExpression, Licensing

from scripts.supply.lock import BASE_DIR, Package, read_lock

PAGE = BASE_DIR / "docs" / "licences.md"
# What may be used in a program that a clinic runs on machines of its own, and what each asks of it.
ALLOWED = {
    "MIT": "the notice stays",
    "MIT-0": "nothing",
    "MIT-CMU": "the notice stays",
    "BSD-2-Clause": "the notice stays",
    "BSD-3-Clause": "the notice stays; their names advertise nothing",
    "Apache-2.0": "the notices stay; changes are marked",
    "PSF-2.0": "the notice stays; changes are marked",
    "MPL-2.0": "a changed file of theirs that is passed on stays under it; we change none",
    "LGPL-3.0-only": "used as a library that can be replaced, unchanged; whoever gets the program gets its licence text as well",
}
# Read in the licence text of exactly this version, where the metadata name none that is precise, or are not installed here.
READ = {
    ("backports-zstd", "1.8.0"): "PSF-2.0",
    ("colorama", "0.4.6"): "BSD-3-Clause",
    ("fido2", "2.2.1"): "BSD-2-Clause AND Apache-2.0 AND MPL-2.0",
    ("qrcode", "8.2"): "BSD-3-Clause",
    ("sqlparse", "0.6.1"): "BSD-3-Clause",
}
SPDX = Licensing()
CLASSIFIERS = {"License :: OSI Approved :: MIT License": "MIT"}
ROW = re.compile(r"^\| ([a-z0-9.-]+) \| (\d\S*) \| (.+?) \| .+ \|$", re.MULTILINE)


def licence_of(package: Package) -> str | None:
    """Return the licence of a package as an SPDX expression; None where neither the metadata nor we can tell."""
    if read := READ.get((package.name, package.version)):
        return read
    try:
        about = metadata.metadata(package.name)
    except metadata.PackageNotFoundError:
        return None
    if about["Version"] != package.version:
        return None
    if expression := about.get("License-Expression"):
        return expression
    # Before there were expressions, a field held the name or the whole text.
    if (free := about.get("License")) in ALLOWED:
        return free
    return next((CLASSIFIERS[each] for each in about.get_all("Classifier", []) if each in CLASSIFIERS), None)


def is_allowed(expression: str) -> bool:
    """Return whether we take a package under this SPDX expression: of an OR one side is enough, of an AND all."""
    return taken(SPDX.parse(expression))


def taken(part: LicenseExpression) -> bool:
    """Return whether we take a part of an expression."""
    if isinstance(part, SPDX.OR):
        return any(map(taken, part.args))
    if isinstance(part, SPDX.AND):
        return all(map(taken, part.args))
    return str(part) in ALLOWED


def complaints() -> Iterator[str]:
    """Yield what is not as it should be: licences that are unknown or not taken, and a page that is not current."""
    text = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    written = {name: (version, licence) for name, version, licence in ROW.findall(text)}
    packages = read_lock()
    for package in packages:
        licence = licence_of(package)
        if licence is None:
            yield (
                f"{package.name} {package.version}: the licence cannot be told from what is installed here; "
                "read its text and write it into READ of scripts/supply/licences.py."
            )
        elif not is_allowed(licence):
            yield f"{package.name} {package.version} is under {licence}, which ALLOWED of scripts/supply/licences.py does not have."
        elif written.get(package.name) != (package.version, licence):
            yield f"docs/licences.md does not have {package.name} {package.version} under {licence}: python -m scripts.supply.licences"
    for name in sorted(written.keys() - {package.name for package in packages}):
        yield f"docs/licences.md has {name}, which is not locked: python -m scripts.supply.licences"


def page() -> str:
    """Return docs/licences.md."""
    packages = read_lock()
    rows = [
        f"| {package.name} | {package.version} | {licence_of(package) or 'unknown'} | {package.marker or 'everywhere'} |"
        for package in packages
    ]
    used = {name for package in packages for name in SPDX.license_keys(licence_of(package) or "unknown")}
    asked = [f"| {name} | {asks} |" for name, asks in ALLOWED.items() if name in used]
    return "\n".join(
        [
            "# Licences",
            "",
            "The packages that run with the site, from `requirements.txt` and from what each says of itself.",
            "`python -m scripts.supply.licences` writes this page; `make check` fails when it is not current, or when a",
            "licence is not among those of `scripts/supply/licences.py`. The texts come with the packages, in a release",
            "below `packages/*.dist-info`. What only develops and tests the site stands in `requirements-dev.txt`, and is",
            "not passed on.",
            "",
            "| package | version | licence | where |",
            "| --- | --- | --- | --- |",
            *rows,
            "",
            "| licence | what it asks |",
            "| --- | --- |",
            *asked,
            "",
            "`django-prose-editor` carries the script of the editor, built from Tiptap and ProseMirror (MIT).",
            "",
        ]
    )


def main() -> int:
    """Write the page, then say what is still wrong; return 0 when nothing is."""
    PAGE.write_text(page(), encoding="utf-8")
    found = list(complaints())
    print(*found, sep="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
