"""The generated pages say what the code says, and every command and unit is in them."""

from __future__ import annotations

import pytest

from tidegate import registry
from tidegate.cli import catalogue
from tidegate.events.schema import CLASSES

pytestmark = pytest.mark.xdist_group("docs")  # the pages are made once, whatever the number of processes


def test_current() -> None:
    for page, text in catalogue.pages().items():
        assert (catalogue.DOCS / page).read_text("utf-8") == text, f"{page} {catalogue.HINT}"


def test_every_unit_is_in_the_catalogue() -> None:
    pages = catalogue.pages()
    text = pages["catalogue.md"]
    for unit in registry.sources().values():
        assert f"## `{unit.id}`\n" in pages[f"logs/{unit.log.id}.md"]
        assert f"(logs/{unit.log.id}.md)" in text
    for name in registry.detectors():
        assert f"`{name}`" in text
    for name in CLASSES:
        assert f"### {name}\n" in text


def test_fields_that_a_column_comes_from() -> None:
    fields = catalogue.read_fields(registry.sources()["zeek_conn"])
    assert fields["bytes_out"] == ["orig_bytes"]
    # Also through the steps in between, and out of lists that are taken apart.
    assert "events" in catalogue.read_fields(registry.sources()["google_workspace_drive"])["activity"]


def test_no_page_is_left_of_a_log_that_is_gone() -> None:
    assert {f"logs/{path.name}" for path in (catalogue.DOCS / "logs").glob("*.md")} <= catalogue.pages().keys()


def test_every_setting_has_its_unit_or_reason_beside_it() -> None:
    for unit in registry.detectors().values():
        assert catalogue.setting_reasons(unit).keys() == unit.defaults.keys(), unit.id


def test_every_command_is_documented() -> None:
    text = catalogue.commands()
    for command in ("investigate", "ingest", "detect", "cases", "audit", "sources", "detectors", "range make"):
        assert f"## `tidegate {command}`" in text


def test_check_tells_of_a_stale_page(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(catalogue, "pages", lambda: {"catalogue.md": "old"})
    assert catalogue.main(["--check"]) == 1
    assert "docs/catalogue.md is not what the code says; `make fix` writes it anew" in capsys.readouterr().err
