"""``tpudb --help`` against a click program of one command that does nothing."""

from __future__ import annotations

import subprocess
import sys

from benchmarks.common import Result, compare, seconds

CLICK = "import click; click.command()(lambda: None).main(['--help'], standalone_mode=False)"


def measure() -> Result:
    """Whole processes."""
    return compare(
        "help",
        "click alone, one empty command",
        lambda: seconds(lambda: _run("-m", "tpugraph_db", "--help")),
        lambda: seconds(lambda: _run("-c", CLICK)),
        pairs=11,
    )


def _run(*words: str) -> None:
    subprocess.run([sys.executable, *words], check=True, capture_output=True)
