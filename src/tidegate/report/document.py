"""The one JSON document that `investigate --format json` prints; its keys are a contract with other programs."""

from __future__ import annotations

from tidegate.cases.model import Case, Excused, Finding, Report
from tidegate.clock import iso


def document(report: Report) -> dict[str, object]:
    """`{"ingested", "findings", "cases"}`: plain dicts, lists, strings, numbers; times RFC 3339 in UTC.

    `excused`, and `notes` of a case, are there where there are any.
    """
    ingested = report.ingested
    return {
        "ingested": {
            "files": ingested.files,
            "events": ingested.events,
            "quarantined": ingested.quarantined,
        },
        "findings": [_finding(finding) for finding in report.findings],
        "cases": [_case(case) for case in report.cases],
        **({"excused": [_excused(excused) for excused in report.excused]} if report.excused else {}),
    }


def _case(case: Case) -> dict[str, object]:
    return {
        "uid": case.uid,
        "pattern": case.pattern,
        "title": case.title,
        "score": case.score,
        "false_alarms_per_week": case.false_alarms_per_week,
        "actors": list(case.actors),
        "devices": list(case.devices),
        "destinations": list(case.destinations),
        "first_time": iso(case.first_time),
        "last_time": iso(case.last_time),
        "raised_time": iso(case.raised_time),
        "bytes_out": case.bytes_out,
        "findings": [_finding(finding) for finding in case.findings],
        **({"notes": list(case.notes)} if case.notes else {}),
    }


def _excused(excused: Excused) -> dict[str, object]:
    return {
        "exception": excused.exception,
        "covers": excused.covers,
        "until": iso(excused.until),
        "reviewer": excused.reviewer,
        "reason": excused.reason,
        "cases": list(excused.cases),
    }


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "uid": finding.uid,
        "detector": finding.detector,
        "time": iso(finding.time),
        "actor": finding.actor,
        "device": finding.device,
        "destination": finding.destination,
        "surprise": finding.surprise,
        "explanation": finding.explanation,
        "evidence": list(finding.evidence),
    }
