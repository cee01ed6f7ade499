"""What a running service says of itself over HTTP: `/metrics` for Prometheus, `/healthz` for whoever restarts it."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from wsgiref.types import StartResponse, WSGIEnvironment

from prometheus_client import CollectorRegistry, Histogram, make_wsgi_app
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from tidegate.pipeline.batch import Totals

_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)
"""Bounds of the histogram of pass times: events are promised within ten seconds."""


class Metrics(Collector):
    """Counters read from `totals` when they are asked for, and gauges from `gauges`: name without prefix to value."""

    def __init__(self, totals: Totals, gauges: Callable[[], Mapping[str, float]]) -> None:
        self._totals, self._gauges = totals, gauges
        self.registry = CollectorRegistry()
        self.passes = Histogram(
            "tidegate_pass_seconds",
            "Time of a pass that had something to do.",
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.registry.register(self)

    def collect(self) -> Iterator[Metric]:
        """Everything but the histogram."""
        totals = self._totals
        records = CounterMetricFamily("tidegate_records", "Records read, by outcome.", labels=["log", "outcome"])
        for (log, outcome), number in list(totals.records.items()):
            records.add_metric([log, outcome], number)
        yield records
        yield _counter("events", "Events stored.", "class", totals.events.items())
        yield _counter("read_bytes", "Decompressed bytes read.", "log", totals.bytes.items())
        reasons: dict[str, int] = {}
        for reason, number in list(totals.reasons.items()):
            reasons[_kind(reason)] = reasons.get(_kind(reason), 0) + number
        yield _counter("quarantined", "Records in quarantine.", "reason", reasons.items())
        for name, value in self._gauges().items():
            yield GaugeMetricFamily(f"tidegate_{name}", name.replace("_", " ").capitalize() + ".", value=value)


def _counter(name: str, text: str, label: str, values: Iterable[tuple[str, int]]) -> CounterMetricFamily:
    family = CounterMetricFamily(f"tidegate_{name}", text, labels=[label])
    for key, number in list(values):
        family.add_metric([key], number)
    return family


def _kind(reason: str) -> str:
    """A reason without what it quotes from logs: a label must not take ever new values."""
    return re.sub(r"'.*'|\d+", "…", reason)


class _Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class calls it so
        """Say nothing of each request."""


@contextmanager
def serving(metrics: Metrics, host: str, port: int, problem: Callable[[], str]) -> Iterator[int]:
    """Answer requests in a thread; gives the port. problem: what is wrong, if anything.

    Raises OSError where it cannot listen.
    """
    shown = make_wsgi_app(metrics.registry)

    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        match environ["PATH_INFO"]:
            case "/metrics":
                page: Iterable[bytes] = shown(environ, start)
                return page
            case "/healthz":
                said = problem()
                start("503 Service Unavailable" if said else "200 OK", [("Content-Type", "text/plain; charset=utf-8")])
                return [f"{said or 'ok'}\n".encode()]
        start("404 Not Found", [("Content-Type", "text/plain")])
        return [b"/metrics or /healthz\n"]

    class Server(WSGIServer):
        address_family = socket.AF_INET6 if ":" in host else socket.AF_INET

    with make_server(host, port, answer, Server, _Silent) as server:
        thread = threading.Thread(target=server.serve_forever, name="metrics", daemon=True)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()
