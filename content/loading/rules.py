"""Checks within one row of a library, by model."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from phonenumbers import SUPPORTED_REGIONS

from content.comparison.tables import LEAST, MOST, SEPARATOR
from content.loading import sections
from content.loading.children import reference_numbers
from content.loading.rows import Link, Model, Row
from content.loading.source import BODY, Problem
from content.loading.values import quoted
from content.models import (
    Article,
    Center,
    ClinicProfile,
    Comparison,
    Country,
    Notice,
    Policy,
    Reference,
    RelatedArticle,
    Revision,
    Therapy,
)

REGION = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")
YEARS = range(1800, 2201)
RESPONSE_HOURS = range(1, 201)

type Rule = Callable[[Row], Iterator[Problem]]


def reference_can_be_found(row: Row) -> Iterator[Problem]:
    """A web address or a DOI, and a year of four digits."""
    if not any(row.entry.values.get(name) for name in ("url", "doi", "pmid")):
        yield Problem(*row.entry.place, 'give a "url", a "doi" or a "pmid", so that a reader can look the source up')
    if "year" in row.values and row.values["year"] not in YEARS:
        yield Problem(*row.entry.at("year"), f'"year" is {row.values["year"]}; it must have four digits')


def therapy_fits_an_address(row: Row) -> Iterator[Problem]:
    """Its slug leaves the address of a comparison readable."""
    if SEPARATOR in str(row.values.get("slug")):
        yield Problem(
            *row.entry.place, f'the slug must not contain "{SEPARATOR}", which separates therapies in addresses'
        )


def comparison_has_a_table(row: Row) -> Iterator[Problem]:
    """Two to four therapies, and criteria; lists that cannot be read are reported already."""
    therapies, criteria = row.entry.values.get("therapies", []), row.entry.values.get("criteria", [])
    if isinstance(therapies, list) and not LEAST <= len(therapies) <= MOST:
        sentence = f'"therapies" must name {LEAST} to {MOST} therapies, not {len(therapies)}'
        yield Problem(*row.entry.at("therapies"), sentence)
    if criteria == []:
        yield Problem(*row.entry.at("criteria"), '"criteria" must name at least one criterion')


def article_is_reviewed(row: Row) -> Iterator[Problem]:
    """By someone else than its author, before it is published, and again later."""
    said = row.children[Revision][0].values
    author, reviewer = said.get("author"), said.get("medical_reviewer")
    if isinstance(author, Link) and isinstance(reviewer, Link) and author.key == reviewer.key:
        yield Problem(*row.entry.at("reviewer"), '"reviewer" is the author; it must be someone else')
    reviewed, next_review = said.get("reviewed_on"), said.get("next_review_on")
    if reviewed and next_review and next_review <= reviewed:
        yield Problem(*row.entry.at("next_review"), '"next_review" must be later than "reviewed"')
    for name in ("reviewer", "reviewed", "next_review"):
        if said.get("published_at") and name not in row.entry.values:
            yield Problem(*row.entry.at("published"), f'an article with "published" needs "{name}"')


def article_text_holds_together(row: Row) -> Iterator[Problem]:
    """Anchors, embeds and citations of its sections, and guides to read next other than itself."""
    parts = sections.split(row.entry.texts[BODY])
    texts = [part.text for part in parts]
    yield from sections.find_anchor_problems(parts[1:])
    yield from sections.find_embed_problems(parts)
    yield from sections.find_citation_problems(texts, list(reference_numbers(row.entry)), row.entry.at("references"))
    if any(link.key == row.values.get("slug") for guide in row.children[RelatedArticle] for link in guide.links):
        yield Problem(*row.entry.at("related"), '"related" names the article itself')


def policy_has_anchors(row: Row) -> Iterator[Problem]:
    """Every section can be linked to."""
    yield from sections.find_anchor_problems(sections.split(row.entry.texts[BODY])[1:])


def notice_ends_after_it_starts(row: Row) -> Iterator[Problem]:
    """Its last day is not before its first."""
    starts, ends = row.values.get("starts_on"), row.values.get("ends_on")
    if starts and ends and ends < starts:
        yield Problem(*row.entry.at("ends"), '"ends" must not be before "starts"')


def country_is_known(row: Row) -> Iterator[Problem]:
    """Its code is one of ISO 3166-1."""
    code = row.values.get("code", "")
    if code and code not in SUPPORTED_REGIONS:
        yield Problem(*row.entry.at("country"), f'"country" is {quoted(code)}; use a code of ISO 3166-1, such as GB')


def center_is_on_earth(row: Row) -> Iterator[Problem]:
    """Its coordinates are degrees."""
    for name, most in (("latitude", 90), ("longitude", 180)):
        if name in row.values and abs(row.values[name]) > most:
            yield Problem(*row.entry.at(name), f'"{name}" is {row.values[name]}; it must be between -{most} and {most}')


def center_region_is_in_its_country(row: Row) -> Iterator[Problem]:
    """Its region, where it has one, is a part of its country."""
    region, country = row.values.get("region"), row.values.get("country")
    if region and country and not (REGION.fullmatch(region) and region.startswith(f"{country.key}-")):
        sentence = f'"region" is {quoted(region)}; use a code of ISO 3166-2 that starts with {country.key}-'
        yield Problem(*row.entry.at("region"), sentence)


def clinic_answers_in_time(row: Row) -> Iterator[Problem]:
    """The promised answer is plausible."""
    response_hours = row.values.get("response_hours", RESPONSE_HOURS.start)
    if response_hours not in RESPONSE_HOURS:
        yield Problem(*row.entry.at("response_hours"), f'"response_hours" is {response_hours}; promise 1 to 200')


RULES: Mapping[Model, tuple[Rule, ...]] = {
    ClinicProfile: (clinic_answers_in_time,),
    Reference: (reference_can_be_found,),
    Therapy: (therapy_fits_an_address,),
    Comparison: (comparison_has_a_table,),
    Article: (article_is_reviewed, article_text_holds_together),
    Policy: (policy_has_anchors,),
    Notice: (notice_ends_after_it_starts,),
    Country: (country_is_known,),
    Center: (center_is_on_earth, center_region_is_in_its_country),
}


def find_problems(row: Row) -> Iterator[Problem]:
    """Yield what is wrong within a row."""
    for rule in RULES.get(row.model, ()):
        yield from rule(row)
