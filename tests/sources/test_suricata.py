from __future__ import annotations

from pathlib import Path

from tests.sources.reading import read

EVENT = {
    "timestamp": "2025-11-20T10:00:00.000000+0000", "flow_id": 1, "src_ip": "10.1.2.20", "src_port": 50001,
    "dest_ip": "203.0.113.9", "dest_port": 443, "proto": "TCP",
}  # fmt: skip


def test_the_handshake_names_the_flow(tmp_path: Path) -> None:
    """The two join by `connection`, and only the flow has bytes: else the upload would count twice."""
    flow = {"pkts_toserver": 9, "pkts_toclient": 9, "bytes_toserver": 5000, "bytes_toclient": 400}
    records = [
        EVENT | {"event_type": "flow", "flow": flow},
        EVENT | {"event_type": "tls", "tls": {"sni": "files.example.org"}},
    ]
    first, second = read("suricata", "network_activity", records, tmp_path)
    assert first["connection"] == second["connection"]
    assert (first["bytes_out"], second["bytes_out"]) == (5000, None)
    assert first["uid"] != second["uid"]


def test_alerts_on_one_packet_are_told_apart(tmp_path: Path) -> None:
    alerts = [EVENT | {"event_type": "alert", "alert": {"signature_id": i, "severity": 1}} for i in (1, 2)]
    found = read("suricata", "detection_finding", alerts, tmp_path)
    assert len({row["uid"] for row in found}) == 2


def test_the_ports_tell_which_side_sent_a_file(tmp_path: Path) -> None:
    """What the lower port sent was fetched; what the higher port sent was stored."""
    fetched = EVENT | {"src_port": 443, "dest_port": 50001, "src_ip": "203.0.113.9", "dest_ip": "10.1.2.20"}
    records = [one | {"event_type": "fileinfo", "fileinfo": {"filename": "a.zip"}} for one in (EVENT, fetched)]
    found = read("suricata", "file_activity", records, tmp_path)
    assert [(row["activity"], row["src_ip"]) for row in found] == [("Copy", "10.1.2.20"), ("Read", "10.1.2.20")]
