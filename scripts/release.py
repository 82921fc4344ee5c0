"""`make release VERSION=…`: builds a version from a clean tree at its tag, twice, and writes what comes with it.

Into var/releases/VERSION: the contents of the image as .tar.gz, the bill of materials, the licences, RELEASE.txt with what was
checked and what was not, and SHA256SUMS of all. What cannot be done here has to be let pass by a word of its own:

  --tested          `make check` and `make test` have passed for this commit elsewhere; they are not run again
  --unaudited       no advisory service could be reached
  --accept ID       this known weakness does not matter here
  --images-by-tag   images of the Dockerfile and compose.yaml have no digest
"""

from __future__ import annotations

import argparse
import hashlib
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from scripts.supply import audit, contents, images, licences, sbom
from scripts.supply.lock import BASE_DIR, read_lock

RELEASES = BASE_DIR / "var" / "releases"


def main(arguments: list[str]) -> int:
    """Make the release; return 0 when its folder is complete."""
    parser = argparse.ArgumentParser(
        prog="make release", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("version")
    for word in ("--tested", "--unaudited", "--images-by-tag"):
        parser.add_argument(word, action="store_true")
    parser.add_argument("--accept", action="append", default=[], metavar="ID")
    given = parser.parse_args(arguments)
    refuse(commit_complaints(given.version, BASE_DIR))
    refuse([*licences.complaints(), *images.complaints()])
    said = [
        *images_said(images.by_tag(), let_pass=given.images_by_tag),
        *audit_said(audit.audit(accepted=given.accept), given.accept, let_pass=given.unaudited),
        *tests_said(let_pass=given.tested),
    ]
    folder = write(given.version, said)
    print(f"\n{folder.relative_to(BASE_DIR)}:", (folder / "SHA256SUMS").read_text(encoding="utf-8"), sep="\n")
    return 0


def refuse(complaints: list[str]) -> None:
    """End with what stands in the way of a release, where anything does."""
    if complaints:
        sys.exit("\n".join(["No release:", *complaints]))


def commit_complaints(version: str, folder: Path) -> list[str]:
    """Return what is wrong with the tree: changed files, or another commit than that of the version's tag."""
    found = [f"{line[3:]} is not as committed." for line in git(folder, "status", "--porcelain").splitlines()]
    if version not in git(folder, "tag", "--points-at", "HEAD").split():
        found.append(f"The commit has no tag {version}: git tag {version}")
    return found


def git(folder: Path, *arguments: str) -> str:
    """Return what git answers."""
    return subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=True).stdout


def images_said(without: list[str], *, let_pass: bool) -> list[str]:
    """Return what the release says of images; refuse it where some have no digest and nobody let that pass."""
    if not without:
        return ["Images: each by its digest."]
    said = f"Images without a digest: {', '.join(without)}."
    if not let_pass:
        refuse([said, "python -m scripts.supply.images asks for them; --images-by-tag releases without."])
    return [f"{said} Let pass by --images-by-tag."]


def audit_said(result: audit.Audit, accepted: list[str], *, let_pass: bool) -> list[str]:
    """Return what the release says of known weaknesses; refuse it where there are some, or where nobody could be asked."""
    if result.code == audit.NOT_AUDITED and not let_pass:
        refuse([*result.sentences(), "--unaudited releases all the same, and the release says so."])
    if result.code not in {0, audit.NOT_AUDITED}:
        refuse(
            [
                *result.sentences(),
                "Take a mended version into the lock, or say --accept ID for each that does not matter here.",
            ]
        )
    said = [f"On {datetime.now(UTC):%Y-%m-%d}: {sentence}" for sentence in result.sentences()]
    said += [f"Known and accepted: {each}." for each in accepted]
    return said if result.code == 0 else [*said, "Let pass by --unaudited."]


def tests_said(*, let_pass: bool) -> list[str]:
    """Run checks and tests, or take the word for it; return what the release says of them."""
    if let_pass:
        return ["Checks and tests: said by --tested to have passed for this commit, not run by the release."]
    for module in ("scripts.check", "scripts.run_tests"):
        if subprocess.run([sys.executable, "-m", module], cwd=BASE_DIR, check=False).returncode:
            refuse([f"{module} failed."])
    return ["Checks and tests: passed in this run."]


def write(version: str, said: list[str]) -> Path:
    """Build everything beside the place it goes to, then put it there whole; return that place."""
    commit, at = git(BASE_DIR, "show", "--no-patch", "--format=%H %ct", "HEAD").split()
    name = f"clinic-{version}"
    RELEASES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=RELEASES) as place:
        new = Path(place, "new")
        new.mkdir()
        packed = new / f"{name}-{contents.platform_name()}.tar.gz"
        build_twice(packed, lambda tree: contents.build(tree, commit), name=name, at=int(at))
        bill = sbom.bill(read_lock(), version=version, at=datetime.fromtimestamp(int(at), UTC))
        (new / f"{name}.cdx.json").write_text(bill, encoding="utf-8")
        shutil.copyfile(licences.PAGE, new / "licences.md")
        about = [
            f"Version {version}, commit {commit}, built twice with Python {platform.python_version()}, both the same."
        ]
        (new / "RELEASE.txt").write_text("\n".join([*about, *said, ""]), encoding="utf-8")
        (new / "SHA256SUMS").write_text("".join(sums(new)), encoding="utf-8")
        shutil.rmtree(RELEASES / version, ignore_errors=True)
        return new.rename(RELEASES / version)


def build_twice(packed: Path, build: Callable[[Path], None], *, name: str, at: int) -> None:
    """Build the contents in two folders and keep the first; refuse the release where their bytes differ."""
    digests = []
    for file in (packed, packed.with_name("again")):
        with tempfile.TemporaryDirectory() as tree:
            build(Path(tree))
            contents.pack(Path(tree), file, name=name, at=at)
        digests.append(digest(file))
    file.unlink()
    if len(set(digests)) > 1:
        refuse([f"Two builds of one commit differ: {' and '.join(digests)}."])


def digest(file: Path) -> str:
    """Return the SHA-256 of a file."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def sums(folder: Path) -> Iterator[str]:
    """Yield the lines of SHA256SUMS, as `sha256sum --check` reads them."""
    for file in sorted(folder.iterdir()):
        yield f"{digest(file)}  {file.name}\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
