"""How much of the time of ``tpudb collect`` goes into compiling and measuring, all of the process counted.

The rest is starting processes, importing JAX, tracing the program, comparing results, writing the file. BENCH_CONFIGS
and BENCH_ROUNDS say how long it is; what is reported is of the command's own defaults, 200 and 100.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
from dataclasses import asdict
from datetime import date
from pathlib import Path

import numpy as np

from benchmarks.common import Result, keep, seconds
from benchmarks.processes import ROOT

PROGRAM = ROOT / "examples" / "programs" / "mixer.py"
FUNCTION = "mixer_mlp"


def measure() -> Result:
    """One collection; the ratio is the share of its time."""
    configs, rounds = os.environ.get("BENCH_CONFIGS", 200), os.environ.get("BENCH_ROUNDS", 100)
    with tempfile.TemporaryDirectory() as name:
        output = Path(name) / "collected.npz"
        words = ("collect", f"{PROGRAM}:{FUNCTION}", "--configs", configs, "--rounds", rounds, "-o", output)
        command = [sys.executable, "-m", "tpugraph_db", *map(str, words)]
        whole = seconds(lambda: subprocess.run(command, check=True, capture_output=True))
        with np.load(output) as file:
            facts = json.loads(bytes(file["collected"]))
    useful = facts["seconds"]["compiling"] + facts["seconds"]["measuring"]
    result = Result(
        row=f"collect, {configs} configurations, {rounds} rounds",
        against="all of its time",
        ratio=round(useful / whole, 3),
        ours_s=round(whole, 3),
        peer_s=round(useful, 3),
        pairs=1,
        machine=f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, shared",
        date=date.today().isoformat(),
    )
    keep(result.row, asdict(result))
    return result
