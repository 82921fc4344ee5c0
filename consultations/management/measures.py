"""What monitoring asks of the worker: how long the queues are, what is overdue, when it was last at work. Counts only."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.db import connection
from django.db.models import Count, Min
from django.utils import timezone
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import make_wsgi_app
from prometheus_client.registry import Collector

from consultations.database import DATABASE_AWAY
from consultations.models import ConsultationRequest, EscalationMail, Message
from consultations.statuses import MessageState
from content.models import DeskMail

WAITING = (MessageState.QUEUED, MessageState.SENDING)


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _SharedServer(_Server):
    allow_reuse_port = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  as the base class calls it
        """Write no access log."""


def listen(host: str, port: int, registry: CollectorRegistry, *, shared: bool = False) -> WSGIServer:
    """Answer Prometheus from now on, in threads that end with the process; `shared` lets several processes listen at one port.

    Raises:
        OSError: when the port cannot be listened on.
    """
    server = make_server(
        host, port, make_wsgi_app(registry), _SharedServer if shared else _Server, handler_class=_Quiet
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def registry_of(last_round: Callable[[], dt.datetime | None]) -> CollectorRegistry:
    """Return what the worker answers with; `last_round` tells when it was last through with all its jobs."""
    registry = CollectorRegistry()
    registry.register(WorkerCollector(last_round))
    return registry


class WorkerCollector(Collector):
    """Counts anew whenever it is asked."""

    def __init__(self, last_round: Callable[[], dt.datetime | None]) -> None:
        self.last_round = last_round

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield the gauges; those of the database are left out while it is away."""
        ended = self.last_round()
        yield GaugeMetricFamily(
            "clinic_worker_last_round_timestamp_seconds",
            "When the worker was last through with all that was due (Unix time; 0: not yet).",
            value=ended.timestamp() if ended else 0,
        )
        try:
            found = list(self.counted(timezone.now()))
        except DATABASE_AWAY:
            found = []
        finally:
            # Each answer has a thread of its own, and so a connection of its own: nobody else would close it.
            if not connection.in_atomic_block:
                connection.close()
        yield GaugeMetricFamily("clinic_database_up", "Whether the database answered.", value=bool(found))
        yield from found

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Say nothing beforehand, so that registering asks no database."""
        return iter(())

    def counted(self, now: dt.datetime) -> Iterator[GaugeMetricFamily]:
        """Yield what is waiting at `now`, and what is overdue."""
        length = GaugeMetricFamily("clinic_mails_waiting", "Mails that have not left yet, by queue.", labels=["queue"])
        oldest = GaugeMetricFamily(
            "clinic_oldest_mail_seconds", "How long ago the longest waiting mail was due, by queue.", labels=["queue"]
        )
        waiting = {
            "visitors": Message.objects.filter(state__in=WAITING),
            "editors": DeskMail.objects.waiting(),
            "managers": EscalationMail.objects.waiting(),
        }
        for queue, mails in waiting.items():
            row = mails.aggregate(number=Count("pk"), first=Min("due_at"))
            length.add_metric([queue], row["number"])
            oldest.add_metric([queue], max((now - row["first"]).total_seconds(), 0) if row["first"] else 0)
        yield length
        yield oldest
        yield GaugeMetricFamily(
            "clinic_overdue_requests",
            "Requests whose promised answer is overdue.",
            value=ConsultationRequest.objects.overdue(now).count(),
        )
