"""Stores what a visitor was shown when they sent a request: form, consent texts, notices, the article they came from.

`record` writes each text as it reads at that moment, once per wording, in the transaction that writes the request; `of`
puts it together again, whatever was edited since.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from consultations.models import Consent, ConsentText, ConsultationRequest, ShownText
from consultations.statuses import ConsentPurpose, ShownKind
from content import notices, richtext
from content.comparison.reading import tables_of
from content.comparison.tables import Table
from content.models import Notice, Revision

FORM_TITLE = "Request form"
ARTICLES = "/articles/"


@dataclass(frozen=True)
class Text:
    """A text as it was shown."""

    kind: ShownKind
    title: str
    text: str

    @property
    def digest(self) -> str:
        """SHA-256 over kind, title and text: the same wording has the same digest, another wording another."""
        return hashlib.sha256("\n".join([self.kind, self.title, self.text]).encode()).hexdigest()


@dataclass(frozen=True)
class Answer:
    """A consent box: its words, and whether and when it was ticked and taken back."""

    purpose: str
    version: int | None
    text: str
    given_at: dt.datetime | None
    withdrawn_at: dt.datetime | None


@dataclass(frozen=True)
class Proof:
    """Everything shown for one request and what was agreed to."""

    request: ConsultationRequest
    answers: list[Answer]
    shown: list[ShownText]

    def as_data(self) -> dict[str, Any]:
        """Return it for JSON; moments stay datetimes, which Django's encoder writes in ISO 8601."""
        return {
            "reference": self.request.reference,
            "received_at": self.request.received_at,
            "source": self.request.source,
            "consents": [vars(answer) for answer in self.answers],
            "shown": [
                {
                    "kind": text.kind,
                    "title": text.title,
                    "sha256": text.digest,
                    "first_shown_at": text.first_shown_at,
                    "text": text.text,
                }
                for text in self.shown
            ],
        }


def record(
    request: ConsultationRequest,
    *,
    form_text: str,
    consent_texts: Iterable[ConsentText],
    now: dt.datetime,
    place_notices: Iterable[Notice] | None = None,
) -> None:
    """Write down what the visitor was shown. Call it inside the transaction that writes the request.

    Args:
        request: with center, therapies and attribution written.
        form_text: the form's words in order, see form_text.py; "" where no form was shown, as for invented requests.
        consent_texts: the words beside the boxes, ticked or not.
        now: when the request arrived.
        place_notices: those of the place that was chosen; they are read where they are not given.
    """
    texts = [Text(ShownKind.FORM, FORM_TITLE, form_text)] if form_text else []
    texts += [Text(ShownKind.CONSENT, str(text), text.text) for text in consent_texts]
    found = notices.for_center(request.center, now) if place_notices is None else place_notices
    texts += [Text(ShownKind.NOTICE, notice.title, richtext.to_text(notice.text)) for notice in found]
    texts += _article(request, now)
    _keep(request, texts, now)


def record_consent(request: ConsultationRequest, text: ConsentText, *, now: dt.datetime) -> None:
    """Write down the words beside a box that was ticked later, on the private page."""
    _keep(request, [Text(ShownKind.CONSENT, str(text), text.text)], now)


def of(request: ConsultationRequest) -> Proof:
    """Return what was shown for a request and what became of each consent box."""
    shown = list(request.shown.all())
    given = list(request.consents.select_related("text"))
    ticked = {str(consent.text) for consent in given}
    answers = [_given(consent) for consent in given]
    answers += [
        Answer(text.title, None, text.text, None, None)
        for text in shown
        if text.kind == ShownKind.CONSENT and text.title not in ticked
    ]
    order = list(ShownKind)
    shown.sort(key=lambda text: (order.index(ShownKind(text.kind)), text.title))
    return Proof(request, answers, shown)


def _keep(request: ConsultationRequest, texts: Iterable[Text], now: dt.datetime) -> None:
    """Write each text once per wording and tie it to the request."""
    # In a fixed order, so that two transactions that write the same texts never wait for each other.
    rows = {text.digest: text for text in sorted(texts, key=lambda text: text.digest)}
    known = ShownText.objects.filter(digest__in=rows).values_list("digest", "pk")
    if missing := rows.keys() - (found := dict(known)).keys():
        ShownText.objects.bulk_create(
            [
                ShownText(kind=text.kind, title=text.title, text=text.text, digest=digest, first_shown_at=now)
                for digest, text in rows.items()
                if digest in missing
            ],
            ignore_conflicts=True,
        )
        found = dict(known.all())
    request.shown.add(*found.values())


def _given(consent: Consent) -> Answer:
    purpose = ConsentPurpose(consent.text.purpose).label
    return Answer(purpose, consent.text.version, consent.text.text, consent.given_at, consent.withdrawn_at)


def _article(request: ConsultationRequest, now: dt.datetime) -> list[Text]:
    """Return the article the visitor came from as it reads now; none where the source is unknown."""
    page = str(request.attribution.get("page", ""))
    slug = page.removeprefix(ARTICLES).strip("/") if page.startswith(ARTICLES) else ""
    revision = (
        Revision.objects.public(now).filter(article__slug=slug).select_related("article").first() if slug else None
    )
    if revision is None:
        return []
    sections = list(revision.sections.select_related("comparison"))
    tables = tables_of([section.comparison for section in sections if section.comparison], {})
    lines = [revision.title, f"Reviewed on {revision.reviewed_on:%Y-%m-%d}", revision.key_points]
    lines.append(richtext.to_text(revision.lead))
    for section in sections:
        lines += [f"\n{section.heading}", richtext.to_text(section.body), section.figure_caption, section.image_alt]
        table = tables.get(section.comparison_id)
        lines += _table(table) if table else []
    title = f"{revision.title} ({revision.get_absolute_url()})"
    return [Text(ShownKind.ARTICLE, title[:200], "\n".join(line for line in lines if line))]


def _table(table: Table) -> list[str]:
    """Return a comparison as lines."""
    lines = [f"Table: {table.caption}"]
    for row in table.rows:
        cells = [f"{cell.therapy.short_name}: {cell.finding.value if cell.finding else '–'}" for cell in row.cells]
        lines.append(f"{row.criterion.name} | {' | '.join(cells)}")
    return lines
