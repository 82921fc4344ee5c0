"""What a report is about: days, center, therapy, status; narrows requests to it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet

from consultations.models import ConsultationRequest
from consultations.statuses import Status
from content.models import Center, Therapy

DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Asked:
    """The first and the last day (UTC, both included), and what the requests are narrowed to."""

    first: dt.date
    last: dt.date
    center: Center | None = None
    therapy: Therapy | None = None
    status: Status | None = None

    @property
    def begin(self) -> dt.datetime:
        """The instant at which the first day begins."""
        return midnight(self.first)

    @property
    def end(self) -> dt.datetime:
        """The instant at which the last day is over."""
        return midnight(self.last + DAY)

    @property
    def before(self) -> Asked:
        """The same of as many days right before."""
        days = (self.last - self.first).days + 1
        away = dt.timedelta(days=days)
        return Asked(self.first - away, self.last - away, self.center, self.therapy, self.status)

    @property
    def is_narrowed(self) -> bool:
        """Whether it is about some of the requests only."""
        return any(one is not None for one in (self.center, self.therapy, self.status))

    def received(self, requests: QuerySet[ConsultationRequest]) -> QuerySet[ConsultationRequest]:
        """Return those of the requests that came in on these days, narrowed."""
        return self.narrowed(requests).filter(received_at__gte=self.begin, received_at__lt=self.end).order_by()

    def narrowed(self, requests: QuerySet[ConsultationRequest]) -> QuerySet[ConsultationRequest]:
        """Return those of any day."""
        if self.center is not None:
            requests = requests.filter(center=self.center)
        if self.therapy is not None:
            requests = requests.filter(therapies=self.therapy)
        if self.status is not None:
            requests = requests.filter(status=self.status)
        return requests

    @property
    def in_words(self) -> str:
        """The same for a history: `2026-09-01 to 2026-11-26, Miami`."""
        status = str(self.status.label) if self.status else None
        named = [f"{self.first} to {self.last}", self.center, self.therapy, status]
        return ", ".join(str(one) for one in named if one)


def midnight(day: dt.date) -> dt.datetime:
    """Return the instant (UTC) at which a day begins."""
    return dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC)
