"""Re-encrypts stored texts with the newest key of FIELD_KEYS.

A text is read sealed, sealed anew and written back only if the database still holds what was read (compare-and-set), so
a text that somebody changes meanwhile keeps the change, which the newest key sealed anyway. Texts that the newest key
opens are passed over: a run that was stopped goes on where it was.

The digests by which the desk filters encrypted columns are keyed with SECRET_KEY; they are made anew with the present one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.db.models import Value
from django.db.models.functions import Cast

from consultations.links import coarse
from consultations.models import ConsultationRequest
from consultations.models.fields import ENCRYPTED, Unreadable, current_fernet

BATCH = 500
SEALED = models.TextField()


@dataclass
class Tally:
    """What happened to the texts of one column so far.

    Attributes:
        unreadable: primary keys of rows whose text no key in FIELD_KEYS opens.
    """

    column: str
    total: int = 0
    seen: int = 0
    rotated: int = 0
    unreadable: list[object] = field(default_factory=list)


def columns() -> list[tuple[type[models.Model], str]]:
    """Return every encrypted column of every model."""
    return [
        (model, column.name)
        for model in apps.get_models()
        for column in model._meta.concrete_fields  # noqa: SLF001  Django's own public way to a model's fields
        if isinstance(column, ENCRYPTED)
    ]


def rotate(model: type[models.Model], name: str, *, batch: int = BATCH) -> Iterator[Tally]:
    """Seal a column's texts with the newest key, a short transaction per batch, and yield the tally after each."""
    rows = _rows(model, name).exclude(sealed="").order_by("pk")
    tally = Tally(f"{model._meta.label}.{name}", total=rows.count())  # noqa: SLF001
    newest = Fernet(settings.FIELD_KEYS[0])
    last: object = None
    while found := list((rows.filter(pk__gt=last) if last is not None else rows).values_list("pk", "sealed")[:batch]):
        anew = [(pk, sealed, fresh) for pk, sealed in found if (fresh := _anew(pk, sealed, newest, tally))]
        with transaction.atomic():
            tally.rotated += sum(put(model, name, pk, sealed, fresh) for pk, sealed, fresh in anew)
        last = found[-1][0]
        tally.seen += len(found)
        yield tally
    if not tally.seen:
        yield tally


def renew_digests(*, batch: int = BATCH) -> int:
    """Write the digests of languages and pages with the present SECRET_KEY, and return how many requests had others."""
    rows = ConsultationRequest.objects.filter(erased_at=None).order_by("pk")
    changed, last = 0, 0
    while found := list(rows.filter(pk__gt=last).only("language", "source", *coarse.KEPT)[:batch]):
        with transaction.atomic():
            changed += sum(map(_renew, found))
        last = found[-1].pk
    return changed


def _renew(row: ConsultationRequest) -> int:
    fresh = coarse.kept(row.language, row.source)
    before = {name: getattr(row, name) for name in fresh}
    unreadable = isinstance(row.language, Unreadable) or isinstance(row.source, Unreadable)
    if fresh == before or unreadable:
        return 0
    return ConsultationRequest.objects.filter(pk=row.pk, erased_at=None, **before).update(**fresh)


def put(model: type[models.Model], name: str, pk: object, sealed: str, fresh: str) -> int:
    """Put `fresh` in the place of `sealed` and return 1, or 0 where the row holds something else by now."""
    # An expression and not a text: the field would seal what is sealed already.
    return _rows(model, name).filter(pk=pk, sealed=sealed).update(**{name: Value(fresh, output_field=SEALED)})


def _rows(model: type[models.Model], name: str) -> models.QuerySet[Any]:
    return model._base_manager.annotate(sealed=Cast(name, SEALED))  # noqa: SLF001  the manager that hides no row


def _anew(pk: object, sealed: str, newest: Fernet, tally: Tally) -> str:
    """Return the text sealed with the newest key, or "" where it is so already or cannot be opened."""
    try:
        newest.decrypt(sealed.encode())
    except InvalidToken:
        pass
    else:
        return ""
    try:
        return current_fernet().rotate(sealed.encode()).decode()
    except InvalidToken:
        tally.unreadable.append(pk)
        return ""
