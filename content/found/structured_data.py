"""JSON-LD (schema.org) of public pages; it repeats what the page shows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from content import hours
from content.choices import DAY_NAMES
from content.text import printable

if TYPE_CHECKING:
    from content.found.page import Page
    from content.models import Center, ClinicProfile, Contributor, Revision, Therapy

CONTEXT = "https://schema.org"


def breadcrumbs(page: Page) -> dict[str, Any]:
    """Return the BreadcrumbList of a page; the last item is the page itself."""
    trail = [*page.crumbs, (page.title, page.path)]
    items = [
        {"@type": "ListItem", "position": position, "name": name, "item": settings.SITE_URL + path}
        for position, (name, path) in enumerate(trail, start=1)
    ]
    return {"@context": CONTEXT, "@type": "BreadcrumbList", "itemListElement": items}


def medical_web_page(page: Page, revision: Revision | None = None) -> dict[str, Any]:
    """Return a MedicalWebPage; a revision of an article adds the people and dates that its page shows."""
    data: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "MedicalWebPage",
        "name": page.title,
        "description": page.description,
        "url": page.url,
        "inLanguage": "en",
        "audience": {"@type": "Patient"},
    }
    if revision is not None:
        data["author"] = _person(revision.author)
        # A draft that staff look at has neither.
        if revision.medical_reviewer:
            data["reviewedBy"] = _person(revision.medical_reviewer)
        if revision.reviewed_on:
            data["lastReviewed"] = revision.reviewed_on.isoformat()
    return data


def medical_therapy(therapy: Therapy) -> dict[str, Any]:
    """Return what a therapy's page is about: its name, and its status as the page shows it."""
    return {
        "@type": "MedicalTherapy",
        "name": therapy.name,
        "legalStatus": therapy.get_regulatory_status_display(),
    }


def medical_clinic(page: Page, center: Center) -> dict[str, Any]:
    """Return a MedicalClinic with address, position and opening hours."""
    data: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "MedicalClinic",
        "name": center.name,
        "url": page.url,
        "address": {
            "@type": "PostalAddress",
            "streetAddress": center.address,
            "addressLocality": center.city,
            "postalCode": center.postal_code,
            "addressCountry": center.country_id,
        },
        "geo": {"@type": "GeoCoordinates", "latitude": float(center.latitude), "longitude": float(center.longitude)},
        "openingHoursSpecification": [
            {
                "@type": "OpeningHoursSpecification",
                "dayOfWeek": DAY_NAMES[period.weekday],
                "opens": f"{period.opens:%H:%M}",
                # To readers of this format, 00:00-00:00 is a closed day; a time before `opens` is on the next day.
                "closes": "23:59" if period.closes == hours.MIDNIGHT else f"{period.closes:%H:%M}",
            }
            for period in center.opening_periods.all()
        ],
    }
    if center.phone:
        data["telephone"] = str(center.phone)
    return data


def organization(clinic: ClinicProfile) -> dict[str, Any]:
    """Return the clinic as a MedicalOrganization, for the home page."""
    return {
        "@context": CONTEXT,
        "@type": "MedicalOrganization",
        "name": clinic.name,
        "url": settings.SITE_URL + "/",
        "telephone": str(clinic.phone),
        "slogan": clinic.tagline,
    }


def script(objects: list[dict[str, Any]]) -> SafeString:
    """Return a JSON-LD data block; `<`, `>` and `&` are escaped so that no text can close it.

    A data block is not executed, so a Content-Security-Policy without inline script lets it stand
    (HTML, "prepare the script element": https://html.spec.whatwg.org/#prepare-the-script-element).
    """
    text = json.dumps(_printable(objects), ensure_ascii=False, separators=(",", ":"))
    escaped = text.replace("<", "\\u003C").replace(">", "\\u003E").replace("&", "\\u0026")
    return mark_safe(f'<script type="application/ld+json">{escaped}</script>')  # noqa: S308  escaped above


def _printable(value: Any) -> Any:
    """Tidy every text; before it is JSON, in which a line end would have to be escaped."""
    if isinstance(value, dict):
        return {name: _printable(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_printable(part) for part in value]
    return printable(value) if isinstance(value, str) else value


def _person(person: Contributor) -> dict[str, Any]:
    data: dict[str, Any] = {"@type": "Person", "name": person.name, "jobTitle": person.role}
    if person.credentials:
        data["honorificSuffix"] = person.credentials
    return data
