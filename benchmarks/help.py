"""``tpudb --help`` against a click program of one command that does nothing."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.common import Result, compare, seconds
from benchmarks.processes import python

CLICK = "import click; click.command()(lambda: None).main(['--help'], standalone_mode=False)"


def measure() -> Result:
    """Whole processes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        return compare(
            "help",
            "click alone, one empty command",
            lambda: seconds(lambda: python(folder, "-m", "tpugraph_db", "--help")),
            lambda: seconds(lambda: python(folder, "-c", CLICK)),
            pairs=11,
        )
