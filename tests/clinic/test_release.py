"""A release is made from a clean tree at its tag, has the same bytes whenever it is built, and lets nothing pass unsaid."""

from __future__ import annotations

import hashlib
import os
import tarfile
from pathlib import Path

import pytest
from django.conf import settings

from scripts import release
from scripts.supply import contents
from scripts.supply.audit import Audit


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A clean git tree of one commit with the tag 1.0."""
    for command in (["init", "-q"], ["config", "user.name", "X"], ["config", "user.email", "x@clinic.example"]):
        release.git(tmp_path, *command)
    (tmp_path / "file").write_text("one")
    for command in (["add", "."], ["commit", "-qm", "One"], ["tag", "1.0"]):
        release.git(tmp_path, *command)
    return tmp_path


def test_clean_tree_at_its_tag_is_released(tree: Path) -> None:
    assert release.commit_complaints("1.0", tree) == []


def test_commit_without_the_tag_is_refused(tree: Path) -> None:
    assert release.commit_complaints("1.1", tree) == ["The commit has no tag 1.1: git tag 1.1"]


def test_tree_with_changed_and_new_files_is_refused(tree: Path) -> None:
    (tree / "file").write_text("two")
    (tree / "other").write_text("two")

    assert release.commit_complaints("1.0", tree) == ["file is not as committed.", "other is not as committed."]


def test_release_that_nobody_could_audit_needs_a_word_and_tells_it() -> None:
    unknown = Audit(unanswered=["The service osv could not be reached."])

    with pytest.raises(SystemExit, match="could not be reached"):
        release.audit_said(unknown, [], let_pass=False)
    assert release.audit_said(unknown, [], let_pass=True)[-1] == "Let pass by --unaudited."


def test_release_with_a_known_weakness_is_refused_also_with_the_word_for_no_audit() -> None:
    weak = Audit(service="osv", weaknesses=["one 1.0 has PYSEC-1, mended in 1.1."])

    with pytest.raises(SystemExit, match="PYSEC-1"):
        release.audit_said(weak, [], let_pass=True)


def test_release_names_accepted_weaknesses() -> None:
    assert release.audit_said(Audit(service="osv"), ["PYSEC-1"], let_pass=False)[-1] == "Known and accepted: PYSEC-1."


def test_release_with_an_image_by_tag_needs_a_word_and_tells_it() -> None:
    with pytest.raises(SystemExit, match="Images without a digest: postgres:17"):
        release.images_said(["postgres:17"], let_pass=False)
    assert release.images_said(["postgres:17"], let_pass=True) == [
        "Images without a digest: postgres:17. Let pass by --images-by-tag."
    ]


def test_copied_is_what_the_last_stage_takes_from_the_project() -> None:
    dockerfile = (settings.BASE_DIR / "Dockerfile").read_text()

    assert contents.copied(dockerfile) == ["manage.py", "clinic", "content", "consultations", "templates", "static"]


def fill(tree: Path, names: list[str]) -> None:
    """Write files in the order given."""
    for name in names:
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(name)


def test_two_builds_with_other_times_orders_and_rights_are_kept_as_one(tmp_path: Path) -> None:
    names = ["b/two", "a/one", "c"]
    builds = iter([(names, 0o600, 1), (names[::-1], 0o664, 2)])

    def build(tree: Path) -> None:
        order, mode, seconds = next(builds)
        fill(tree, order)
        (tree / "c").chmod(mode)
        os.utime(tree / "c", (seconds, seconds))

    release.build_twice(tmp_path / "x.tar.gz", build, name="x", at=1_700_000_000)

    with tarfile.open(tmp_path / "x.tar.gz") as packed:
        assert [(entry.name, oct(entry.mode), entry.mtime, entry.uid) for entry in packed] == [
            ("x", "0o755", 1_700_000_000, 0),
            ("x/a", "0o755", 1_700_000_000, 0),
            ("x/a/one", "0o644", 1_700_000_000, 0),
            ("x/b", "0o755", 1_700_000_000, 0),
            ("x/b/two", "0o644", 1_700_000_000, 0),
            ("x/c", "0o644", 1_700_000_000, 0),
        ]
    assert [path.name for path in tmp_path.iterdir()] == ["x.tar.gz"]


def test_two_builds_that_differ_are_refused(tmp_path: Path) -> None:
    builds = iter(["one", "two"])

    with pytest.raises(SystemExit, match="Two builds of one commit differ"):
        release.build_twice(tmp_path / "x.tar.gz", lambda tree: fill(tree, [next(builds)]), name="x", at=1_700_000_000)


def test_checksums_are_lines_that_sha256sum_reads(tmp_path: Path) -> None:
    fill(tmp_path, ["b", "a"])

    assert list(release.sums(tmp_path)) == [
        f"{hashlib.sha256(b'a').hexdigest()}  a\n",
        f"{hashlib.sha256(b'b').hexdigest()}  b\n",
    ]
