"""Logs that grow and are rotated the way services and logrotate do it, with every record known by its uid."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import time
from pathlib import Path
from random import Random

_FIELDS = ("ts", "uid", "id.orig_h", "id.orig_p", "id.resp_h", "id.resp_p", "proto", "conn_state")
_HEADER = "\n".join(["#separator \\x09", "#path\tconn", "\t".join(["#fields", *_FIELDS]), ""])
_BEGIN = 1_740_000_000
_PROMPT = 0.5
"""Seconds after which what is half written is written on: if it stays so for long, it is taken for what it is."""


class Corpus:
    """Writes logs into a folder, a step at a time; `uids` are those of all records written so far."""

    def __init__(self, folder: Path, random: Random) -> None:
        self.folder, self.random = folder, random
        self.uids: set[str] = set()
        self._number = self._rotated = 0
        self._rest: dict[Path, bytes] = {}  # what is still to be written to a file, which nobody rotates until then
        self._begun = 0.0  # … since when
        self._packing: Path | None = None  # a rotated log whose compressed copy is being written
        folder.mkdir()

    def step(self) -> None:
        """Something happens to the logs: mostly they grow."""
        if time.monotonic() - self._begun > _PROMPT:
            self._finish()
        grow = [self._json, self._zeek, self._squid]
        self.random.choice([*grow * 5, self._finish, self._rename, self._truncate, self._pack, self._array])()

    def settle(self) -> None:
        """Write what was begun to its end."""
        for _ in range(2):
            self._finish()
            self._pack()

    def _json(self) -> None:
        self._append(self.folder / "conn.json.log", b"".join(json.dumps(r).encode() + b"\n" for r in self._records()))

    def _zeek(self) -> None:
        log = self.folder / "conn.log"
        lines = "".join("\t".join(map(str, record.values())) + "\n" for record in self._records())
        self._append(log, (lines if log.exists() else _HEADER + lines).encode())

    def _squid(self) -> None:
        lines = []
        for record in self._records():
            line = f"{record['ts']:.3f}    12 192.0.2.7 TCP_MISS/200 512 GET http://example.org/{record['uid']} ann"
            line += " HIER_DIRECT/198.51.100.9 text/html"
            self.uids.remove(str(record["uid"]))
            self.uids.add(hashlib.md5(line.encode()).hexdigest())
            lines.append(line.encode() + b"\n")
        self._append(self.folder / "access.log", b"".join(lines))

    def _array(self) -> None:
        self._append(self.folder / f"export{self._number}.json", json.dumps(list(self._records())).encode())

    def _records(self) -> list[dict[str, object]]:
        records: list[dict[str, object]] = []
        for _ in range(self.random.randint(1, 30)):
            self._number += 1
            uid = f"C{self._number:08}"
            self.uids.add(uid)
            values = (_BEGIN + self._number * 10.0, uid, "192.0.2.7", 40_000, "198.51.100.9", 443, "tcp", "SF")
            records.append(dict(zip(_FIELDS, values, strict=True)))
        return records

    def _append(self, path: Path, data: bytes) -> None:
        """Append it, sometimes only the beginning of it for now, as buffers are flushed."""
        data = self._rest.pop(path, b"") + data
        if self.random.random() < 0.3:
            self._begun = self._begun if self._rest else time.monotonic()
            cut = self.random.randrange(len(data))
            data, self._rest[path] = data[:cut], data[cut:]
        with path.open("ab") as log:
            log.write(data)

    def _finish(self) -> None:
        """Write what is still to be written."""
        for path in list(self._rest):
            with path.open("ab") as log:
                log.write(self._rest.pop(path))

    def _rename(self) -> None:
        log = self.folder / self.random.choice(["conn.json.log", "conn.log"])
        if log.exists() and log not in self._rest:
            self._rotated += 1
            log.rename(log.with_name(f"{log.name}.{self._rotated}"))

    def _truncate(self) -> None:
        """As logrotate's copytruncate."""
        log = self.folder / "access.log"
        if log.exists() and log not in self._rest:
            self._rotated += 1
            shutil.copy(log, log.with_name(f"{log.name}.{self._rotated}"))
            with log.open("r+b") as emptied:
                emptied.truncate()

    def _pack(self) -> None:
        """Compress a rotated log: the first half of it now, the other one, and away with the log, at the next step."""
        if self._packing is not None:
            self._packing.with_name(f"{self._packing.name}.gz").write_bytes(gzip.compress(self._packing.read_bytes()))
            self._packing.unlink()
            self._packing = None
        elif rotated := sorted(path for path in self.folder.iterdir() if path.suffix[1:].isdigit()):
            self._packing = self.random.choice(rotated)
            whole = gzip.compress(self._packing.read_bytes())
            self._packing.with_name(f"{self._packing.name}.gz").write_bytes(whole[: len(whole) // 2])
