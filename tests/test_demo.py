"""The demonstration from beginning to end: it needs no file but the clone's."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("store", ["embedded", "neo4j"])
def test_demo(store, tmp_path):
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    programs = sorted((ROOT / "examples" / "data" / "npz").rglob("*.npz"))
    done = subprocess.run(
        [ROOT / "docs" / "demo.sh", store], env=os.environ | {"PATH": path}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert f"{len(programs)} loaded" in done.stderr
    counted = {program: len(np.load(program)["node_opcode"]) for program in programs}
    test = sum(ops for program, ops in counted.items() if program.parent.name == "test")
    assert [int(word) for word in done.stdout.splitlines()[-1].split()] == [*[sum(counted.values())] * 2, test]
