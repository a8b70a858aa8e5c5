"""Whole Python processes, with the bytecode there, as it is of an installed package."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def python(folder: Path, *words: object, **more: object) -> str:
    """Run Python with these words, and ``more`` in its environment; its stdout. The folder keeps the bytecode."""
    inherited = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    kept = {"PYTHONPYCACHEPREFIX": folder / "bytecode", "PYTHONPATH": ROOT, **more}
    environment = inherited | {key: str(value) for key, value in kept.items()}
    command = [sys.executable, *map(str, words)]
    return subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, text=True).stdout
