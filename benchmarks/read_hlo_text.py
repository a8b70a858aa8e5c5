"""HLO text into a record, features and all, against XProf's reader of HLO text and against XLA's own.

XProf's gives names, opcodes, shapes as text, operands and calls; XLA's gives its module. Each run has a process of its
own; XProf has an environment of its own under ``build/``.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.common import Result, alone, compare, seconds, tell
from benchmarks.hlo_module import module

XPROF = "2.24.0"
BUILD = Path(__file__).parents[1] / "build"


def measure() -> Iterator[Result]:
    """20,000 and 200,000 instructions; the first also with the shapes of operands, as XLA printed them until 2024."""
    peer = xprof()
    for instructions, shapes in ((20_000, False), (20_000, True), (200_000, False)):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "module.hlo"
            path.write_text(module(instructions, operand_shapes=shapes))
            row = f"read_hlo_text {instructions} instructions{', operand shapes' * shapes}"

            def ours(path: Path = path) -> object:
                return alone("benchmarks.read_hlo_text", "ours", path)

            def theirs(path: Path = path) -> object:
                return alone("benchmarks.xprof_text", path, python=peer)

            def xla(path: Path = path) -> object:
                return alone("benchmarks.read_hlo_text", "xla", path)

            yield compare(row, f"XProf {XPROF}", ours, theirs)
            yield compare(f"{row}, XLA", "jaxlib's hlo_module_from_text", ours, xla)


def xprof() -> Path:
    """The Python that has XProf, made the first time."""
    folder = BUILD / f"xprof-{XPROF}"
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    package = f"xprof=={XPROF}"
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--no-deps", package], check=True)
    return python


def _ours(path: Path) -> None:
    from tpugraph_db.formats import read

    read(path)


def _xla(path: Path) -> None:
    from jaxlib import _hlo

    _hlo.hlo_module_from_text(path.read_text())


if __name__ == "__main__":
    side, file = sys.argv[1:]
    work = {"ours": _ours, "xla": _xla}[side]
    tiny = Path(file).with_name("tiny.hlo")
    tiny.write_text(module(2))
    work(tiny)  # what is imported does not count
    tell(seconds(lambda: work(Path(file))))
