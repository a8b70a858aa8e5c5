"""The demonstration from beginning to end, on made-up files, as in a clone that has no real ones."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("store", ["embedded", "neo4j"])
def test_demo(store, tmp_path):
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"PATH": path, "TPUDB_TEST_DATA": str(tmp_path / "none")}
    done = subprocess.run([ROOT / "docs" / "demo.sh", store], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "made-up graphs in TpuGraphs form" in done.stdout
    assert "3 loaded" in done.stderr
    assert done.stdout.splitlines()[-1].split() == ["1200", "1200"]
