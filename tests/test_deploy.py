"""What is deployed is what is tested, and has no more rights than it needs."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"


def pinned(lock: Path) -> dict[str, set[str]]:
    """Hashes by `name==version`."""
    text = lock.read_text("utf-8").replace("\\\n", "")
    lines = (line for line in text.splitlines() if line and not line.lstrip().startswith("#"))
    return {line.split(" ")[0]: set(re.findall(r"sha256:\w{64}", line)) for line in lines}


def test_the_container_installs_what_was_tested() -> None:
    tested, installed = pinned(ROOT / "requirements.lock"), pinned(DEPLOY / "requirements.lock")
    assert len(installed) > 30
    assert {name: hashes for name, hashes in installed.items() if hashes != tested.get(name)} == {}
    assert not any(name.startswith(("pytest", "moto", "pyspark")) for name in installed)  # nobody needs them there


def test_the_container_has_no_superuser_and_checks_every_package() -> None:
    text = (DEPLOY / "Dockerfile").read_text("utf-8")
    last = text[text.rindex("\nFROM ") :]
    assert re.search(r"^USER 10001:10001$", last, re.MULTILINE)
    installs = [line for line in text.splitlines() if "pip install" in line]
    assert installs
    assert all("--require-hashes" in line or "--no-index" in line for line in installs)
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    copied = {path for line in re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE) for path in line.split()}
    assert ignored[0] == "*"
    assert copied <= {line.removeprefix("!") for line in ignored}


def test_the_unit_gives_away_no_rights() -> None:
    unit = configparser.RawConfigParser(strict=False)
    unit.optionxform = str  # type: ignore[assignment, method-assign]  # as its documentation says
    unit.read(DEPLOY / "tidegate-ingest.service")
    service = unit["Service"]
    wanted = {"DynamicUser": "yes", "ProtectSystem": "strict", "NoNewPrivileges": "yes", "PrivateNetwork": "yes"}
    assert {key: service[key] for key in wanted} == wanted
    assert service["CapabilityBoundingSet"] == ""
    assert service["ReadOnlyPaths"] in service["ExecStart"]
    assert f"/var/lib/{service['StateDirectory']}/" in service["ExecStart"]


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd here")
def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    unit = tmp_path / "tidegate-ingest.service"
    text = (DEPLOY / "tidegate-ingest.service").read_text("utf-8")
    unit.write_text(text.replace("/opt/tidegate/bin/tidegate", "/bin/true"))
    done = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
