from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tidegate.lake.spill import Spill, sweep


def test_the_folder_of_a_dead_process_is_swept_and_no_other(tmp_path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from tidegate.lake.spill import Spill\n"
        "Spill(Path(sys.argv[1])); os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    mine = Spill(tmp_path)
    (mine.path / "block").write_bytes(b"x")
    assert len(list(tmp_path.iterdir())) == 2
    assert sweep(tmp_path) == 1
    assert list(tmp_path.iterdir()) == [mine.path]
    mine.close()
    assert list(tmp_path.iterdir()) == []
    assert sweep(tmp_path / "none") == 0


def test_where_nothing_can_be_written_it_is_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    spill = Spill(tmp_path / "file")
    assert spill.path.is_dir()
    assert tmp_path not in spill.path.parents
    spill.close()
