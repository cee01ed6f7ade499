from __future__ import annotations

from http.client import HTTPConnection

from tidegate.cli.metrics import Metrics, serving
from tidegate.pipeline.batch import Totals


def metrics() -> Metrics:
    totals = Totals()
    totals.records.update({("zeek", "events"): 7, ("zeek", "quarantined"): 3, ("squid", "events"): 1})
    totals.events["network_activity"] = 7
    totals.bytes["zeek"] = 4096
    totals.reasons.update({"12 columns where the header names 9": 1, "3 columns where the header names 9": 1})
    totals.reasons["no source reads Zeek 'anything at all'"] = 1
    return Metrics(totals, lambda: {"lag_seconds": 1.5})


def get(port: int, path: str) -> tuple[int, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", path)
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def test_counters_gauges_and_pass_times_are_shown() -> None:
    shown = metrics()
    shown.passes.observe(0.2)
    with serving(shown, "127.0.0.1", 0, lambda: "") as port:
        status, page = get(port, "/metrics")
    assert status == 200
    lines = page.splitlines()
    assert 'tidegate_records_total{log="zeek",outcome="quarantined"} 3.0' in lines
    assert 'tidegate_events_total{class="network_activity"} 7.0' in lines
    assert 'tidegate_read_bytes_total{log="zeek"} 4096.0' in lines
    assert "tidegate_lag_seconds 1.5" in lines
    assert 'tidegate_pass_seconds_bucket{le="0.25"} 1.0' in lines
    # What logs say must not make a new series each time.
    assert 'tidegate_quarantined_total{reason="… columns where the header names …"} 2.0' in lines
    assert 'tidegate_quarantined_total{reason="no source reads Zeek …"} 1.0' in lines


def test_health_says_what_is_wrong() -> None:
    wrong = [""]
    with serving(metrics(), "127.0.0.1", 0, lambda: wrong[0]) as port:
        assert get(port, "/healthz") == (200, "ok\n")
        wrong[0] = "no space left"
        assert get(port, "/healthz") == (503, "no space left\n")
        assert get(port, "/")[0] == 404
