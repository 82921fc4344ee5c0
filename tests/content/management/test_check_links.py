"""`manage.py check_links` asks what public pages link to, and fails when something is broken."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from content.linking import outside
from content.models import Reference
from tests.content.linking.other_site import OtherSite, other_site
from tests.factories import (
    make_article,
    make_draft,
    make_finding,
    make_notice,
    make_question,
    make_reference,
    make_therapy,
    section_words,
)

pytestmark = pytest.mark.usefixtures("clinic")


def check(*args: str) -> tuple[str, str, str]:
    """Return what the command printed, what it told meanwhile, and what it said when it failed."""
    out, told, failed = io.StringIO(), io.StringIO(), ""
    try:
        call_command("check_links", *args, stdout=out, stderr=told)
    except CommandError as error:
        failed = f"{error.returncode}: {error}"
    return out.getvalue(), told.getvalue(), failed


@pytest.fixture
def site() -> Iterator[OtherSite]:
    """Another site."""
    with other_site() as running:
        yield running


def cite(*urls: str) -> None:
    """Write an article that cites sources at these addresses, which no form would take."""
    sources = [make_reference() for _ in urls]
    for source, url in zip(sources, urls, strict=True):
        Reference.objects.filter(pk=source.pk).update(url=url, key=url.rpartition("/")[2])
    make_article(citations=sources)


def test_everything_that_readers_can_follow_is_found() -> None:
    outside_link = '<p><a href="https://{}.example/">x</a> <a href="/faq/">y</a> <a href="mailto:a@b.example">z</a></p>'
    make_article(
        title="A",
        lead=outside_link.format("lead"),
        sections=[section_words(heading="S", body=outside_link.format("body"))],
    )
    make_therapy(name="T", description=outside_link.format("therapy"))
    make_question(question="Q?", answer=outside_link.format("lead"))
    make_notice(title="N", text="<p>No link.</p>", source="https://law.example/")
    make_finding(reference=make_reference(key="cell", doi="10.1000/x", url="https://journal.example/x"))
    make_draft(lead=outside_link.format("draft"), citations=[make_reference(url="https://draft.example/cited")])

    assert outside.public(timezone.now()) == {
        "https://lead.example/": ["article “A”, lead", "question “Q?”, answer"],
        "https://body.example/": ["article “A”, section “S”"],
        "https://therapy.example/": ["therapy “T”, description"],
        "https://doi.org/10.1000/x": ["reference cell"],
        "https://journal.example/x": ["reference cell"],
        "https://law.example/": ["notice “N”, source"],
    }


def test_report_names_what_is_not_there_and_where_it_stands(site: OtherSite) -> None:
    cite(f"{site.address}/fine", f"{site.address}/404", f"{site.address}/403")

    out, told, failed = check("--private")

    assert out.splitlines() == [
        f"unclear: {site.address}/403 turns programs away (403); please look yourself.",
        "    reference 403",
        f"broken: {site.address}/404 answers 404.",
        "    reference 404",
        "3 links to other sites: 1 there, 1 turned away, 1 broken.",
    ]
    assert [line.split(":")[0] for line in told.splitlines()] == ["1 of 3", "2 of 3", "3 of 3"]
    assert failed == "1: 1 link is broken."


def test_nothing_broken_is_no_failure(site: OtherSite) -> None:
    cite(f"{site.address}/fine", f"{site.address}/403")

    assert check("--private", "--verbosity", "0")[1:] == ("", "")


def test_json_has_every_link(site: OtherSite) -> None:
    cite(f"{site.address}/fine")

    out, _, failed = check("--private", "--format", "json")

    row = {
        "url": f"{site.address}/fine",
        "verdict": "ok",
        "status": 200,
        "words": "there",
        "places": ["reference fine"],
    }
    assert (json.loads(out), failed) == ([row], "")


def test_this_machine_is_not_asked_without_being_told_to(site: OtherSite) -> None:
    cite(f"{site.address}/fine")

    out, _, failed = check()

    assert "is within a private network and was not asked" in out
    assert (site.asked, failed) == ([], "1: 1 link is broken.")


@pytest.mark.parametrize(
    "wrong", [["--timeout", "0"], ["--timeout", "x"], ["--threads", "0"], ["--threads", "33"], ["--threads", "1.5"]]
)
def test_wrong_option_is_refused(wrong: list[str]) -> None:
    with pytest.raises(CommandError, match="must be a number from"):
        call_command("check_links", *wrong)
