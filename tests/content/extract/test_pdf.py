"""A page that is damaged costs itself, and what comes after the last page that is read is told of."""

from __future__ import annotations

import pytest

from tests.content.seeing import parts, seen
from tidegate.content.document import Opaque, Text
from tidegate.content.extract import pdf

LINE = 'password = "tr0ub4dor"'


def document(*lines: str, missing: int = 0) -> bytes:
    """Pages of one line each, and so many that are listed but not there."""
    objects = ["<</Type /Catalog /Pages 2 0 R>>"]
    last = 3 + 3 * len(lines)
    kids = [f"{3 + 3 * n} 0 R" for n in range(len(lines))] + [f"{last + n} 0 R" for n in range(missing)]
    objects.append(f"<</Type /Pages /Count {len(kids)} /Kids [{' '.join(reversed(kids))}]>>")
    for number, line in enumerate(lines):
        stream = f"BT /F1 12 Tf 50 400 Td ({line}) Tj ET"
        at = 3 + 3 * number
        objects.append(
            f"<</Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents {at + 1} 0 R"
            f" /Resources <</Font <</F1 {at + 2} 0 R>>>>>>"
        )
        objects.append(f"<</Length {len(stream)}>>\nstream\n{stream}\nendstream")
        objects.append("<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>")
    body = "".join(f"{number} 0 obj\n{content}\nendobj\n" for number, content in enumerate(objects, 1))
    return f"%PDF-1.4\n{body}trailer\n<</Root 1 0 R>>\n%%EOF\n".encode()


def test_a_page_that_is_damaged_costs_itself() -> None:
    found = seen(document(LINE, missing=1))
    assert (found.error or "").startswith("opaque: page 1: cannot be read (")
    assert "password_assignment" in found.tallies
    assert seen(document(LINE)).error is None


def test_pages_that_are_not_read_are_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "_PAGES", 2)
    found = parts(document(*(f"This is the page of number {n}" for n in range(5))))
    assert [part.where for part in found if isinstance(part, Text)] == ["page 1", "page 2"]
    assert [part.reason for part in found if isinstance(part, Opaque)] == ["3 pages after the first 2 are not read"]
